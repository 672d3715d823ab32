// The engines that a build may have; engines.cpp lists those that this one has.
#pragma once

#include <optional>
#include <string_view>

#include <heddle/engine/engine.hpp>

namespace heddle::checker {

/// The verdict on a model that has not between one and `most` threads, those that it starts included; nothing if it has.
std::optional<Verdict> refuse_threads(const Model& model, std::string_view engine, unsigned most);

const Engine& exhaustive_engine();
const Engine& relacy_engine();
const Engine& threads_engine();

}  // namespace heddle::checker
