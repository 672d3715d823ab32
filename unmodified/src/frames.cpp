#include "frames.hpp"

#include <unwind.h>

#include <array>
#include <cstddef>

namespace heddle::unmodified {

namespace {

struct Visit {
    const Modules& modules;
    const std::function<bool(const Frames&)>& visit;

    static _Unwind_Reason_Code at(_Unwind_Context* context, void* data) {
        const auto& self = *static_cast<const Visit*>(data);
        if (self.modules.is_own(_Unwind_GetIP(context))) return _URC_NO_REASON;
        // The registers that calls preserve, as debugging information counts them: rbx, rbp, r12 to r15.
        constexpr std::array<int, 6> numbers{3, 6, 12, 13, 14, 15};
        Frames frames;
        for (std::size_t at = 0; at != numbers.size(); ++at) frames.registers[at] = _Unwind_GetGR(context, numbers[at]);
        frames.begin = _Unwind_GetCFA(context);
        return self.visit(frames) ? _URC_NO_REASON : _URC_END_OF_STACK;
    }
};

}  // namespace

void visit_frames(const Modules& modules, const std::function<bool(const Frames&)>& visit) {
    Visit all{modules, visit};
    _Unwind_Backtrace(&Visit::at, &all);
}

}  // namespace heddle::unmodified
