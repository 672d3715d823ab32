// The engines that a build may have; engines.cpp lists those that this one has.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <heddle/engine/engine.hpp>

#include "execution/execution.hpp"

namespace heddle::engine {

/// What is said of a program that has not between one and `most` threads, those that it starts included; nothing if it has.
std::optional<Exploration> refuse_threads(const Program& program, std::string_view engine, unsigned most);

/// Returns: what is said among the bounds of what an engine sees: nothing if the front end sees all.
std::string objects_seen(const Program& program);
/// Returns: what is said among the bounds of what happens without a cause, and how often to a thread in an execution.
std::string without_cause(const Program& program);

/// Says in `found` that a failing execution did not come again.
void describe_divergence(Exploration& found);
/// Says in `found` that the execution which was to be had again does not fail any more.
void describe_end_of_failure(Exploration& found);
/// Says in `found` that the execution which was to be had again is another program's.
void describe_other_program(Exploration& found);

/// Turns a green of an exploration in which no two threads have met at an object into a failure. A program of one thread
/// claims nothing about threads, and of one that is adopted ordinary memory is seen.
void refuse_if_nothing_was_checked(Exploration& found, const Program& program, const Execution& execution);

const Engine& exhaustive_engine();
const Engine& relacy_engine();
const Engine& threads_engine();

}  // namespace heddle::engine
