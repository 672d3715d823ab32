// heddle's classes as a Python module, so that CPython's own tests can be run on them. It converts arguments and results
// and checks nothing: every error comes from impl/. What may block gives up the interpreter's lock.
#include <pybind11/functional.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <atomic>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <heddle/barrier.hpp>
#include <heddle/condition.hpp>
#include <heddle/event.hpp>
#include <heddle/queues.hpp>
#include <heddle/semaphore.hpp>
#include <heddle/simple_queue.hpp>
#include <heddle/thread.hpp>

#include "held.hpp"

using namespace py::literals;
using heddle::python::add_threads;
using heddle::python::Held;
using Unlocked = py::call_guard<py::gil_scoped_release>;

namespace {

std::optional<heddle::Seconds> seconds(std::optional<double> timeout) {
    return timeout ? std::optional(heddle::Seconds(*timeout)) : std::nullopt;
}

// `<PREFIX MODULE.CLASS KIND at ADDRESS SUFFIX>`, as CPython's classes describe themselves.
std::string described(py::handle self, const std::string& prefix, const std::string& kind, const std::string& suffix) {
    const auto name = [self](const char* what) { return py::str(py::type::of(self).attr(what)).cast<std::string>(); };
    const auto address = reinterpret_cast<std::uintptr_t>(self.ptr());
    return "<" + prefix + name("__module__") + "." + name("__qualname__") + kind + " at " + std::to_string(address) +
           suffix + ">";
}

// What locks and conditions share.
template <class Class>
void add_lock(Class& type) {
    using T = typename Class::type;
    type.def(
            "acquire",
            [](T& lock, bool blocking, double timeout) { return lock.acquire(blocking, heddle::Seconds(timeout)); },
            "blocking"_a = true, "timeout"_a = -1.0, Unlocked())
        .def("release", &T::release, Unlocked())
        .def(
            "__enter__", [](T& lock) { return lock.acquire(); }, Unlocked())
        .def("__exit__", [](T& lock, const py::args&) { lock.release(); })
        .def("__repr__", [](py::handle self) {
            return described(self, self.cast<const T&>().locked() ? "locked " : "unlocked ", " object", "");
        });
}

template <class T>
void add_semaphore(py::module_& module, const char* name) {
    py::class_<T>(module, name)
        .def(py::init<std::int64_t>(), "value"_a = 1)
        .def(
            "acquire",
            [](T& semaphore, bool blocking, std::optional<double> timeout) {
                return semaphore.acquire(blocking, seconds(timeout));
            },
            "blocking"_a = true, "timeout"_a = std::nullopt, Unlocked())
        .def("release", &T::release, "n"_a = 1, Unlocked())
        .def(
            "__enter__", [](T& semaphore) { return semaphore.acquire(); }, Unlocked())
        .def("__exit__", [](T& semaphore, const py::args&) { semaphore.release(); })
        .def("__repr__", [](py::handle self) {
            return described(self, "", "", ": value=" + std::to_string(self.cast<const T&>().value()));
        });
}

template <class Q>
void add_queue(py::module_& module, const char* name) {
    const auto put = [](Q& queue, py::object item, bool block, std::optional<double> timeout) {
        Held held(std::move(item));
        const py::gil_scoped_release unlocked;
        if constexpr (requires { queue.join(); }) queue.put(std::move(held), block, seconds(timeout));
        else queue.put(std::move(held));  // never blocks: Python ignores the other two as well
    };
    const auto get = [](Q& queue, bool block, std::optional<double> timeout) {
        std::optional<Held> item;
        {
            const py::gil_scoped_release unlocked;
            item.emplace(queue.get(block, seconds(timeout)));
        }
        return item->take();
    };
    auto type = py::class_<Q>(module, name);
    type.def("put", put, "item"_a, "block"_a = true, "timeout"_a = std::nullopt)
        .def("get", get, "block"_a = true, "timeout"_a = std::nullopt)
        .def("put_nowait", [put](Q& queue, py::object item) { put(queue, std::move(item), false, std::nullopt); })
        .def("get_nowait", [get](Q& queue) { return get(queue, false, std::nullopt); })
        .def("qsize", &Q::qsize, Unlocked())
        .def("empty", &Q::empty, Unlocked());
    if constexpr (requires(Q & queue) { queue.join(); }) {
        type.def(py::init<std::ptrdiff_t>(), "maxsize"_a = 0)
            .def("full", &Q::full, Unlocked())
            .def("task_done", &Q::task_done, Unlocked())
            .def("join", &Q::join, Unlocked())
            .def("shutdown", &Q::shutdown, "immediate"_a = false, Unlocked())
            .def_property("maxsize", py::cpp_function(&Q::maxsize, Unlocked()),
                          py::cpp_function(&Q::set_maxsize, Unlocked()));
    } else {
        type.def(py::init<>());
    }
}

// A condition of a lock of either kind; with none, of an RLock of its own.
template <class L>
void add_condition(py::module_& module, const char* name) {
    using C = heddle::Condition<L>;
    auto type = py::class_<C>(module, name);
    type.def(py::init<L&>(), py::keep_alive<1, 2>())
        .def(
            "wait", [](C& condition, std::optional<double> timeout) { return condition.wait(seconds(timeout)); },
            "timeout"_a = std::nullopt, Unlocked())
        .def(
            "wait_for",
            [](C& condition, const py::function& predicate, std::optional<double> timeout) {
                const auto ask = [&predicate] {
                    const py::gil_scoped_acquire locked;
                    return Held(predicate());
                };
                // The truth of a Python object takes the interpreter's lock to find out.
                struct Answer {
                    Held value;
                    explicit operator bool() const {
                        const py::gil_scoped_acquire locked;
                        return PyObject_IsTrue(value.get().ptr()) == 1;
                    }
                };
                std::optional<Answer> answer;
                {
                    const py::gil_scoped_release unlocked;
                    answer.emplace(condition.wait_for([&] { return Answer{ask()}; }, seconds(timeout)));
                }
                return answer->value.take();
            },
            "predicate"_a, "timeout"_a = std::nullopt)
        .def("notify", &C::notify, "n"_a = 1, Unlocked())
        .def("notify_all", &C::notify_all, Unlocked());
    add_lock(type);
    if constexpr (std::is_same_v<L, heddle::RLock>) type.def(py::init<>());
}

}  // namespace

