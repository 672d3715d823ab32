// A queue of any kind, for properties that compare it with its specification.
#pragma once

#include <cstddef>
#include <string>

#include <rapidcheck.h>

#include <heddle/errors.hpp>
#include <heddle/properties/state_machine.hpp>

namespace heddle::properties {

/// Performs each operation of `Specification`; one that the queue does not have gives "?".
template <class AnyQueue, class Specification>
class QueueUnderTest {
  public:
    using Kind = typename Specification::Kind;

    explicit QueueUnderTest(std::ptrdiff_t maxsize) : queue_(maxsize) {}

    std::string perform(const typename Specification::Operation& operation) {
        try {
            switch (operation.kind) {
                case Kind::put:
                    return queue_.put_nowait(operation.argument), "done";
                case Kind::get:
                    return std::to_string(queue_.get_nowait());
                case Kind::qsize:
                    return std::to_string(queue_.qsize());
                case Kind::full:
                    return queue_.full() ? "true" : "false";
                case Kind::task_done:
                case Kind::set_maxsize:
                case Kind::shutdown:
                case Kind::shutdown_now:
                    if constexpr (requires { queue_.task_done(); }) return manage(operation);
            }
        } catch (const Empty&) {
            return "Empty";
        } catch (const Full&) {
            return "Full";
        } catch (const ShutDown&) {
            return "ShutDown";
        } catch (const ValueError&) {
            return "ValueError";
        }
        return "?";
    }

  private:
    std::string manage(const typename Specification::Operation& operation) {
        if (operation.kind == Kind::task_done) queue_.task_done();
        else if (operation.kind == Kind::set_maxsize) queue_.set_maxsize(operation.argument);
        else queue_.shutdown(operation.kind == Kind::shutdown_now);
        return "done";
    }

    AnyQueue queue_;
};

/// That a new queue does what the specification says, whatever the operations. `kinds`: of these; `maxsizes`: its bound.
template <class AnyQueue, class Specification>
void assert_queue_agrees(const rc::Gen<typename Specification::Kind>& kinds, const rc::Gen<std::ptrdiff_t>& maxsizes) {
    using Operation = typename Specification::Operation;
    const auto operations = rc::gen::build<Operation>(rc::gen::set(&Operation::kind, kinds),
                                                      rc::gen::set(&Operation::argument, rc::gen::inRange(-1, 5)));
    typename Specification::State initial;
    initial.maxsize = *maxsizes;
    QueueUnderTest<AnyQueue, Specification> sut(initial.maxsize);
    assert_agrees<Specification>(initial, sut, operations);
}

}  // namespace heddle::properties
