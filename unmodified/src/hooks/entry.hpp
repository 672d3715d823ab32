// Hooks of which the program's frames and registers matter, as the caller has left them: the compiler of a function in C++
// would use the registers before anything there can note them.
#pragma once

#include <cstddef>

#include "thread_state.hpp"

namespace heddle::unmodified {
static_assert(offsetof(Frames, begin) == 48, "the entry stores it there");
static_assert(offsetof(ThreadState, in_program) == 0, "the entry looks there");
}  // namespace heddle::unmodified

/// What a hook goes on with that was made by HEDDLE_ENTRY.
#define HEDDLE_BODY extern "C" __attribute__((visibility("hidden"), used))
/// Makes `name` a hook that notes the frames of its caller in heddle_entered and goes on in `body`, a HEDDLE_BODY of the
/// same type. What heddle's own code calls on behalf of the program, as read() for debugging information, notes nothing:
/// the frames are still those of the program.
#define HEDDLE_ENTRY(name, body)                                   \
    __asm__(                                                       \
        ".pushsection .text\n"                                     \
        ".globl " #name                                            \
        "\n"                                                       \
        ".type " #name ", @function\n" #name                       \
        ":\n"                                                      \
        ".cfi_startproc\n"                                         \
        "movq _ZN6heddle10unmodified4selfE@gottpoff(%rip), %rax\n" \
        "cmpb $0, %fs:(%rax)\n"                                    \
        "je " #body                                                \
        "\n"                                                       \
        "movq heddle_entered@gottpoff(%rip), %rax\n"               \
        "movq %rbx, %fs:0(%rax)\n"                                 \
        "movq %rbp, %fs:8(%rax)\n"                                 \
        "movq %r12, %fs:16(%rax)\n"                                \
        "movq %r13, %fs:24(%rax)\n"                                \
        "movq %r14, %fs:32(%rax)\n"                                \
        "movq %r15, %fs:40(%rax)\n"                                \
        "leaq 8(%rsp), %r11\n"                                     \
        "movq %r11, %fs:48(%rax)\n"                                \
        "jmp " #body                                               \
        "\n"                                                       \
        ".cfi_endproc\n"                                           \
        ".size " #name ", .-" #name                                \
        "\n"                                                       \
        ".popsection\n");
