// Files, pipes and sockets: what is in them, and when, is no part of an execution. A model may read a table or write a line;
// that it did is said in the verdict.
#include "interposed.hpp"

#include <unistd.h>

#include <heddle/engine/run.hpp>

namespace heddle::engine {

namespace {

void note_files(const char* does) {
    if (Watch::in_program())
        Run::current()->leave_out(std::string("what files, pipes and sockets do, which no engine sees (") + does + ")");
}

}  // namespace

}  // namespace heddle::engine

#define HEDDLE_NOTE(name) HEDDLE_INTERPOSE_WORDS(name, #name, heddle::engine::note_files(#name))
HEDDLE_NOTE(open)
HEDDLE_NOTE(open64)
HEDDLE_NOTE(openat)
HEDDLE_NOTE(openat64)
HEDDLE_NOTE(creat)
HEDDLE_NOTE(fopen)
HEDDLE_NOTE(fopen64)
HEDDLE_NOTE(opendir)
HEDDLE_NOTE(pipe)
HEDDLE_NOTE(pipe2)
HEDDLE_NOTE(eventfd)
HEDDLE_NOTE(memfd_create)
HEDDLE_NOTE(shm_open)
HEDDLE_NOTE(socket)
HEDDLE_NOTE(socketpair)
HEDDLE_NOTE(accept)
HEDDLE_NOTE(recv)
HEDDLE_NOTE(send)

/// Of the one that a process begins with nobody need be told: it is how a model prints.
#define HEDDLE_NOTE_DESCRIPTOR(name) \
    HEDDLE_INTERPOSE_WORDS(name, #name, if (a > STDERR_FILENO) heddle::engine::note_files(#name))
HEDDLE_NOTE_DESCRIPTOR(read)
HEDDLE_NOTE_DESCRIPTOR(write)
