// Values as engines know them, and the objects of an execution as C++ objects.
#pragma once

#include <concepts>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include <heddle/checker/detail/execution_state.hpp>
#include <heddle/engine/run.hpp>
#include <heddle/platform/deadline.hpp>
#include <heddle/platform/platform.hpp>

namespace heddle::checker {

using engine::Object;
using engine::ObjectKind;
using engine::Operation;
using engine::OperationKind;
using engine::OperationResult;
using engine::Run;
using engine::Site;
using engine::Weakening;

}  // namespace heddle::checker

namespace heddle::checker::detail {

template <class T>
concept Checkable = std::is_trivially_copyable_v<T> && sizeof(T) <= sizeof(std::uint64_t);

template <Checkable T>
std::uint64_t to_bits(T value) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof(T));
    return bits;
}

template <Checkable T>
T from_bits(std::uint64_t bits) {
    T value;
    std::memcpy(&value, &bits, sizeof(T));
    return value;
}

/// Whether a `to_string(value)` that argument-dependent lookup finds says what the value is: how users have their enums and
/// structs shown.
template <class T>
concept HasToString = requires(const T& value) {
    { to_string(value) } -> std::convertible_to<std::string>;
};

/// The text of a value in reports; empty if there is no way to show its type.
template <class T>
std::string show_value(const T& value, const engine::Addresses& addresses) {
    if constexpr (HasToString<T>) return to_string(value);
    else if constexpr (std::is_same_v<T, bool>) return value ? "true" : "false";
    else if constexpr (std::is_arithmetic_v<T>) return std::to_string(value);
    else if constexpr (std::is_enum_v<T>) return std::to_string(static_cast<std::underlying_type_t<T>>(value));
    else if constexpr (std::is_pointer_v<T>) return addresses.name_of(to_bits(value));
    else if constexpr (std::is_convertible_v<const T&, std::string_view>)
        return '"' + std::string(std::string_view(value)) + '"';
    else return "";
}

template <Checkable T>
std::string show_bits(std::uint64_t bits, const engine::Addresses& addresses) {
    return show_value(from_bits<T>(bits), addresses);
}

/// Of what does not fit into the bits: they are its address.
template <class T>
std::string show_in_place(std::uint64_t address, const engine::Addresses& addresses) {
    return show_value(*reinterpret_cast<const T*>(static_cast<std::uintptr_t>(address)), addresses);
}

/// A platform's deadline as engines know it.
constexpr std::chrono::nanoseconds to_engine(Deadline deadline) {
    return deadline.is_never() ? engine::no_deadline : deadline.since_epoch();
}

/// Why a wait came back, as platforms know it.
constexpr WaitResult from_engine(engine::WaitOutcome outcome) {
    switch (outcome) {
        case engine::WaitOutcome::changed:
            return WaitResult::changed;
        case engine::WaitOutcome::timed_out:
            return WaitResult::timed_out;
        case engine::WaitOutcome::woken:
            break;
    }
    return WaitResult::woken;
}

/// An object of the execution; its lifetime is that of the C++ object that it is part of.
class Handle {
  public:
    Handle(const char* what, ObjectKind kind, std::uint8_t size, const char* name, engine::Show show,
           std::optional<std::uint64_t> initial, Site site)
        : object_(Run::require(what).construct(kind, size, name, show, initial, site)) {
        object_->address = this;
    }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() {
        Run* const run = Run::current();
        if (run == nullptr) return;
        const auto* const locals = static_cast<const ThreadLocals*>(run->thread_slot());
        const bool ordered = locals != nullptr && locals->ends_shared != 0;
        run->perform({.kind = OperationKind::destroy, .object = object_, .value = ordered ? 1U : 0U, .address = this});
    }

    /// `operation`: all of it but its object.
    OperationResult perform(Operation&& operation) const {
        operation.object = object_;
        operation.address = this;
        return Run::require("an operation on a checked object").perform(operation);
    }

    Object* object() const noexcept { return object_; }

  private:
    Object* object_;
};

}  // namespace heddle::checker::detail
