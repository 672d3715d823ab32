#include "replayed.hpp"

#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>

#include "exit_status.hpp"
#include "report/report.hpp"

namespace heddle::harness {

int status_of_replay(const Verdict& verdict) {
    if (verdict.outcome == engine::Outcome::sampled) return exit_green;
    return verdict.kind == engine::FailureKind::nondeterminism && !verdict.counterexample ? exit_other_program
                                                                                          : exit_failed;
}

std::string replayed(const Verdict& verdict) {
    const int status = status_of_replay(verdict);
    const std::string_view ending = status == exit_failed          ? "FAILED again"
                                    : status == exit_other_program ? "NOT OF THIS PROGRAM"
                                                                   : "does not fail any more";
    return fmt::format(
        "{}  ({}, one execution)\n  claim: {}\n{}{}\n", verdict.name, verdict.engine, verdict.claim,
        verdict.counterexample ? describe(*verdict.counterexample) : fmt::format("  {}\n", verdict.message), ending);
}

std::string this_program() {
    if (const char* const command = std::getenv("HEDDLE_COMMAND")) return command;
    std::error_code error;
    const auto path = std::filesystem::read_symlink("/proc/self/exe", error);
    if (error) return "PROGRAM";
    const std::string text = path.string();
    const bool is_plain = text.find_first_of(" \t\n'\"\\$&;()<>|*?[]#~`!{}") == std::string::npos;
    return is_plain ? text : fmt::format("'{}'", text);
}

}  // namespace heddle::harness
