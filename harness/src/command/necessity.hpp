// --necessity and --weaken.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "arguments.hpp"
#include "necessity/weaker_operation.hpp"
#include "runner/runner.hpp"

namespace CLI {
class App;
}

namespace heddle::harness {

void add_necessity_options(CLI::App& app, Arguments& arguments);

/// What `--weaken` asks for; stays where it is, since explorations point to it.
class RequestedWeakening {
  public:
    /// Errors: UsageError if `text` is neither empty nor a weakening.
    explicit RequestedWeakening(const std::string& text);
    RequestedWeakening(const RequestedWeakening&) = delete;
    RequestedWeakening& operator=(const RequestedWeakening&) = delete;

    /// Null if nothing was asked for.
    const engine::Weakening* get() const { return weaker_ ? &weaker_->weakening : nullptr; }

  private:
    std::optional<WeakerOperation> weaker_;
};

/// Shows what each operation of the jobs' checks is needed for. `budget`: of one exploration. Returns: whether each was shown
/// to be needed.
bool show_necessity(std::vector<Job> jobs, const Arguments& arguments, std::chrono::duration<double> budget,
                    const std::string& program);

}  // namespace heddle::harness
