// The half of the module that is about threads: Thread, low-level threads, and values of each thread.
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <heddle/local.hpp>
#include <heddle/low_level.hpp>
#include <heddle/thread.hpp>
#include <heddle/timer.hpp>

#include "held.hpp"

namespace heddle::python {

using namespace py::literals;
using Unlocked = py::call_guard<py::gil_scoped_release>;

namespace {

// What a thread is to call.
struct Call {
    Held function, args, kwargs;
    void operator()() {
        const py::gil_scoped_acquire locked;
        const py::object body = function.take();
        const py::object positional = args.take();
        const py::object named = kwargs.take();
        body(*positional, **named);
    }
};

// What threads and their handles share. (pybind11 takes a base class to be at the address of the derived one, which it is
// not where only the derived one has virtual functions; so the two are bound side by side.)
template <class Class>
void add_thread(Class& type) {
    using T = typename Class::type;
    type.def(
            "join", [](T& thread) { thread.join(); }, Unlocked())
        .def(
            "join", [](T& thread, double timeout) { thread.join(heddle::Seconds(timeout)); }, Unlocked())
        .def("is_alive", [](const T& thread) { return thread.is_alive(); })
        .def_property(
            "name", [](const T& thread) { return thread.name(); },
            [](T& thread, std::string name) { thread.set_name(std::move(name)); })
        .def_property_readonly("ident", [](const T& thread) { return thread.ident(); })
        .def_property_readonly("native_id", [](const T& thread) { return thread.native_id(); })
        .def_property(
            "daemon", [](const T& thread) { return thread.daemon(); },
            [](T& thread, bool daemon) { thread.set_daemon(daemon); });
}

}  // namespace

void add_threads(py::module_& module) {
    auto handle = py::class_<heddle::ThreadHandle>(module, "ThreadHandle");
    add_thread(handle);
    module.def("current_thread", [] { return heddle::current_thread(); });
    module.def("main_thread", [] { return heddle::main_thread(); });
    module.def("enumerate", [] { return heddle::enumerate(); });
    module.def("active_count", [] { return heddle::active_count(); });
    module.def("get_native_id", [] { return heddle::get_native_id(); });
    auto thread = py::class_<heddle::Thread, std::shared_ptr<heddle::Thread>>(module, "Thread");
    thread
        .def(py::init([](const py::function& function, std::string name, std::optional<bool> daemon) {
                 return std::make_shared<heddle::Thread>(heddle::ThreadOptions{std::move(name), daemon},
                                                         Call{Held(function), Held(py::tuple()), Held(py::dict())});
             }),
             "function"_a, "name"_a = "", "daemon"_a = std::nullopt)
        .def("start", &heddle::Thread::start, Unlocked());
    add_thread(thread);
    auto timer = py::class_<heddle::Timer, std::shared_ptr<heddle::Timer>>(module, "Timer");
    timer
        .def(py::init([](double interval, const py::function& function) {
            return std::make_shared<heddle::Timer>(heddle::Seconds(interval),
                                                   Call{Held(function), Held(py::tuple()), Held(py::dict())});
        }))
        .def("start", &heddle::Timer::start, Unlocked())
        .def("cancel", &heddle::Timer::cancel);
    add_thread(timer);

    // The hook gets what sys.exc_info() gives.
    module.def("set_excepthook", [](const py::function& function) {
        const auto hook = std::make_shared<Held>(function);
        heddle::set_excepthook([hook](const heddle::ExceptHookArgs& args) {
            const py::gil_scoped_acquire locked;
            try {
                std::rethrow_exception(args.exception);
            } catch (py::error_already_set& error) {
                if (error.trace()) PyException_SetTraceback(error.value().ptr(), error.trace().ptr());
                hook->get()(error.type(), error.value(), error.trace());
            }
        });
    });

    // A dictionary for each thread, as threading.local has it.
    using LocalDict = heddle::Local<Held>;
    const auto make = [] {
        const py::gil_scoped_acquire locked;
        return Held(py::dict());
    };
    py::class_<LocalDict>(module, "LocalDict")
        .def(py::init([make] { return std::make_unique<LocalDict>(make); }))
        .def("get", [](LocalDict& local) { return py::reinterpret_borrow<py::object>(local.get().get()); })
        .def("find", [](LocalDict& local) -> py::object {
            const Held* const known = local.find();
            return known == nullptr ? py::none() : py::reinterpret_borrow<py::object>(known->get());
        });

    module.def(
        "start_new_thread",
        [](const py::function& function, const py::tuple& args, const py::dict& kwargs) {
            return heddle::start_new_thread(Call{Held(function), Held(args), Held(kwargs)});
        },
        "function"_a, "args"_a, "kwargs"_a = py::dict());
    module.def(
        "stack_size", [](std::size_t bytes) { return heddle::stack_size(bytes); }, "size"_a = 0);
    module.def("get_ident", &heddle::get_ident<>);
}

}  // namespace heddle::python
