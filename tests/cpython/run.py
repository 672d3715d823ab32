"""Runs CPython's own tests of threads, locks and queues on heddle's classes.

Usage: run.py MODULE_DIRECTORY [--rounds N] [--only SUITE] [--listed FILE]

Each test of the suites below must pass or be listed in not_applicable.txt with the reason why it says nothing about
heddle; so must each test of CPython's modules that no suite has. A listed test that does not exist is an error too.
CPython's classes are replaced where the tests look them up; the threads that the tests start are heddle's in those of
_thread, of Thread and of local, and CPython's elsewhere.
"""
import importlib
import pathlib
import sys
import types
import unittest
import weakref

arguments = sys.argv[1:]


def argument(name, otherwise):
    return arguments[arguments.index(name) + 1] if name in arguments else otherwise


rounds = int(argument("--rounds", 1))
only = argument("--only", "")
list_of_others = pathlib.Path(argument("--listed", pathlib.Path(__file__).parent / "not_applicable.txt"))
sys.path.insert(0, arguments[0])

import heddle_python as heddle  # noqa: E402


def Condition(lock=None):
    if lock is None:
        return heddle.ConditionOverRLock()
    return (heddle.ConditionOverLock if isinstance(lock, heddle.Lock) else heddle.ConditionOverRLock)(lock)


objects = weakref.WeakValueDictionary()  # what Python code knows threads as, by ident


def as_object(handle):
    return objects.get(handle.ident, handle)


class Thread:
    """threading.Thread's interface to heddle.Thread; what a thread does and when is heddle's."""

    def __init__(self, group=None, target=None, name=None, args=(), kwargs=None, *, daemon=None):
        assert group is None, "group argument must be None for now"
        self._target, self._args, self._kwargs = target, args, kwargs or {}
        self._heddle = heddle.Thread(self._body, name or "", daemon)

    def _body(self):
        objects[heddle.get_ident()] = self
        self.run()

    def run(self):
        try:
            if self._target is not None:
                self._target(*self._args, **self._kwargs)
        finally:
            del self._target, self._args, self._kwargs

    def start(self):
        self._heddle.start()

    def join(self, timeout=None):
        self._heddle.join() if timeout is None else self._heddle.join(timeout)

    def is_alive(self):
        return self._heddle.is_alive()

    ident = property(lambda self: self._heddle.ident)
    native_id = property(lambda self: self._heddle.native_id)

    @property
    def name(self):
        return self._heddle.name

    @name.setter
    def name(self, name):
        self._heddle.name = name

    @property
    def daemon(self):
        return self._heddle.daemon

    @daemon.setter
    def daemon(self, daemon):
        self._heddle.daemon = daemon

    def __repr__(self):
        state = "initial" if self.ident is None else "started" if self.is_alive() else "stopped"
        words = [state, *["daemon"] * self.daemon, *[str(self.ident)] * (self.ident is not None)]
        return f"<{type(self).__name__}({self.name}, {' '.join(words)})>"


class Timer(Thread):
    def __init__(self, interval, function, args=None, kwargs=None):
        super().__init__()
        self.function, self.args, self.kwargs = function, args or [], kwargs or {}
        self._heddle = heddle.Timer(interval, lambda: self.function(*self.args, **self.kwargs))

    def cancel(self):
        self._heddle.cancel()


class LocalImplementation:
    """The part of CPython's _threading_local that keeps a dictionary for each thread."""

    def __init__(self):
        self._dictionaries = heddle.LocalDict()

    def get_dict(self):
        known = self._dictionaries.find()
        if known is None:
            raise KeyError("this thread has none")
        return known

    def create_dict(self):
        return self._dictionaries.get()


def module(base, **replaced):
    """A copy of a module in which some names mean something else."""
    copy = types.ModuleType(base.__name__)
    copy.__dict__.update(base.__dict__)
    copy.__dict__.update(replaced)
    return copy


import threading  # noqa: E402
import queue  # noqa: E402

