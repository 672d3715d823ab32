// Ordinary data under a checking engine: to access it is to claim that nothing races for it.
//
// ```cpp declarations
// struct IsHandedOver {
//     heddle::checker::CheckingPlatform::plain<int> data{0, "data"};
//     void thread(int) { data.write(data.read() + 1); }  // of one thread only
// };
// ```
#pragma once

#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>

#include <heddle/checker/detail/handle.hpp>
#include <heddle/engine/run.hpp>

namespace heddle::checker {

/// Data that must not be raced for.
template <class T>
class CheckedData {
  public:
    /// Requires: a program that an engine runs. Returns: data that holds nothing yet: to read it fails the execution. Errors:
    /// aborts outside of a program. Visibility: none. Source: none.
    explicit CheckedData(Site site = Site::current())
        : handle_("plain data", ObjectKind::plain, 0, nullptr, show, std::nullopt, site) {
        handle_.object()->shown_in_place = !detail::Checkable<T>;
    }
    /// Reports call it `name`. Requires: a program that an engine runs. Returns: data that holds `initial`. Errors: aborts outside
    /// of a program; what moving a T throws. Visibility: none. Source: none.
    explicit CheckedData(T initial, const char* name = nullptr, Site site = Site::current())
        : handle_("plain data", ObjectKind::plain, 0, name, show, bits_of(initial), site), value_(std::move(initial)) {
        handle_.object()->shown_in_place = !detail::Checkable<T>;
    }

    /// Requires: ordered with every write. Returns: the value. Errors: a race, a use after the end and an uninitialised value
    /// fail the execution; what copying a T throws. Visibility: none. Source: C++20 [intro.races].
    T read(Site site = Site::current()) const {
        handle_.perform({.kind = OperationKind::read, .value = bits_of(value_), .site = site});
        return value_;
    }
    /// Requires: ordered with every other access. Returns: nothing. Errors: a race and a use after the end fail the execution;
    /// what moving a T throws. Visibility: none. Source: C++20 [intro.races].
    void write(T value, Site site = Site::current()) {
        handle_.perform({.kind = OperationKind::write, .value = bits_of(value), .site = site});
        value_ = std::move(value);
    }

  private:
    static constexpr engine::Show chosen_show() {
        if constexpr (detail::Checkable<T>) return &detail::show_bits<T>;
        else return &detail::show_in_place<T>;
    }
    static constexpr engine::Show show = chosen_show();

    /// The value, or where it is.
    static std::uint64_t bits_of(const T& value) {
        if constexpr (detail::Checkable<T>) return detail::to_bits(value);
        else return reinterpret_cast<std::uintptr_t>(&value);
    }

    detail::Handle handle_;
    T value_{};
};

/// Memory whose content is not a T of its own: only that it is accessed counts.
class CheckedRegion {
  public:
    /// Reports call it `name`. Requires: a program that an engine runs. Returns: it. Errors: aborts outside of a program.
    /// Visibility: none. Source: none.
    explicit CheckedRegion(const char* name = nullptr, Site site = Site::current())
        : handle_("a region", ObjectKind::region, 0, name, nullptr, std::nullopt, site) {}
    /// Requires: ordered with every write(). Returns: nothing. Errors: as CheckedData. Visibility: none. Source: C++20 [intro.races].
    void read(Site site = Site::current()) const { handle_.perform({.kind = OperationKind::read, .site = site}); }
    /// Requires: ordered with every access. Returns: nothing. Errors: as CheckedData. Visibility: none. Source: C++20 [intro.races].
    void write(Site site = Site::current()) { handle_.perform({.kind = OperationKind::write, .site = site}); }

  private:
    detail::Handle handle_;
};

}  // namespace heddle::checker
