// The main program of every executable with tests of unmodified code.
#include <heddle/unmodified.hpp>

int main(int argc, char** argv) { return heddle::unmodified::run(argc, argv); }
