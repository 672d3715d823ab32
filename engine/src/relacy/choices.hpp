// Where the answers to an engine's questions come from. An execution is a list of answers, and nothing else.
#pragma once

#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "execution/checksum.hpp"
#include "execution/execution.hpp"

namespace heddle::engine {

/// Answers questions of the form "which of `limit` options?" and decides which executions there are.
class Choices {
  public:
    virtual ~Choices() = default;

    void begin_execution() {
        answers_.clear();
        check_ = {};
        steps_ = {};
    }

    /// The program takes a step: which one is as much a part of the execution as its questions are.
    void takes_step(const Operation& operation) {
        steps_.add(static_cast<std::uint32_t>(operation.kind));
        if (operation.object == nullptr || !has_value(operation.object->kind)) return;
        steps_.add(operation.object->id);
        steps_.add(static_cast<std::uint32_t>(operation.value));
    }

    /// `subject`: what the question is about, as a number. Requires: limit > 0. Returns: a number below `limit`.
    unsigned choose(unsigned limit, unsigned subject) {
        if (limit == 1) return 0;
        const Question question{limit, subject, steps_.value()};
        const unsigned answer = answer_to(question);
        answers_.push_back(answer);
        check_.add(limit);
        check_.add(subject);
        return answer;
    }

    /// Ends an execution. Returns: whether there is another one.
    bool advance() { return !diverged_ && next() && !diverged_; }

    /// Whether the last execution has used all answers that there were for it.
    virtual bool is_used_up() const { return true; }

    /// Whether the program asked other questions than before, given the same answers.
    bool diverged() const { return diverged_; }

    const std::vector<unsigned>& answers() const { return answers_; }
    std::uint32_t check() const { return check_.value(); }

  protected:
    struct Question {
        unsigned limit;
        unsigned subject;
        std::uint32_t steps;  ///< before it
        bool operator==(const Question&) const = default;
    };

    virtual bool next() = 0;
    virtual unsigned answer_to(Question question) = 0;
    bool diverged_ = false;

    std::size_t asked() const { return answers_.size(); }

  private:
    std::vector<unsigned> answers_;
    Checksum check_;
    Checksum steps_;
};

/// Every list of answers, once: the last question that has an untried answer changes first.
class DepthFirst final : public Choices {
    struct Answered {
        Question question;
        unsigned answer;
    };

    bool next() override {
        if (asked() < path_.size()) diverged_ = true;  // the execution was shorter than the one it shares its path with
        while (!path_.empty() && path_.back().answer + 1 == path_.back().question.limit) path_.pop_back();
        if (path_.empty()) return false;
        ++path_.back().answer;
        return true;
    }

    unsigned answer_to(Question question) override {
        if (asked() == path_.size()) path_.push_back({question, 0});
        const Answered& known = path_[asked()];
        if (known.question == question) return known.answer;
        diverged_ = true;
        return 0;
    }

    std::vector<Answered> path_;
};

/// So many lists of answers, each drawn at random.
class RandomChoices final : public Choices {
  public:
    RandomChoices(std::uint64_t executions, std::uint64_t seed) : left_(executions), generator_(seed) {}

  private:
    bool next() override { return left_ != 0 && --left_ != 0; }
    unsigned answer_to(Question question) override { return static_cast<unsigned>(generator_() % question.limit); }

    std::uint64_t left_;
    std::mt19937_64 generator_;
};

/// A given list of answers, and then lists that begin like it: first those that have most of it in common. After the first
/// answer that is another they go on without preemptions and stale loads.
class Neighbours final : public Choices {
  public:
    explicit Neighbours(std::vector<unsigned> answers)
        : answers_(std::move(answers)), limits_(answers_.size()), differs_at_(answers_.size()) {}

  private:
    bool next() override {
        if (asked() < differs_at_) diverged_ = true;
        if (left_ == 0) return false;
        --left_;
        do {
            if (differs_at_ != answers_.size() && ++other_ != limits_[differs_at_]) continue;
            if (differs_at_ == 0) return false;
            --differs_at_;
            other_ = 0;
        } while (other_ == answers_[differs_at_]);
        return true;
    }

    unsigned answer_to(Question question) override {
        const std::size_t at = asked();
        if (at > differs_at_ || at == answers_.size()) return 0;
        if (limits_[at] == 0) limits_[at] = question.limit;
        const unsigned answer = at == differs_at_ ? other_ : answers_[at];
        diverged_ = diverged_ || limits_[at] != question.limit || answer >= question.limit;
        return diverged_ ? 0 : answer;
    }

    std::vector<unsigned> answers_;
    std::vector<unsigned> limits_;  ///< of each question; 0: not asked yet
    std::size_t differs_at_;
    unsigned other_ = 0;    ///< the answer there
    unsigned left_ = 1000;  ///< what so many neighbours share is no matter of chance
};

/// One given list of answers.
class ReplayChoices final : public Choices {
  public:
    explicit ReplayChoices(std::vector<unsigned> choices) : choices_(std::move(choices)) {}
    bool is_used_up() const override { return asked() == choices_.size(); }

  private:
    bool next() override { return false; }
    unsigned answer_to(Question question) override {
        if (asked() < choices_.size() && choices_[asked()] < question.limit) return choices_[asked()];
        diverged_ = true;
        return 0;
    }

    std::vector<unsigned> choices_;
};

}  // namespace heddle::engine