import _threading_local  # noqa: E402
from test import lock_tests, test_queue, test_thread, test_threading_local  # noqa: E402
from test import support  # noqa: E402
from test.support import import_helper  # noqa: E402

support.verbose = False

on_heddle = module(threading, Lock=heddle.Lock, RLock=heddle.RLock, Condition=Condition, Event=heddle.Event,
                   Semaphore=heddle.Semaphore, BoundedSemaphore=heddle.BoundedSemaphore, Barrier=heddle.Barrier,
                   BrokenBarrierError=heddle.BrokenBarrierError)
lock_tests.threading = on_heddle
queues_on_heddle = module(queue, Queue=heddle.Queue, LifoQueue=heddle.LifoQueue, PriorityQueue=heddle.PriorityQueue,
                          SimpleQueue=heddle.SimpleQueue, Empty=heddle.Empty, Full=heddle.Full)
# CPython's queue.py, with heddle's locks and conditions underneath.
queue_py = import_helper.import_fresh_module("queue", blocked=["_queue"])
queue_py.threading = on_heddle
# CPython's threading.py, whose conditions, events, semaphores and barriers are written in Python, with heddle's locks
# underneath; and a copy of the tests that looks its classes up there.
threading_py = import_helper.import_fresh_module("threading")
threading_py.Lock = threading_py._allocate_lock = heddle.Lock
threading_py._CRLock = heddle.RLock
lock_tests_py = import_helper.import_fresh_module("test.lock_tests")
lock_tests_py.threading = threading_py
test_thread.thread = module(test_thread.thread, allocate_lock=heddle.Lock, LockType=heddle.Lock,
                            start_new_thread=heddle.start_new_thread, stack_size=heddle.stack_size)


threads_on_heddle = module(on_heddle, Thread=Thread, Timer=Timer, active_count=heddle.active_count,
                           current_thread=lambda: as_object(heddle.current_thread()),
                           enumerate=lambda: [as_object(handle) for handle in heddle.enumerate()],
                           get_ident=heddle.get_ident, get_native_id=heddle.get_native_id,
                           main_thread=heddle.main_thread, stack_size=heddle.stack_size)
heddle.set_excepthook(lambda kind, value, trace: threads_on_heddle.excepthook(
    threading.ExceptHookArgs([kind, value, trace, threads_on_heddle.current_thread()])))
_threading_local._localimpl = LocalImplementation
_threading_local.RLock = heddle.RLock
test_threading_local.threading = module(threads_on_heddle, local=_threading_local.local)
sys.modules["threading"] = threads_on_heddle  # its classes derive from Thread when it is imported
test_threading = importlib.import_module("test.test_threading")
sys.modules["threading"] = threading


def derived(name, *bases, **attributes):
    return type(name, (*bases, unittest.TestCase), attributes)


