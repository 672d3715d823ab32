#!/usr/bin/env python3
"""Compares what two builds of heddle-bench-engines measure, round by round, so that a change of the machine's pace slows
both: per row the median of the ratios of executions a second, and the worst and best.
Usage: against.py BEFORE NOW [ROUNDS [SECONDS]]
Exits 1 if a row is slower than 0.97 of before.
"""
import json
import statistics
import subprocess
import sys

SLOWER = 0.97


def measured(executable, seconds):
    """Row -> (executions, executions a second) of the exhaustive engine."""
    rows = {}
    for line in subprocess.run([executable, seconds], check=True, capture_output=True, text=True).stdout.splitlines():
        row = json.loads(line)
        if row.get("engine", "exhaustive") == "exhaustive" and row["exhausted"]:
            name = row.get("family") or row["program"]
            rows[name, row["threads"], row.get("locations", "-"), row["rounds"]] = row["executions"], row["rate"]
    return rows


def main():
    if not 3 <= len(sys.argv) <= 5:
        sys.exit(__doc__)
    before, now = sys.argv[1:3]
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    seconds = sys.argv[4] if len(sys.argv) > 4 else "1"
    pairs = {}
    for _ in range(rounds):
        old, new = measured(before, seconds), measured(now, seconds)
        for row in old.keys() & new.keys():
            pairs.setdefault(row, []).append((old[row], new[row]))
    if not pairs:
        sys.exit("against: the two builds have no row in common")
    slower = 0
    print("| program | threads / locations / rounds | executions before, now | pace now / before: median, worst and best |")
    print("|---|---|---|---|")
    for row, values in sorted(pairs.items(), key=str):
        # Where the number of executions is another one now, the time to exhaust is what compares.
        ratios = [(was[0] / was[1]) / (is_now[0] / is_now[1]) for was, is_now in values]
        ratio = statistics.median(ratios)
        slower += ratio < SLOWER
        name, threads, locations, steps = row
        print(f"| {name} | {threads} / {locations} / {steps} | {values[0][0][0]:,}, {values[0][1][0]:,} "
              f"| **{ratio:.2f}** ({min(ratios):.2f} to {max(ratios):.2f}) |")
    print(f"\n{len(pairs)} rows, {slower} slower than {SLOWER} of before")
    sys.exit(1 if slower else 0)


if __name__ == "__main__":
    main()
