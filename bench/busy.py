#!/usr/bin/env python3
"""Measures the rows of heddle-bench-primitives that heddle and std share where the machine is not theirs alone: with nothing
else, with one and two busy processes beside, on one processor, and with twice as many threads as processors (several copies
of the program where one has fewer).

Usage: busy.py PROGRAM PAGE.md [ROUNDS [ROW]]    ROW: a regular expression; without one, the table in the page is replaced
The two are measured one after the other, and first in turns, so that a change of the machine's pace is in both. A ratio of 2
means that heddle takes half of std's time; it is the median of the rounds' ratios.
Exits 1 if a row is below 0.8 of std where the machine is busy.
"""
import collections
import contextlib
import json
import os
import re
import statistics
import subprocess
import sys

import page

LEAST = 0.8
SECONDS = "0.05"  # of a measurement: some ten times as long as a thread may run at a stretch
IDLE = "nothing else"
ONE_CORE = "one processor"
MANY = "twice as many threads"
BUSY = {IDLE: 0, "1 busy": 1, "2 busy": 2, ONE_CORE: 0, MANY: 0}  # processes, by load

# It ends with the one that started it, however that ends.
BUSY_PROCESS = "import os\nwhile os.getppid() == {}:\n    for n in range(1000000): pass\n"

Row = collections.namedtuple("Row", "work names threads")


def rows_of(program, wanted):
    names = subprocess.run([program, "--benchmark_list_tests"], check=True, capture_output=True, text=True).stdout
    works = collections.defaultdict(dict)
    for name in names.splitlines():
        work, who = name.split("/")[:2]
        works[work][who] = name
    for work, by in works.items():
        if "heddle" in by and "std" in by and re.search(wanted, work):
            threads = re.search(r"/threads:(\d+)", by["heddle"])
            yield Row(work, by, int(threads[1]) if threads else 1)


@contextlib.contextmanager
def busy_processes(count):
    command = [sys.executable, "-c", BUSY_PROCESS.format(os.getpid())]
    processes = [subprocess.Popen(command) for _ in range(count)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


def measured(program, row, who, load):
    """Returns: nanoseconds; of several copies at the same time, their mean."""
    allowed = os.sched_getaffinity(0)
    copies = max(1, -(-2 * len(allowed) // row.threads)) if load == MANY else 1
    command = [program, f"--benchmark_filter=^{row.names[who]}$", f"--benchmark_min_time={SECONDS}",
               "--benchmark_format=json"]
    if load == ONE_CORE:
        command = ["taskset", "--cpu-list", str(max(allowed)), *command]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) for _ in range(copies)]
    outputs = [process.communicate()[0] for process in running]
    if any(process.returncode for process in running):
        sys.exit(f"busy: {' '.join(command)} failed")
    return statistics.mean(json.loads(output)["benchmarks"][0]["real_time"] for output in outputs)


def ratios_of(program, row, load, rounds):
    ratios = []
    for n in range(rounds):
        order = ("heddle", "std") if n % 2 else ("std", "heddle")
        times = {who: measured(program, row, who, load) for who in order}
        ratios.append(times["std"] / times["heddle"])
    return sorted(ratios)


def table(rows, found, rounds):
    lines = [f"| work | {' | '.join(BUSY)} | worst: median, worst and best round |", "|---|" + "---|" * (len(BUSY) + 1)]
    for row in rows:
        by = {load: found[load, row.work] for load in BUSY}
        worst = min((ratios for load, ratios in by.items() if load != IDLE), key=statistics.median)
        cells = " | ".join(f"{statistics.median(ratios):.2f}" for ratios in by.values())
        lines.append(f"| {row.work} | {cells} | **{statistics.median(worst):.2f}** ({worst[0]:.2f} to {worst[-1]:.2f}) |")
    lines.append(f"\nMeasured with {os.cpu_count()} CPUs, {rounds} rounds, medians.")
    return "\n".join(lines) + "\n"


def main():
    if not 3 <= len(sys.argv) <= 5:
        sys.exit(__doc__)
    program, path = sys.argv[1:3]
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 7
    rows = list(rows_of(program, sys.argv[4] if len(sys.argv) > 4 else ""))
    if not rows:
        sys.exit("busy: no row has this name")
    found = {}
    for load, count in BUSY.items():
        print(f"busy: {len(rows)} rows with {load}", file=sys.stderr)
        with busy_processes(count):
            for row in rows:
                found[load, row.work] = ratios_of(program, row, load, rounds)
    measured_table = table(rows, found, rounds)
    print(measured_table)
    if len(sys.argv) < 5:
        page.replace(path, "busy", measured_table)
    below = [f"{work}, {load}" for (load, work), ratios in found.items()
             if load != IDLE and statistics.median(ratios) < LEAST]
    print(f"{len(rows)} rows, {len(below)} of {len(rows) * (len(BUSY) - 1)} measurements below {LEAST} of std")
    for each in below:
        print(f"  {each}")
    sys.exit(1 if below else 0)


if __name__ == "__main__":
    main()