PYBIND11_MODULE(heddle_python, module) {
    py::register_exception<heddle::Empty>(module, "Empty");
    py::register_exception<heddle::Full>(module, "Full");
    py::register_exception<heddle::ShutDown>(module, "ShutDown");
    const auto runtime_error = py::handle(PyExc_RuntimeError);
    py::register_exception<heddle::RuntimeError>(module, "RuntimeError_", runtime_error);
    py::register_exception<heddle::ValueError>(module, "ValueError_", py::handle(PyExc_ValueError));
    py::register_exception<heddle::OverflowError>(module, "OverflowError_", py::handle(PyExc_OverflowError));
    // Translators are tried from the last to the first, so the derived class comes after its base.
    py::register_exception<heddle::BrokenBarrierError>(module, "BrokenBarrierError", runtime_error);

    auto lock = py::class_<heddle::Lock>(module, "Lock");
    lock.def(py::init<>()).def("locked", &heddle::Lock::locked);
    add_lock(lock);

    auto rlock = py::class_<heddle::RLock>(module, "RLock");
    rlock.def(py::init<>())
        .def("locked", &heddle::RLock::locked)
        .def("_is_owned", &heddle::RLock::is_owned)
        .def("_recursion_count", &heddle::RLock::recursion_count)
        .def(
            "_release_save", [](heddle::RLock& lock) { return heddle::detail::LockAccess::release_whole(lock); },
            Unlocked())
        .def(
            "_acquire_restore",
            [](heddle::RLock& lock, std::uint32_t level) { heddle::detail::LockAccess::take_back(lock, level, true); },
            Unlocked());
    add_lock(rlock);

    add_condition<heddle::RLock>(module, "ConditionOverRLock");
    add_condition<heddle::Lock>(module, "ConditionOverLock");
    add_semaphore<heddle::Semaphore>(module, "Semaphore");
    add_semaphore<heddle::BoundedSemaphore>(module, "BoundedSemaphore");

    py::class_<heddle::Event>(module, "Event")
        .def(py::init<>())
        .def("is_set", [](const heddle::Event& event) { return event.is_set(); })
        .def("set", &heddle::Event::set, Unlocked())
        .def("clear", &heddle::Event::clear, Unlocked())
        .def("__repr__",
             [](py::handle self) {
                 return described(self, "", "", self.cast<const heddle::Event&>().is_set() ? ": set" : ": unset");
             })
        .def(
            "wait", [](heddle::Event& event, std::optional<double> timeout) { return event.wait(seconds(timeout)); },
            "timeout"_a = std::nullopt, Unlocked());

    py::class_<heddle::Barrier>(module, "Barrier")
        .def(py::init([](std::ptrdiff_t parties, std::optional<py::function> action, std::optional<double> timeout) {
                 heddle::Barrier::Action call;
                 if (action)
                     call = [held = std::make_shared<Held>(*action)] {
                         const py::gil_scoped_acquire locked;
                         py::reinterpret_borrow<py::function>(held->get())();
                     };
                 return std::make_unique<heddle::Barrier>(parties, std::move(call), seconds(timeout));
             }),
             "parties"_a, "action"_a = std::nullopt, "timeout"_a = std::nullopt)
        .def(
            "wait",
            [](heddle::Barrier& barrier, std::optional<double> timeout) { return barrier.wait(seconds(timeout)); },
            "timeout"_a = std::nullopt, Unlocked())
        .def("reset", &heddle::Barrier::reset, Unlocked())
        .def("abort", &heddle::Barrier::abort, Unlocked())
        .def("__repr__",
             [](py::handle self) {
                 const auto& barrier = self.cast<const heddle::Barrier&>();
                 const std::string waiters =
                     std::to_string(barrier.n_waiting()) + "/" + std::to_string(barrier.parties());
                 return described(self, "", "", barrier.broken() ? ": broken" : ": waiters=" + waiters);
             })
        .def_property_readonly("parties", &heddle::Barrier::parties)
        .def_property_readonly("n_waiting", &heddle::Barrier::n_waiting)
        .def_property_readonly("broken", &heddle::Barrier::broken);

    add_queue<heddle::Queue<Held>>(module, "Queue");
    add_queue<heddle::LifoQueue<Held>>(module, "LifoQueue");
    add_queue<heddle::PriorityQueue<Held>>(module, "PriorityQueue");
    add_queue<heddle::SimpleQueue<Held>>(module, "SimpleQueue");

    add_threads(module);
#ifdef __SANITIZE_THREAD__
    // What the sanitizer must see, so that its silence about the rest says something.
    module.def("race", [] {
        int value = 0;
        std::atomic<bool> both{false};  // relaxed: the two run at the same time, and nothing orders them
        heddle::Thread thread([&] {
            while (!both.load(std::memory_order_relaxed)) continue;
            ++value;
        });
        thread.start();
        both.store(true, std::memory_order_relaxed);
        ++value;
        thread.join();
    });
#endif
    module.attr("TIMEOUT_MAX") = heddle::timeout_max.count();
}
