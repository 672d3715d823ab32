// The errors that the primitives report, named as in Python.
//
// ```cpp
// heddle::Lock lock;
// EXPECT_THROW(lock.release(), heddle::RuntimeError);  // nobody holds it
// EXPECT_THROW(heddle::Queue<int>().get(false), heddle::Empty);
// EXPECT_THROW(heddle::exit_thread(), heddle::SystemExit);
// ```
#pragma once

#include <heddle/platform/requirements.hpp>

#include <exception>
#include <stdexcept>
#include <string>

namespace heddle {

/// An operation that the object's state does not allow (Python RuntimeError, _thread.error, ThreadError).
class RuntimeError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// A Barrier is broken, or was reset while the call waited (Python threading.BrokenBarrierError).
class BrokenBarrierError : public RuntimeError {
  public:
    /// Requires: nothing. Returns: the error, with its text. Errors: none. Visibility: none. Source: none.
    BrokenBarrierError() : RuntimeError("the barrier is broken") {}
};

/// An argument outside of its domain (Python ValueError).
class ValueError : public std::invalid_argument {
  public:
    using std::invalid_argument::invalid_argument;
};

/// A number too large for the implementation (Python OverflowError).
class OverflowError : public std::overflow_error {
  public:
    using std::overflow_error::overflow_error;
};

/// Queue.get found nothing, at once or at its deadline (Python queue.Empty).
class Empty : public std::exception {
  public:
    /// Requires: nothing. Returns: what happened, in words. Errors: none. Visibility: none. Source: C++20
    /// std::exception.
    const char* what() const noexcept override { return "queue is empty"; }
};

/// Queue.put found no room, at once or at its deadline (Python queue.Full).
class Full : public std::exception {
  public:
    /// Requires: nothing. Returns: what happened, in words. Errors: none. Visibility: none. Source: C++20
    /// std::exception.
    const char* what() const noexcept override { return "queue is full"; }
};

/// The queue was shut down (Python 3.13 queue.ShutDown).
class ShutDown : public std::exception {
  public:
    /// Requires: nothing. Returns: what happened, in words. Errors: none. Visibility: none. Source: C++20
    /// std::exception.
    const char* what() const noexcept override { return "queue is shut down"; }
};

/// Thrown by a thread's body to end that thread silently (Python SystemExit): the default excepthook ignores it,
/// a hook of your own sees it.
class SystemExit : public std::exception {
  public:
    /// Requires: nothing. Returns: what happened, in words. Errors: none. Visibility: none. Source: C++20
    /// std::exception.
    const char* what() const noexcept override { return "thread exit"; }
};

/// Ends the calling thread by unwinding it. Requires: nothing. Returns: never. Errors: always throws SystemExit.
/// Visibility: none. Source: Python 3.13 _thread.exit.
[[noreturn]] inline void exit_thread() { throw SystemExit(); }

}  // namespace heddle
