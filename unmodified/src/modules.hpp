// The executable and the libraries of this process: which code is seen, and which memory it brings along.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace heddle::unmodified {

struct Range {
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
    bool holds(std::uintptr_t address) const { return address - begin < end - begin; }
    std::size_t size() const { return end - begin; }
};

/// Thread-local memory of a module that each thread has at the same distance from its thread pointer.
struct ThreadLocal {
    std::uintptr_t below = 0;  ///< so many bytes below the thread pointer
    const void* image = nullptr;
    std::size_t image_size = 0;
    std::size_t size = 0;
};

class Modules {
  public:
    /// Requires: called when all libraries that the program starts with are loaded. Errors: none.
    void look();

    /// Whether code with hooks is there: the program's, or a library's that was compiled for it.
    bool is_seen(std::uintptr_t address) const;
    /// Whether all that code there does with other threads is seen: it has hooks, or its ways are known.
    bool is_followed(std::uintptr_t address) const {
        return is_seen(address) || libc_.holds(address) || cxx_.holds(address) || own_.holds(address);
    }
    bool is_own(std::uintptr_t address) const { return own_.holds(address); }
    bool is_library_of_cxx(std::uintptr_t address) const { return cxx_.holds(address); }
    /// Whether it is a library that the program uses for itself: of what it allocates, the program may get to see the rest.
    bool is_library_of_program(std::uintptr_t address) const { return is_in(libraries_, address); }
    /// Whether data of a module is there, of which nothing is put back for the next execution.
    bool is_unseen_memory(std::uintptr_t address) const { return is_in(unseen_, address); }

    /// The file that the code at an address was loaded from.
    static std::string name_of(std::uintptr_t address);

    /// The memory of the modules whose code is seen.
    const std::vector<Range>& writable() const { return writable_; }
    /// That of the others, but for heddle's own.
    const std::vector<Range>& unseen_writable() const { return unseen_writable_; }
    const std::vector<ThreadLocal>& thread_local_memory() const { return thread_local_; }

    /// Whether any code with hooks does.
    bool looks_at_errno() const { return looks_at_errno_; }

    /// Why this program cannot be explored; empty if it can.
    const std::string& objection() const { return objection_; }

  private:
    struct Look;
    std::string objection_to_static_library() const;

    static bool is_in(const std::vector<Range>& ranges, std::uintptr_t address) {
        return std::any_of(ranges.begin(), ranges.end(), [&](const Range& range) { return range.holds(address); });
    }

    std::vector<Range> seen_;
    std::vector<Range> unseen_;
    std::vector<Range> libraries_;  ///< without hooks, and none of those that heddle is made of
    std::vector<Range> writable_;
    std::vector<Range> unseen_writable_;
    std::vector<ThreadLocal> thread_local_;
    Range libc_;
    Range cxx_;
    Range own_;
    bool looks_at_errno_ = false;
    std::string objection_;
};

}  // namespace heddle::unmodified
