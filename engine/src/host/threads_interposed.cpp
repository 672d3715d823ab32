// The threads of C, and what threads of the system have for themselves: all threads of a model are one to the system.
#include "interposed.hpp"

#define HEDDLE_REFUSE_C(name, instead) HEDDLE_REFUSE_WORDS(name, "the threads of C (" #name ")", instead)
#define HEDDLE_REFUSE_MTX(name) HEDDLE_REFUSE_C(name, "heddle::mutex<P>")
HEDDLE_REFUSE_MTX(mtx_lock)
HEDDLE_REFUSE_MTX(mtx_timedlock)
HEDDLE_REFUSE_MTX(mtx_trylock)
HEDDLE_REFUSE_MTX(mtx_unlock)
#define HEDDLE_REFUSE_CND(name) HEDDLE_REFUSE_C(name, "heddle::condition_variable<P>")
HEDDLE_REFUSE_CND(cnd_wait)
HEDDLE_REFUSE_CND(cnd_timedwait)
HEDDLE_REFUSE_CND(cnd_signal)
HEDDLE_REFUSE_CND(cnd_broadcast)
HEDDLE_REFUSE_C(call_once, "heddle::once_flag<P>")
HEDDLE_REFUSE_C(thrd_create, "heddle::thread<P>")
HEDDLE_REFUSE_C(thrd_join, "heddle::thread<P>")
HEDDLE_REFUSE_C(thrd_detach, "heddle::thread<P>")
HEDDLE_REFUSE_C(thrd_exit, "a return from its function")

#define HEDDLE_REFUSE_OWN(name, what, instead)                                                                 \
    HEDDLE_INTERPOSE_WORDS(name, #name,                                                                        \
                           heddle::engine::refuse(HEDDLE_CALLER, "asks for " what " (" #name ")",              \
                                                  "and all threads of a model are one to the system; what it " \
                                                  "needs is " instead))
#define HEDDLE_REFUSE_IDENTITY(name) HEDDLE_REFUSE_OWN(name, "the thread of the system that runs it", "P::thread_id()")
HEDDLE_REFUSE_IDENTITY(gettid)
HEDDLE_REFUSE_IDENTITY(thrd_current)
HEDDLE_INTERPOSE_WORDS(pthread_self, "pthread_self",
                       heddle::engine::refuse(HEDDLE_CALLER,
                                              "asks for the thread of the system that runs it "
                                              "(std::this_thread::get_id, pthread_self)",
                                              "and all threads of a model are one to the system; what it needs is "
                                              "P::thread_id()"))
#define HEDDLE_REFUSE_SPECIFIC(name) HEDDLE_REFUSE_OWN(name, "data of the system's threads", "a thread_local variable")
HEDDLE_REFUSE_SPECIFIC(pthread_setspecific)
HEDDLE_REFUSE_SPECIFIC(pthread_getspecific)
HEDDLE_REFUSE_SPECIFIC(tss_set)
HEDDLE_REFUSE_SPECIFIC(tss_get)
HEDDLE_REFUSE_OWN(sched_getcpu, "the processor that runs it", "P::thread_id()")