SUITES = [
    derived("Lock", lock_tests.LockTests, locktype=heddle.Lock),
    derived("RLock", lock_tests.RLockTests, locktype=heddle.RLock),
    derived("ConditionAsRLock", lock_tests.RLockTests, locktype=staticmethod(Condition)),
    derived("Condition", lock_tests.ConditionTests, condtype=staticmethod(Condition)),
    derived("Event", lock_tests.EventTests, eventtype=heddle.Event),
    derived("Semaphore", lock_tests.SemaphoreTests, semtype=heddle.Semaphore),
    derived("BoundedSemaphore", lock_tests.BoundedSemaphoreTests, semtype=heddle.BoundedSemaphore),
    derived("Barrier", lock_tests.BarrierTests, barriertype=heddle.Barrier),
    derived("RLockPy", lock_tests_py.RLockTests, locktype=threading_py._PyRLock),
    derived("ConditionAsRLockPy", lock_tests_py.RLockTests, locktype=threading_py.Condition),
    derived("ConditionPy", lock_tests_py.ConditionTests, condtype=threading_py.Condition),
    derived("EventPy", lock_tests_py.EventTests, eventtype=threading_py.Event),
    derived("SemaphorePy", lock_tests_py.SemaphoreTests, semtype=threading_py.Semaphore),
    derived("BoundedSemaphorePy", lock_tests_py.BoundedSemaphoreTests, semtype=threading_py.BoundedSemaphore),
    derived("BarrierPy", lock_tests_py.BarrierTests, barriertype=threading_py.Barrier),
    derived("Queue", test_queue.QueueTest, queue=queues_on_heddle),
    derived("LifoQueue", test_queue.LifoQueueTest, queue=queues_on_heddle),
    derived("PriorityQueue", test_queue.PriorityQueueTest, queue=queues_on_heddle),
    derived("SimpleQueue", test_queue.CSimpleQueueTest, queue=queues_on_heddle),
    derived("QueuePy", test_queue.QueueTest, queue=queue_py),
    derived("LifoQueuePy", test_queue.LifoQueueTest, queue=queue_py),
    derived("PriorityQueuePy", test_queue.PriorityQueueTest, queue=queue_py),
    derived("FailingQueuePy", test_queue.FailingQueueTest, queue=queue_py),
    derived("SimpleQueuePy", test_queue.PySimpleQueueTest, queue=queue_py),
    derived("ThreadRunning", test_thread.ThreadRunningTests),
    derived("ThreadBarrier", test_thread.BarrierTest),
    derived("Local", test_threading_local.BaseLocalTest, _local=_threading_local.local),
    derived("Thread", test_threading.ThreadTests),
    derived("ThreadExceptions", test_threading.ThreadingExceptionTests),
    derived("ExceptHook", test_threading.ExceptHookTests),
    derived("Timer", test_threading.TimerTests),
    derived("ThreadLock", test_thread.LockTests, locktype=heddle.Lock),
]


MODULES = [lock_tests, test_queue, test_thread, test_threading, test_threading_local]


def functions(cls):
    return {name: function for name, function in vars(cls).items() if name.startswith("test") and callable(function)}


def tests_of_no_suite():
    """The tests of CPython's modules that the suites leave out, as MODULE.CLASS.NAME."""
    run = {function for suite in SUITES for base in suite.__mro__ for function in functions(base).values()}
    for source in MODULES:
        for cls in vars(source).values():
            if isinstance(cls, type) and cls.__module__ == source.__name__:
                for name, function in functions(cls).items():
                    if function not in run:
                        yield f"{source.__name__.removeprefix('test.')}.{cls.__name__}.{name}"


class Result(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.passed = []

    def addSuccess(self, test):
        self.passed.append(test)


def name_of(test):
    return f"{type(test).__name__}.{test._testMethodName}"


def listed():
    reasons = {}
    for line in list_of_others.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            name, _, reason = line.partition(":")
            if not reason.strip():
                sys.exit(f"{list_of_others}: no reason for {name}")
            reasons[name.strip()] = reason.strip()
    return reasons


def main():
    reasons = listed()
    loader = unittest.defaultTestLoader
    tests = [test for suite in SUITES if only in ("", suite.__name__) for test in loader.loadTestsFromTestCase(suite)]
    others = set(tests_of_no_suite())
    names = {name_of(test) for test in tests} | others
    faults = [] if only else [f"{list_of_others} lists {name}, which does not exist" for name in sorted(set(reasons) - names)]
    faults += [f"{name} is in no suite and is not listed" for name in sorted(others - set(reasons))]
    for _ in range(rounds):
        result = Result()
        for test in tests:
            if name_of(test) not in reasons:
                test.run(result)
        for test, trace in result.failures + result.errors:
            faults.append(f"{name_of(test)} does not pass and is not listed:\n{trace}")
        faults += [f"{name_of(test)} was skipped: {why}" for test, why in result.skipped]
        print(f"{len(result.passed)} of CPython's tests pass on heddle, {len(reasons)} do not apply", flush=True)
        if not result.passed:
            faults.append("not one test was run")
    print("\n".join(faults))
    sys.exit(1 if faults else 0)


main()
