// Inline assembly that changes memory, in the header of a library: the command refuses it, too.
#include <boost/interprocess/detail/atomic.hpp>

#include <heddle/unmodified.hpp>

HEDDLE_TEST(LibrarysAssemblyChangesMemory) {
    boost::uint32_t count = 0;
    boost::interprocess::ipcdetail::atomic_cas32(&count, 1, 0);
}
