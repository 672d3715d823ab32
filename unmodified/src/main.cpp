// The main program of every executable with tests of unmodified code.
#include <sys/personality.h>
#include <unistd.h>

#include <heddle/unmodified.hpp>

int main(int argc, char** argv) {
    // Addresses are values: without randomisation they are the same in every process, so that a token can be run again.
    const int now = personality(0xffffffff);
    if (now != -1 && (now & ADDR_NO_RANDOMIZE) == 0 &&
        personality(static_cast<unsigned long>(now) | ADDR_NO_RANDOMIZE) != -1)
        execv("/proc/self/exe", argv);
    return heddle::unmodified::run(argc, argv);
}
