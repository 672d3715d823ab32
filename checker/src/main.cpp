// The main program of every executable that heddle_add_models builds.
#include <heddle/harness/command.hpp>

int main(int argc, char** argv) { return heddle::harness::model_main(argc, argv); }
