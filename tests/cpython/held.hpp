// What both halves of the module use.
#pragma once

#include <pybind11/pybind11.h>

#include <utility>

namespace py = pybind11;

namespace heddle::python {

// A Python object that may be moved and destroyed without the interpreter's lock.
class Held {
  public:
    explicit Held(py::object object) : object_(object.release().ptr()) {}
    Held(Held&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
    Held& operator=(Held&& other) noexcept {
        std::swap(object_, other.object_);
        return *this;
    }
    ~Held() {
        if (object_ == nullptr) return;
        const py::gil_scoped_acquire locked;
        Py_DECREF(object_);
    }
    // Requires the interpreter's lock.
    py::object take() { return py::reinterpret_steal<py::object>(std::exchange(object_, nullptr)); }
    py::handle get() const { return object_; }

    friend bool operator<(const Held& a, const Held& b) {
        const py::gil_scoped_acquire locked;
        return py::handle(a.object_) < py::handle(b.object_);
    }

  private:
    PyObject* object_;
};

/// Adds threads, and what belongs to each of them, to the module.
void add_threads(py::module_& module);

}  // namespace heddle::python
