"""CPython's own classes on some of the work of bench/primitives.cpp, in the same form of report.

Usage: cpython.py MEASUREMENTS.json [REPETITIONS]
"""
import json
import queue
import sys
import threading
import time

ROUNDS = 20_000


def lock_and_unlock(lock):
    for _ in range(ROUNDS):
        lock.acquire()
        lock.release()


def nested(lock):
    with lock:
        lock_and_unlock(lock)


def ping_pong(lock):
    condition = threading.Condition(lock)
    turn = [False]

    def play(mine):
        for _ in range(ROUNDS):
            with condition:
                while turn[0] != mine:
                    condition.wait()
                turn[0] = not mine
                condition.notify()

    in_threads(lambda: play(False), lambda: play(True))


def set_event(event):
    event.set()
    for _ in range(ROUNDS):
        event.wait()


def hand_over(semaphores):
    def play(take, give):
        for _ in range(ROUNDS):
            give.release()
            take.acquire()

    in_threads(lambda: play(*semaphores), lambda: play(*reversed(semaphores)))


def meet(barrier):
    def play():
        for _ in range(ROUNDS):
            barrier.wait()

    in_threads(*[play] * barrier.parties)


def start_and_join(_):
    for _ in range(ROUNDS):
        in_threads(lambda: None)


def put_and_get(items):
    for _ in range(ROUNDS):
        items.put(0)
        items.get()


def pass_on(items):
    def put():
        for _ in range(ROUNDS):
            items.put(0)

    def get():
        for _ in range(ROUNDS):
            items.get()

    in_threads(put, get)


def in_threads(*bodies):
    threads = [threading.Thread(target=body) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


WORK = {
    "lock and unlock": (lock_and_unlock, threading.Lock),
    "recursive lock and unlock": (lock_and_unlock, threading.RLock),
    "recursive lock, nested": (nested, threading.RLock),
    "condition, ping-pong": (ping_pong, threading.Lock),
    "event, already set": (set_event, threading.Event),
    "semaphore, one thread": (lock_and_unlock, lambda: threading.Semaphore(1)),
    "semaphore, hand-over": (hand_over, lambda: (threading.Semaphore(0), threading.Semaphore(0))),
    "barrier of 2": (meet, lambda: threading.Barrier(2)),
    "barrier of 4": (meet, lambda: threading.Barrier(4)),
    "start and join a thread": (start_and_join, lambda: None),
    "queue, one thread, int": (put_and_get, queue.Queue),
    "queue, 1x1, unbounded, int": (pass_on, queue.Queue),
    "queue, 1x1, maxsize 1024, int": (pass_on, lambda: queue.Queue(1024)),
    "queue, 1x1, maxsize 16, int": (pass_on, lambda: queue.Queue(16)),
    "queue, 1x1, maxsize 1, int": (pass_on, lambda: queue.Queue(1)),
}


def main(measurements, repetitions="3"):
    runs = []
    for work, (body, make) in WORK.items():
        for _ in range(int(repetitions)):
            subject = make()
            begin = time.perf_counter_ns()
            body(subject)
            runs.append({"run_type": "iteration", "name": f"{work}/cpython",
                         "real_time": (time.perf_counter_ns() - begin) / ROUNDS})
    with open(measurements, "w", encoding="utf-8") as file:
        json.dump({"benchmarks": runs}, file)


main(*sys.argv[1:])
