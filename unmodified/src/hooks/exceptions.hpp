// Where exceptions come from: by the time that one has left its thread, the frames that tell are gone.
#pragma once

#include <cstdint>
#include <unordered_map>

#include <heddle/engine/site.hpp>

namespace heddle::unmodified {

class Throws {
  public:
    void begin_run() { at_.clear(); }
    /// The program throws an object. Where that was is kept if the execution is, for a report.
    void note(const void* object, std::uintptr_t caller);
    /// Where the exception was thrown that the innermost handler handles; no place if that is not known.
    engine::Site of_handled() const;

  private:
    std::unordered_map<const void*, engine::Site> at_;
};

extern Throws throws;

}  // namespace heddle::unmodified
