// The engines that a build may have; engines.cpp lists those that this one has.
#pragma once

#include <heddle/checker/engine.hpp>

namespace heddle::checker {

const Engine& exhaustive_engine();
const Engine& relacy_engine();
const Engine& threads_engine();

}  // namespace heddle::checker
