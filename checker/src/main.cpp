// The main program of every executable that heddle_add_models builds.
#include <heddle/checker/cli.hpp>

int main(int argc, char** argv) { return heddle::checker::model_main(argc, argv); }
