#!/usr/bin/env python3
"""Compares what two builds of heddle-bench-engines measure, row by row and turn by turn, so that a change of the machine's
pace is in both: per row the median of the ratios of the time to explore it, and the worst and best.
Usage: against.py BEFORE NOW [ROUNDS [SECONDS]]    SECONDS: of a turn
Exits 1 if a row is slower than 0.97 of before.
"""
import json
import statistics
import subprocess
import sys

SLOWER = 0.97


def output_of(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def measured(executable, row, seconds):
    found = json.loads(output_of(executable, "--row", row, "--seconds", seconds))
    return found if found["exhausted"] else None


def main():
    if not 3 <= len(sys.argv) <= 5:
        sys.exit(__doc__)
    before, now = sys.argv[1:3]
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 11
    seconds = sys.argv[4] if len(sys.argv) > 4 else "0.1"
    known = output_of(now, "--list").splitlines()
    rows = [row for row in output_of(before, "--list").splitlines() if row in known]
    if not rows:
        sys.exit("against: the two builds have no row in common")
    slower = 0
    print("| program, threads / locations / rounds | executions before, now | pace now / before: median, worst and best |")
    print("|---|---|---|")
    for row in rows:
        pairs = [(measured(before, row, seconds), measured(now, row, seconds)) for _ in range(rounds)]
        if None in pairs[0]:
            print(f"| {row} | | not exhausted |", flush=True)
            continue
        # Where the number of executions is another one now, the time to exhaust is what compares.
        ratios = [was["executions"] / was["rate"] / (is_now["executions"] / is_now["rate"])
                  for was, is_now in pairs if was and is_now]
        ratio = statistics.median(ratios)
        slower += ratio < SLOWER
        print(f"| {row} | {pairs[0][0]['executions']:,}, {pairs[0][1]['executions']:,} "
              f"| **{ratio:.2f}** ({min(ratios):.2f} to {max(ratios):.2f}) |", flush=True)
    print(f"\n{len(rows)} rows, {slower} slower than {SLOWER} of before")
    sys.exit(1 if slower else 0)


if __name__ == "__main__":
    main()
