// The only file that includes Relacy. It takes back the names that Relacy defines as macros, and keeps Relacy's
// replacements of the global allocation functions from being inlined: the linker then prefers the ones of
// allocation.cpp, which are not inline and know whether a program allocates.
#pragma once

#include <relacy/base.hpp>

#include "relacy_fibers.hpp"
#define fiber_t heddle::engine::relacy::Fiber

#include <relacy/thread_local_ctx.hpp>
#include <relacy/context_base.hpp>
#include <relacy/thread.hpp>
#include <relacy/history.hpp>
#include <relacy/memory.hpp>
#include <relacy/test_result.hpp>
#include <relacy/slab_allocator.hpp>
#include <relacy/test_params.hpp>
#include <relacy/random.hpp>
#include <relacy/foreach.hpp>
#include <relacy/random_scheduler.hpp>
#include <relacy/full_search_scheduler.hpp>
#include <relacy/context_bound_scheduler.hpp>

#ifdef __clang__
#    define inline __attribute__((noinline)) inline
#else
#    define inline __attribute__((noipa)) inline
#endif
#include <relacy/context.hpp>
#undef inline

#include <relacy/relacy.hpp>

#undef fiber_t
#undef new
#undef delete
#undef malloc
#undef calloc
#undef realloc
#undef free
#undef assert
#undef errno
#undef futex
#undef memory_order_relaxed
#undef memory_order_consume
#undef memory_order_acquire
#undef memory_order_release
#undef memory_order_acq_rel
#undef memory_order_seq_cst
#undef $
