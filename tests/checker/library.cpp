#include "library.hpp"

namespace heddle::cases {

namespace {
thread_local int mine = 7;
}  // namespace

int& variable_of_library() { return mine; }

}  // namespace heddle::cases
