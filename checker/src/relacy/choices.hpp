// Where the answers to an engine's questions come from. An execution is a list of answers, and nothing else.
#pragma once

#include <cstdint>
#include <random>
#include <utility>
#include <vector>

namespace heddle::checker {

/// Answers questions of the form "which of `limit` options?" and decides which executions there are.
class Choices {
  public:
    virtual ~Choices() = default;

    void begin_execution() {
        answers_.clear();
        check_ = fnv_basis;
    }

    /// Requires: limit > 0. Returns: a number below `limit`.
    unsigned choose(unsigned limit) {
        if (limit == 1) return 0;
        const unsigned answer = answer_to(limit);
        answers_.push_back(answer);
        check_ = (check_ ^ limit) * fnv_prime;
        return answer;
    }

    /// Ends an execution. Returns: whether there is another one.
    virtual bool advance() = 0;

    /// Whether the program asked other questions than before, given the same answers.
    bool diverged() const { return diverged_; }

    const std::vector<unsigned>& answers() const { return answers_; }
    std::uint32_t check() const { return check_; }

  protected:
    virtual unsigned answer_to(unsigned limit) = 0;
    bool diverged_ = false;

    std::size_t asked() const { return answers_.size(); }

  private:
    static constexpr std::uint32_t fnv_basis = 2166136261U;
    static constexpr std::uint32_t fnv_prime = 16777619U;

    std::vector<unsigned> answers_;
    std::uint32_t check_ = fnv_basis;
};

/// Every list of answers, once: the last question that has an untried answer changes first.
class DepthFirst final : public Choices {
  public:
    bool advance() override {
        while (!path_.empty() && path_.back().answer + 1 == path_.back().limit) path_.pop_back();
        if (path_.empty()) return false;
        ++path_.back().answer;
        return true;
    }

  private:
    struct Question {
        unsigned answer;
        unsigned limit;
    };

    unsigned answer_to(unsigned limit) override {
        if (asked() == path_.size()) {
            path_.push_back({0, limit});
            return 0;
        }
        const Question& question = path_[asked()];
        if (question.limit == limit) return question.answer;
        diverged_ = true;
        return 0;
    }

    std::vector<Question> path_;
};

/// So many lists of answers, each drawn at random.
class RandomChoices final : public Choices {
  public:
    RandomChoices(std::uint64_t executions, std::uint64_t seed) : left_(executions), generator_(seed) {}
    bool advance() override { return left_ != 0 && --left_ != 0; }

  private:
    unsigned answer_to(unsigned limit) override { return static_cast<unsigned>(generator_() % limit); }

    std::uint64_t left_;
    std::mt19937_64 generator_;
};

/// One given list of answers.
class ReplayChoices final : public Choices {
  public:
    explicit ReplayChoices(std::vector<unsigned> choices) : choices_(std::move(choices)) {}
    bool advance() override { return false; }

  private:
    unsigned answer_to(unsigned limit) override {
        if (asked() < choices_.size() && choices_[asked()] < limit) return choices_[asked()];
        diverged_ = true;
        return 0;
    }

    std::vector<unsigned> choices_;
};

}  // namespace heddle::checker
