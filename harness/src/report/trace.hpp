// A counterexample's steps as people count them: what main does first stands aside, the others have numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <heddle/engine/counterexample.hpp>

namespace heddle::harness {

/// "main" or "thread 3"
std::string thread_name(std::uint64_t thread);
/// "dir/file.cpp:12"
std::string place_text(const engine::Place& place);

/// Whether operations of that kind take a mutex, or try to.
bool takes_mutex(engine::OperationKind kind);

/// What reporters want to know of a counterexample, which must outlive it.
class Trace {
  public:
    using Step = engine::Counterexample::Step;

    explicit Trace(const engine::Counterexample& counterexample);

    const engine::Counterexample& counterexample() const { return counterexample_; }
    const std::vector<Step>& steps() const { return counterexample_.steps; }
    std::string object_name(const Step& step) const;

    /// How many steps at the beginning only construct objects: they have no numbers.
    std::size_t constructions() const { return constructions_; }
    /// "step 4", counted from 1 after the constructions; "its construction" for one of those.
    std::string step_name(std::size_t step) const;

    /// The step that took the mutex which a step finds locked; nothing if it is free, or is none.
    std::optional<std::size_t> holder_of(std::size_t step) const;
    /// The steps that a wake or a notify let go on.
    std::vector<std::size_t> woken_by(std::size_t step) const;
    /// The last step of a thread, or nothing.
    std::optional<std::size_t> last_step_of(std::uint64_t thread) const;
    /// The threads that have steps with numbers, main first.
    std::vector<std::uint64_t> threads() const;
    /// What short names of the steps stand for, where the message does not say it: "heap#1: 16 bytes of thread 0, ...".
    std::vector<std::string> legend() const;

    /// What the step does and what comes of it, without its thread: "ready.load(acquire) = true, from step 2".
    std::string action(std::size_t step) const;

  private:
    std::string source(const Step& step) const;
    std::string result(const Step& step) const;
    std::string memory_action(const Step& step) const;
    std::string waiting_action(std::size_t at) const;
    std::string waited(const Step& step, const char* by) const;
    std::string let_go(std::size_t at, const std::string& call) const;

    const engine::Counterexample& counterexample_;
    std::size_t constructions_ = 0;
};

}  // namespace heddle::harness
