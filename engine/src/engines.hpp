// The engines that a build may have; engines.cpp lists those that this one has.
#pragma once

#include <optional>
#include <string_view>

#include <heddle/engine/engine.hpp>

namespace heddle::engine {

/// What is said of a program that has not between one and `most` threads, those that it starts included; nothing if it has.
std::optional<Exploration> refuse_threads(const Program& program, std::string_view engine, unsigned most);

/// Says in `found` that a failing execution did not come again.
void describe_divergence(Exploration& found);

const Engine& exhaustive_engine();
const Engine& relacy_engine();
const Engine& threads_engine();

}  // namespace heddle::engine
