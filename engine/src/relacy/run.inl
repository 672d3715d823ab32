// The bodies of RelacyRun that do not block; included by run.hpp alone.

namespace heddle::engine::relacy {

/// Where an execution's clock starts. Any instant but zero does, so that a forgotten initialisation shows.
inline constexpr std::chrono::nanoseconds clock_start = std::chrono::seconds(1);

/// A weak compare-exchange fails without cause at most so often per thread and execution (zero or one).
inline constexpr bool weak_cas_failures = true;

template <int threads>
void RelacyRun<threads>::begin_execution() {
    execution_.begin(record_);
    slots_of_threads_.fill(nullptr);
    clear_execution_slot();
    spurious_left_.fill(program_.spurious_wakeups);
    weak_cas_may_fail_.fill(weak_cas_failures);
    parked_.fill(false);
    now_ = clock_start;
    concurrent_ = false;
    guarded([this] { instance_ = program_.make(); });
    concurrent_ = true;
}

template <int threads>
void RelacyRun<threads>::run_thread(int fiber) {
    ExceptionsOfThisFiber::clear();
    const auto spawned = number_of(fiber) - static_cast<std::uint64_t>(program_.threads);
    guarded([&] {
        if (fiber < program_.threads) {
            slots_of_threads_[static_cast<std::size_t>(fiber)] = nullptr;
            instance_->thread(fiber);
        } else if (spawned < bodies_.size()) {
            const auto body = std::move(bodies_[spawned]);
            body();
        }
    });
}

template <int threads>
void RelacyRun<threads>::after() {
    concurrent_ = false;
    guarded([this] { instance_->after(); });
}

template <int threads>
void RelacyRun<threads>::end_execution() {
    guarded([this] { instance_.reset(); });
    bodies_.clear();
    longest_execution_ = std::max(longest_execution_, execution_.step_count());
    if (const auto blocks = execution_.memory.live_blocks(); blocks != 0) {
        fail(FailureKind::leak, std::to_string(blocks) + " block(s) of memory were never freed", Site{});
    }
}

/// Runs a part of the model: its allocations are followed, and no exception may leave it.
template <int threads>
template <class Body>
void RelacyRun<threads>::guarded(Body body) {
    const AllocateFor model(&execution_.memory);
    try {
        body();
    } catch (const std::exception& error) {
        fail(FailureKind::exception, std::string("an exception left the thread: ") + error.what(), Site{});
    } catch (...) {
        fail(FailureKind::exception, "an exception left the thread", Site{});
    }
}

template <int threads>
Object* RelacyRun<threads>::construct(ObjectKind kind, std::uint8_t size, const char* name, Show show,
                                      std::optional<std::uint64_t> initial, Site site) {
    const AllocateFor engine(nullptr);
    const bool initialised = initial.has_value() || kind == ObjectKind::region;
    Object* const object = execution_.construct(kind, size, name, show, initialised, site);
    if (slots_.size() <= object->id) slots_.resize(object->id + 1);
    Slot& made = slot(*object);
    made.waiting.clear();
    rl::context& context = rl::ctx();
    if (has_value(kind)) {
        const rl::preemption_disabler at_once(context);  // nobody else can know the object yet
        auto* const atomic = new (made.storage) Atomic();
        atomic->store(*initial, rl::mo_relaxed, info_);
    } else {
        made.plain = context.var_ctor();
        if (initialised) made.plain->init(*context.threadx_);
    }
    return object;
}

template <int threads>
OperationResult RelacyRun<threads>::step(const Operation& op) {
    const AllocateFor engine(nullptr);
    const ExceptionsOfThisFiber exceptions;
    Step* const step = execution_.step(number_of(fiber()), op);
    OperationResult result;
    if (op.kind == OperationKind::fence) {
        fence(op.order);
    } else if (op.kind == OperationKind::yield) {
        rl::ctx().yield(1, info_);
    } else {
        Object& object = *op.object;
        if (!object.alive) fail(FailureKind::use_after_free, "an object is used after its destruction", op.site);
        Slot& slot = this->slot(object);
        switch (op.kind) {
            case OperationKind::load:
                result = load(slot, op, step);
                break;
            case OperationKind::store:
                slot.atomic().store(op.value, to_relacy(op.order), info_);
                break;
            case OperationKind::read:
            case OperationKind::write:
                access_plain(object, slot, op);
                break;
            case OperationKind::destroy:
                destroy(object, slot, op);
                break;
            case OperationKind::wait:
                result = wait(slot, op);
                break;
            case OperationKind::wake:
            case OperationKind::notify:
                result = wake(slot, op);
                break;
            case OperationKind::lock:
            case OperationKind::try_lock:
                result = take(slot, op);
                break;
            case OperationKind::unlock:
                result = free(slot);
                break;
            case OperationKind::enlist:
                enlist(slot);
                break;
            case OperationKind::sleep:
                result = sleep(slot, op);
                break;
            default:
                result = read_modify_write(slot, op);
        }
        // Another thread may have destroyed the object before this one got its turn.
        if (!object.alive && op.kind != OperationKind::destroy)
            fail(FailureKind::use_after_free, "an object was destroyed during an operation on it", op.site);
    }
    if (step != nullptr) {
        step->result = result;
        step->finished = true;
    }
    return result;
}

template <int threads>
OperationResult RelacyRun<threads>::load(Slot& slot, const Operation& op, Step* step) {
    const std::uint64_t value = slot.atomic().load(to_relacy(op.order), info_);
    if (step != nullptr) step->stale = value != slot.atomic().debug_value();
    return {.value = value};
}

template <int threads>
OperationResult RelacyRun<threads>::read_modify_write(Slot& slot, const Operation& op) {
    rl::context& context = rl::ctx();
    context.sched();
    const rl::preemption_disabler at_once(context);
    if (!op.object->alive) return {};
    const std::uint64_t before = slot.atomic().debug_value();
    const bool weak = op.kind == OperationKind::compare_exchange_weak;
    if (weak || op.kind == OperationKind::compare_exchange_strong) {
        bool& may_fail = weak_cas_may_fail_[static_cast<std::size_t>(fiber())];
        const bool matches = before == op.expected;
        const bool fails_without_cause = weak && matches && may_fail && context.rand(2, rl::sched_type_cas_fail) == 1;
        if (fails_without_cause) may_fail = false;
        if (!matches || fails_without_cause) return {.value = read_latest(slot, op.failure_order), .success = false};
    }
    replace(slot, modified(op.kind, op.object->size, op.value, before), op.order);
    return {.value = before, .success = true};
}

/// Reads the latest store. Requires: preemption is disabled.
template <int threads>
std::uint64_t RelacyRun<threads>::read_latest(Slot& slot, std::memory_order order) {
    // Relacy's compare-exchange reads the latest store; this one cannot succeed.
    std::uint64_t expected = ~slot.atomic().debug_value();
    slot.atomic().compare_exchange(rl::bool_t<false>(), expected, expected, to_relacy(order), to_relacy(order), info_);
    return expected;
}

/// Replaces the latest store by a read-modify-write. Requires: preemption is disabled.
template <int threads>
void RelacyRun<threads>::replace(Slot& slot, std::uint64_t desired, std::memory_order order) {
    std::uint64_t expected = slot.atomic().debug_value();
    slot.atomic().compare_exchange(rl::bool_t<false>(), expected, desired, to_relacy(order), rl::mo_relaxed, info_);
}

template <int threads>
void RelacyRun<threads>::access_plain(Object& object, Slot& slot, const Operation& op) {
    auto& thread = *rl::ctx().threadx_;
    const bool writes = op.kind == OperationKind::write;
    if (!writes && !object.initialised)
        fail(FailureKind::uninitialised_read, "plain data is read before it was written", op.site);
    if (writes && !object.initialised) {
        object.initialised = true;
        slot.plain->init(thread);
        return;
    }
    if (!(writes ? slot.plain->store(thread) : slot.plain->load(thread))) fail_race(object, writes, op.site);
}

template <int threads>
void RelacyRun<threads>::destroy(Object& object, Slot& slot, const Operation& op) {
    if (has_value(object.kind)) {
        if (!slot.waiting.empty())
            fail(FailureKind::use_after_free, "an atomic is destroyed while a thread waits on it", op.site);
        slot.atomic().~Atomic();
    } else {
        // No check for a race with the destruction: it is often ordered by a std::shared_ptr's counter, which no
        // engine sees. A use after it is found as such.
        rl::ctx().var_dtor(slot.plain);
    }
    object.alive = false;
}

template <int threads>
void RelacyRun<threads>::fail_race(Object& object, bool writes, Site site) {
    const auto& thread = *rl::ctx().threadx_;
    const auto& data = static_cast<const rl::var_data_impl<threads>&>(*slot(object).plain);
    std::optional<std::uint64_t> other;
    for (int i = 0; i != threads; ++i) {
        const bool unseen = thread.acq_rel_order_[i] < data.store_acq_rel_timestamp_[i] ||
                            (writes && thread.acq_rel_order_[i] < data.load_acq_rel_timestamp_[i]);
        if (unseen) other = number_of(i);
    }
    execution_.failure = Failure{.kind = FailureKind::data_race,
                                 .message = "two threads access '" + execution_.name_of(object) +
                                            "' at the same time, at least one of them writes",
                                 .site = site,
                                 .thread = thread_index(),
                                 .object = &object,
                                 .other_thread = other};
    stop_execution();
}

template <int threads>
void RelacyRun<threads>::fence(std::memory_order order) {
    rl::context& context = rl::ctx();
    switch (order) {
        case std::memory_order_relaxed:
            break;
        case std::memory_order_consume:
        case std::memory_order_acquire:
            context.atomic_thread_fence_acquire();
            break;
        case std::memory_order_release:
            context.atomic_thread_fence_release();
            break;
        case std::memory_order_acq_rel:
            context.atomic_thread_fence_acq_rel();
            break;
        case std::memory_order_seq_cst:
            context.atomic_thread_fence_seq_cst();
            break;
    }
}

template <int threads>
std::uint64_t RelacyRun<threads>::spawn(std::function<void()> body, Site site) {
    const AllocateFor engine(nullptr);
    const ExceptionsOfThisFiber exceptions;
    Step* const step = execution_.step(thread_index(), {.kind = OperationKind::spawn, .site = site});
    rl::context& context = rl::ctx();
    context.sched();
    if (std::cmp_equal(bodies_.size(), program_.spawned_threads)) {
        fail(
            FailureKind::misuse,
            "the model starts more threads than its dynamic_threads (" + std::to_string(program_.spawned_threads) + ")",
            site);
    }
    const auto number = static_cast<std::uint64_t>(program_.threads) + bodies_.size();
    bodies_.push_back(std::move(body));
    context.create_thread(
        +[](void*) -> void* { return nullptr; }, nullptr);
    if (step != nullptr) {
        step->result.value = number;
        step->finished = true;
    }
    return number;
}

template <int threads>
void RelacyRun<threads>::fail(FailureKind kind, std::string_view message, Site site) {
    const AllocateFor engine(nullptr);
    execution_.failure = Failure{.kind = kind, .message = std::string(message), .site = site, .thread = thread_index()};
    stop_execution();
}

/// Leaves the fiber for good; the search learns why from execution_.failure.
template <int threads>
void RelacyRun<threads>::stop_execution() {
    rl::ctx().fail_test("", rl::test_result_user_assert_failed, info_);
    std::abort();  // fail_test switches to the fiber of the search and is not resumed
}

template <int threads>
void RelacyRun<threads>::restart() {
    wants_restart_ = true;
    stop_execution();
}

}  // namespace heddle::engine::relacy
