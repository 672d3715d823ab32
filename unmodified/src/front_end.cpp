#include "front_end.hpp"

#include <pthread.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <iterator>
#include <locale>
#include <sstream>

#include <fmt/format.h>

#include "digest.hpp"
#include "hooks/eventfd.hpp"
#include "hooks/exceptions.hpp"
#include "hooks/futex_queue.hpp"
#include "hooks/thread_attributes.hpp"
#include "lost_memory.hpp"

extern "C" char __libc_single_threaded;  // NOLINT: the C library's own name

namespace heddle::unmodified {

FrontEnd* front_end = nullptr;

namespace {

/// Before the program's initialisers, which come after those of the libraries that it uses.
__attribute__((constructor)) void begin() {
    static FrontEnd one;
    one.modules.look();
    front_end = &one;
}

/// What libraries make when they are first used, and keep: it must not be made in an execution, whose memory goes.
void use_libraries_once() {
    std::stringstream text;
    int number = 0;
    double fraction = 0;
    bool truth = false;
    text << 1 << ' ' << 1.5 << ' ' << true;
    text >> number >> fraction >> truth;
    const auto& letters = std::use_facet<std::ctype<char>>(std::locale::classic());
    char letter = letters.widen('a');
    letters.narrow(&letter, &letter + 1, letter, &letter);
    try {
        throw 1;
    } catch (int) {
    }
}

}  // namespace

std::string text_of(engine::Site site) {
    const std::string_view path = site.file_name();
    return fmt::format("{}:{}", path.substr(path.rfind('/') + 1), site.line());
}

void FrontEnd::open() {
    shadow.open();
    use_libraries_once();
    library_state.take();
    std::vector<Range> memory = modules.writable();
    if (early_heap.used().size() != 0) memory.push_back(early_heap.used());
    image_.take(memory);
}

void FrontEnd::begin_exploration() {
    const OutsideProgram outside;
    monitors_are_looked_at = takes_as_strong_ = false;
    wake_ups.begin_exploration();
    counted_loops.begin_exploration();
    heap.begin_exploration();
}

void FrontEnd::take_as_strong() {
    if (takes_as_strong_) return;
    const OutsideProgram outside;
    takes_as_strong_ = true;
    run_->leave_out(
        "a compare_exchange_weak that fails without a cause: the compiler does not tell it from a strong one");
}

void FrontEnd::begin_run(engine::Run& run, engine::Witness& witness) {
    const OutsideProgram outside;
    run_ = &run;
    witness_ = &witness;
    if (image_.is_taken()) {
        image_.restore();
        library_state.restore();
    } else open();
    accesses.begin_run();
    objects.begin_run();
    futex_words.begin_run();
    threads.begin_run();
    heap.begin_run();
    futex_queue.begin_run();
    event_counters.begin_run();
    thread_attributes.begin_run();
    throws.begin_run();
    wake_ups.begin_run();
    counted_loops.begin_run();
    stepping_loops.begin_run();
    names.begin_run();
    __libc_single_threaded = 0;  // or shared_ptr would count without atomics
}

void FrontEnd::begin_thread(unsigned thread) {
    const OutsideProgram outside;
    storage.renew(thread, modules);
    storage.state(thread).is_watched = witness_->is_recording();
}

std::uintptr_t FrontEnd::thread_pointer(unsigned thread) {
    if (!storage.is_open()) storage.open(modules);
    return storage.pointer(thread);
}

engine::Site FrontEnd::thrown_at() { return throws.of_handled(); }

engine::Site FrontEnd::crashed_at(std::span<const std::uintptr_t> calls) {
    const OutsideProgram outside;
    const auto is_own = [this](auto call) { return modules.is_seen(call - 1); };
    const auto own = std::find_if(calls.begin(), calls.end(), is_own);
    if (own == calls.end()) return {};
    Calls callers;  // as they were found on the stack
    for (auto call = calls.end(); --call != own;)
        if (is_own(*call))
            callers.enter({.called_from = *call, .frame = static_cast<std::uintptr_t>(call - calls.begin())});
    return sites.of(*own, callers).site;
}

std::string FrontEnd::lost(const std::vector<std::span<const std::byte>>& blocks) {
    const OutsideProgram outside;
    std::vector<Range> roots = modules.writable();
    roots.insert(roots.end(), modules.unseen_writable().begin(), modules.unseen_writable().end());
    roots.push_back(early_heap.used());
    roots.push_back(LibraryState::environment());
    // The first thread lasts as long as the program.
    for (const ThreadLocal& memory : modules.thread_local_memory()) roots.push_back(storage.of(Threads::first, memory));
    const Blocks lost = lost_of(blocks, roots);
    if (lost.empty()) return {};
    std::string text = fmt::format("{} block(s) of memory were never freed", lost.size());
    if (!witness_->is_recording()) return text;
    constexpr std::size_t most_shown = 3;
    const Blocks first = first_of_lost(lost);
    for (std::size_t at = 0; at != std::min(first.size(), most_shown); ++at)
        text += (at == 0 ? ": " : ", ") + heap.name_in_full(reinterpret_cast<std::uintptr_t>(first[at].data()));
    return text + (first.size() > most_shown ? fmt::format(" and {} more", first.size() - most_shown) : "");
}

engine::OperationResult FrontEnd::perform(engine::Operation operation, std::uintptr_t caller, bool tells_all) {
    const OutsideProgram outside;
    loops.before_step();
    return look(operation, caller, tells_all);
}

engine::OperationResult FrontEnd::look(engine::Operation operation, std::uintptr_t caller, bool tells_all) {
    const OutsideProgram outside;
    wake_ups.before_step();
    polling_loops.before_step();
    stepping_loops.come_to_step(caller);
    operation.site = site(caller);
    self.tells_all = tells_all;
    const engine::OperationResult result = run_->perform(operation);
    self.tells_all = false;
    self.done = mixed(mixed(self.done, caller), result.value);
    note_events();
    polling_loops.after_step();
    if (operation.object != nullptr && !operation.object->alive)  // others ran before it was this thread's turn
        fail(objects.use_of_ended(*operation.object), caller,
             "memory is used after another thread has given it to another purpose");
    return result;
}

bool FrontEnd::try_lock(engine::Object* lock, std::uintptr_t address, const Frames& frames, std::uintptr_t caller) {
    if (loops.look_again(address, frames, caller)) return false;
    if (!look({.kind = engine::OperationKind::try_lock, .object = lock}, caller).success) {
        loops.looked(address, caller, 1);
        loops.try_failed(caller);
        return false;
    }
    loops.after_step();
    return true;
}

bool FrontEnd::lock_until(std::chrono::nanoseconds deadline, engine::Object* lock, std::uintptr_t caller) {
    timed_waits.begin(deadline, caller);
    const bool has_it =
        perform({.kind = engine::OperationKind::lock, .object = lock, .deadline = deadline}, caller).success;
    if (!has_it) {
        timed_waits.timed_out(caller);
        timed_waits.go_on(caller);
    }
    return has_it;
}

engine::Object* FrontEnd::atomic_at(const engine::Operation& operation, std::uintptr_t address, std::uint8_t size,
                                    std::uintptr_t caller) {
    threads.note_access(address, caller);
    accesses.check_atomic(operation, address, size, caller);
    const bool is_known = (*shadow.written(address) & cell::atomic_here) != 0;
    if (is_known && !objects.is_at(address)) fail_overlap(address, size, address, caller);
    std::uint64_t initial = 0;
    std::memcpy(&initial, reinterpret_cast<const void*>(address), size);
    engine::Object* const object = objects.at(address, engine::ObjectKind::atomic, size, initial, caller);
    for (std::size_t byte = is_known ? size : 0; byte != size; ++byte) {
        if ((shadow.written(address)[byte] & cell::atomic_here) != 0)
            fail_overlap(address, size, address + byte, caller);
        Cell& written = shadow.written(address)[byte];
        written = static_cast<Cell>((written & ~cell::freed) | cell::atomic_here);
    }
    self.latest_atomics.note(address, object);
    names.note_atomic(address, size, caller);
    return object;
}

void FrontEnd::check_is_followed(std::uintptr_t caller) {
    if (modules.is_followed(caller)) return;
    const OutsideProgram outside;
    fail(engine::FailureKind::misuse, caller,
         "code without hooks synchronises threads: " + modules.name_of(caller) +
             "; compile it with the flags of heddle_instrument()");
}

engine::Object* FrontEnd::lockable_at(const void* memory, engine::ObjectKind kind, std::uintptr_t caller,
                                      std::uint32_t first) {
    check_is_followed(caller);
    constexpr std::size_t first_bytes = 4;
    const auto address = reinterpret_cast<std::uintptr_t>(memory);
    threads.note_access(address, caller);
    accesses.check_atomic({.kind = engine::OperationKind::read}, address, first_bytes, caller);
    // A library's own lock: its owner is noted in it, and the execution may end before it is free again.
    if (!objects.is_at(address) && modules.is_unseen_memory(address))
        image_.note({address, address + sizeof(pthread_mutex_t)});
    engine::Object* const object = objects.at(address, kind, first_bytes, first, caller);
    for (std::size_t byte = 0; byte != first_bytes; ++byte) shadow.written(address)[byte] |= cell::atomic_here;
    return object;
}

void FrontEnd::write_through(std::uintptr_t address, const engine::Object& object) {
    if (witness_->is_imagining()) return;
    const std::uint64_t latest = witness_->latest(object);
    std::memcpy(reinterpret_cast<void*>(address), &latest, object.size);  // little-endian, as all that this runs on
}

void FrontEnd::fail(engine::FailureKind kind, std::uintptr_t caller, std::string_view message) {
    const OutsideProgram outside;
    wake_ups.before_step();  // a trial has gone wrong, not an execution
    run_->fail(kind, message, site(caller));
    std::abort();  // not reached
}

void FrontEnd::cut_off(std::string_view after, engine::Site place) {
    const OutsideProgram outside;
    witness_->give_up(fmt::format("what a thread does after {} at {}", after, text_of(place)));
}

void FrontEnd::fail_between(engine::Conflict conflict, std::uintptr_t address, std::uintptr_t caller) {
    const OutsideProgram outside;
    const bool frees = conflict.here.kind == engine::OperationKind::destroy;
    std::string message = fmt::format(
        "{}: {}",
        conflict.kind == engine::FailureKind::double_free ? "memory is given back twice"
        : conflict.kind == engine::FailureKind::data_race ? "two threads access memory at the same time"
        : conflict.kind == engine::FailureKind::misuse ? "memory gets another purpose while another thread may use it"
        : frees                                        ? "memory is given back while another thread may still use it"
                                                       : "memory is used after it was given back",
        names.in_full(address));
    if (conflict.object == nullptr && !conflict.access)  // no step will show it
        message += fmt::format(", thread {} by something that has no place", number_of(conflict.other));
    if (!witness_->is_recording()) fail(conflict.kind, caller, message);
    wake_ups.before_step();  // as in fail()
    conflict.message = message;
    conflict.name = names.for_report(address);
    conflict.created = heap.site_of(address);
    conflict.here.site = site(caller);
    witness_->fail_between(conflict);
    std::abort();  // not reached
}

void FrontEnd::fail_overlap(std::uintptr_t address, std::uint8_t size, std::uintptr_t shared, std::uintptr_t caller) {
    std::uintptr_t begin = 0;
    const engine::Object* const other = objects.around(shared, begin);
    const FutexWords::Bytes there{begin, other->size};
    futex_words.learn({address, size}, there, *other);
    fail(engine::FailureKind::misuse, caller, futex_words.overlap({address, size}, there, *other));
}

}  // namespace heddle::unmodified
