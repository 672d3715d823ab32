// Memory resources of libstdc++ that no two threads may use at once, where its compiled part changes them.
#include <cstddef>
#include <memory_resource>

#include "real.hpp"
#include "hooks/on_behalf.hpp"

namespace heddle::unmodified {
namespace {

/// The last pointer of a pool resource is that to its pools.
void changes_pools(const OnBehalf& memory, std::byte* resource) {
    memory.writes(resource + sizeof(std::pmr::unsynchronized_pool_resource) - sizeof(void*), sizeof(void*));
}

}  // namespace
}  // namespace heddle::unmodified

using namespace heddle::unmodified;  // NOLINT: what follows are the names of the standard library

HEDDLE_IN_FRONT(void*, heddle_pool_allocate, "_ZNSt3pmr28unsynchronized_pool_resource11do_allocateEmm",
                (std::byte * resource, std::size_t size, std::size_t alignment), (resource, size, alignment),
                changes_pools(memory, resource))
HEDDLE_IN_FRONT(void, heddle_pool_deallocate, "_ZNSt3pmr28unsynchronized_pool_resource13do_deallocateEPvmm",
                (std::byte * resource, void* block, std::size_t size, std::size_t alignment),
                (resource, block, size, alignment), changes_pools(memory, resource))
HEDDLE_IN_FRONT(void, heddle_pool_release, "_ZNSt3pmr28unsynchronized_pool_resource7releaseEv", (std::byte * resource),
                (resource), changes_pools(memory, resource))

// The functions of a monotonic_buffer_resource have no names there, but a table of virtual functions that has one: this stands
// in front of it.

extern "C" {
extern const char heddle_type_of_monotonic __asm__("_ZTINSt3pmr25monotonic_buffer_resourceE");
void heddle_destroy_monotonic(void*) __asm__("_ZNSt3pmr25monotonic_buffer_resourceD1Ev");
void heddle_delete_monotonic(void*) __asm__("_ZNSt3pmr25monotonic_buffer_resourceD0Ev");
}

namespace heddle::unmodified {

/// As the Itanium ABI has it.
struct TableOfMonotonic {
    std::ptrdiff_t to_top;
    const void* type;
    void (*destroy)(void*);
    void (*destroy_and_free)(void*);
    void* (*allocate)(std::byte*, std::size_t, std::size_t);
    void (*deallocate)(void*, void*, std::size_t, std::size_t);
    bool (*is_equal)(const void*, const void*);

    static void* take(std::byte* resource, std::size_t size, std::size_t alignment) {
        static const auto real = real_function<TableOfMonotonic>("_ZTVNSt3pmr25monotonic_buffer_resourceE")->allocate;
        // Where the rest of the buffer begins, and how long it is, behind the table's address.
        OnBehalf(HEDDLE_CALLER).writes(resource + sizeof(void*), sizeof(void*) + sizeof(std::size_t));
        return real(resource, size, alignment);
    }
    static void keep(void*, void*, std::size_t, std::size_t) {}
    static bool is_same(const void* resource, const void* other) { return resource == other; }
};

}  // namespace heddle::unmodified

extern const TableOfMonotonic heddle_table_of_monotonic __asm__("_ZTVNSt3pmr25monotonic_buffer_resourceE")
    __attribute__((visibility("default")));
const TableOfMonotonic heddle_table_of_monotonic{.to_top = 0,
                                                 .type = &heddle_type_of_monotonic,
                                                 .destroy = &heddle_destroy_monotonic,
                                                 .destroy_and_free = &heddle_delete_monotonic,
                                                 .allocate = &TableOfMonotonic::take,
                                                 .deallocate = &TableOfMonotonic::keep,
                                                 .is_equal = &TableOfMonotonic::is_same};
