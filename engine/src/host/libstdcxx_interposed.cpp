// What waits inside of libstdc++'s own shared library: a call of the program ends there, and not in the C library.
#include "interposed.hpp"

#define HEDDLE_REFUSE_MEMBER(member, name, what, instead) \
    HEDDLE_INTERPOSE_WORDS(member, name, HEDDLE_REFUSE_UNSEEN(HEDDLE_CALLER, what, instead))

#define HEDDLE_REFUSE_CONDITION(member, name) \
    HEDDLE_REFUSE_MEMBER(member, name, "a std::condition_variable", "heddle::condition_variable<P>")
HEDDLE_REFUSE_CONDITION(wait, "_ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE")
HEDDLE_REFUSE_CONDITION(notify_one, "_ZNSt18condition_variable10notify_oneEv")
HEDDLE_REFUSE_CONDITION(notify_all, "_ZNSt18condition_variable10notify_allEv")

// std::atomic_load and its like of a std::shared_ptr.
#define HEDDLE_REFUSE_SHARED_POINTER(member, name)                                                     \
    HEDDLE_REFUSE_MEMBER(member, name, "the functions of <memory> that make a std::shared_ptr atomic", \
                         "a P::atomic pointer, or a lock")
HEDDLE_REFUSE_SHARED_POINTER(lock_one, "_ZNSt10_Sp_lockerC1EPKv")
HEDDLE_REFUSE_SHARED_POINTER(lock_two, "_ZNSt10_Sp_lockerC1EPKvS1_")
