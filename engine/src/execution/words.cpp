#include "words.hpp"

#include <cxxabi.h>

#include <cstdlib>
#include <string_view>

namespace heddle::engine {

Place place_of(std::string_view path, std::uint32_t line) {
    constexpr std::string_view include = "/include/";
    if (const auto found = path.rfind(include); found != std::string_view::npos) {
        path.remove_prefix(found + include.size());
    } else if (const auto last = path.rfind('/'); last != std::string_view::npos && last != 0) {
        const auto before = path.rfind('/', last - 1);
        if (before != std::string_view::npos) path.remove_prefix(before + 1);
    }
    return {std::string(path), line};
}

Place place_of(const Site& site) { return place_of(site.file_name(), site.line()); }

}  // namespace heddle::engine

namespace heddle::engine::words {

namespace {

std::string text_of(Site where) {
    const Place place = place_of(where);
    return place.file + ":" + std::to_string(place.line);
}

}  // namespace

std::string left_by_exception(const std::type_info* type, const char* what) {
    std::string message = "an exception left the thread";
    if (type != nullptr) {
        int status = 0;
        char* const name = abi::__cxa_demangle(type->name(), nullptr, nullptr, &status);
        message.append(": ").append(status == 0 ? name : type->name());
        std::free(name);
    }
    return what == nullptr ? message : message + ": " + what;
}

std::string race_on(std::string_view object) {
    return "two threads access '" + std::string(object) + "' at the same time, at least one of them writes";
}

std::string destroyed_in_use(std::string_view object) {
    return "a thread destroys '" + std::string(object) + "' while another may still use it";
}

std::string destroyed_twice(std::string_view object) { return "'" + std::string(object) + "' is destroyed twice"; }

std::string used_after_end(std::string_view object) {
    return "'" + std::string(object) + "' is used after its destruction";
}

std::string used_after_overwriting(std::string_view object) {
    return "'" + std::string(object) + "' is used, but its memory was overwritten";
}

std::string never_destroyed(std::string_view object) { return "'" + std::string(object) + "' was never destroyed"; }

std::string never_freed(std::uint64_t blocks) {
    return std::to_string(blocks) + " block(s) of memory were never freed";
}

std::string waits_without_yield(Site where, bool is_adopted) {
    const std::string text = "a thread goes round for ever in the loop at " + text_of(where) + ", which only looks";
    return is_adopted ? text : text + " and does not say that it waits: it wants a P::yield()";
}

std::string spins_for_ever(std::size_t looks) {
    std::string text = "a thread waits in a loop for what no other thread is left to write";
    if (looks != 0) text += ", or gives up after more looks than the " + std::to_string(looks) + " that are followed";
    return text;
}

std::string yields_for_ever(Site where) {
    return "a thread yields for ever in the loop at " + text_of(where) + ", and looks at nothing";
}

std::string yields_too_often(unsigned yields, Site where) {
    return "what a thread does after more than " + std::to_string(yields) + " yields in the loop at " + text_of(where) +
           ", which writes in each round";
}

std::string looks_count(Site where) {
    return "other numbers of looks than none and all in the loop at " + text_of(where) +
           ", which counts them and gives up";
}

std::string looks_too_often(std::size_t looks, Site where) {
    return "what a thread does after more than " + std::to_string(looks) + " looks in the loop at " + text_of(where) +
           ", or because of their number: it counts them";
}

std::string more_turns_than_tried(std::size_t tried) {
    return "what a thread does because of what it has seen in a loop that waits, after the first " +
           std::to_string(tried) + " different turns of all loops";
}

std::string alike_in_each_order(std::string_view why) {
    return "threads that are declared alike were explored in each order: " + std::string(why);
}

std::string not_alike(std::uint64_t thread, std::uint64_t other) {
    return "threads that are declared alike behaved differently: thread " + std::to_string(thread) +
           " does something else here than thread " + std::to_string(other) + " did";
}

std::string times_out_too_often(unsigned time_outs) {
    return "what a thread does after more than " + std::to_string(time_outs) +
           " time-outs (time_outs declares how many)";
}

std::string preempted_too_often(unsigned preemptions) {
    return "interleavings with more than " + std::to_string(preemptions) + " preemptions";
}

std::string none_came_to_its_end(std::string_view cut) {
    return "no execution was explored to its end, since this is left out: " + std::string(cut);
}

std::string not_so_many_threads(int threads, std::string_view engine, unsigned most) {
    return "the model has " + std::to_string(threads) + " threads; " + std::string(engine) + " takes 1 to " +
           std::to_string(most);
}

std::string one_thread_too_many(int spawned_threads) {
    return "the model starts more threads than its dynamic_threads (" + std::to_string(spawned_threads) + ")";
}

std::string no_room_to_wait(unsigned threads) {
    return "a model of " + std::to_string(threads) + " threads waits where it is constructed or in after()";
}

}  // namespace heddle::engine::words
