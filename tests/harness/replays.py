"""Runs the failing executions of a program's broken twins again, each in a process of its own, as whoever has the token would.

usage: replays.py PROGRAM [--fixed FIXED] [--least N] [--filter GLOB]

Each must fail again in the same way and with the steps that the search has found, though addresses are others in each
process. FIXED is the same program with its faults mended: there the execution must not fail any more. --least: how many
there must be. --filter: of which models.
"""
import argparse
from concurrent.futures import ThreadPoolExecutor
import json
import re
import subprocess
import sys
import tempfile


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False)


def failures(program, which):
    """The verdict on each broken twin that failed with a token, as JSON has it."""
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        run(program, "--filter", f"{which},label:broken", "--workers", "2", "--json", report.name)
        with open(report.name, encoding="utf-8") as file:
            return [verdict for verdict in json.load(file)["models"] if verdict["replay"]]


def lines_shown(text):
    """The line in the source of each step that a report shows, in its order."""
    return [int(line) for line in re.findall(r"^ [ !] *\d+  \S*:(\d+) ", text, re.MULTILINE)]


def is_part_in_order(part, whole):
    rest = iter(whole)
    return all(any(one == other for other in rest) for one in part)


def fault_of(program, fixed, verdict):
    """What is wrong with the replay of a token; nothing if it is right."""
    replay = run(program, "--replay", verdict["replay"])
    if replay.returncode != 1 or "FAILED again" not in replay.stdout:
        return f"does not fail again: {replay.stdout}{replay.stderr}"
    if f"  {verdict['kind']}: {verdict['message']}"[:80] not in replay.stdout.replace("\n      ", " "):
        return f"fails otherwise than by {verdict['kind']}, {verdict['message']}: {replay.stdout}"
    steps, shown = verdict["counterexample"]["steps"], lines_shown(replay.stdout)
    if bool(shown) != bool(steps) or not is_part_in_order(shown, [step["place"]["line"] for step in steps]):
        return f"has other steps: {steps}, but {replay.stdout}"
    if fixed:
        mended = run(fixed, "--replay", verdict["replay"])
        if mended.returncode != 0 or "does not fail any more" not in mended.stdout:
            return f"status {mended.returncode} where the fault is mended: {mended.stdout}{mended.stderr}"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--fixed")
    parser.add_argument("--least", type=int, default=1)
    parser.add_argument("--filter", default="*")
    arguments = parser.parse_args()
    verdicts = failures(arguments.program, arguments.filter)
    with ThreadPoolExecutor(2) as pool:
        faults = list(pool.map(lambda verdict: fault_of(arguments.program, arguments.fixed, verdict), verdicts))
    for verdict, fault in zip(verdicts, faults):
        if fault:
            print(f"{verdict['model']} ({verdict['engine']}), {verdict['replay']}: {fault}")
    print(f"replays: {len(verdicts)} executions run again, {sum(map(bool, faults))} otherwise")
    if len(verdicts) < arguments.least:
        print(f"replays: at least {arguments.least} were expected")
    return 1 if any(faults) or len(verdicts) < arguments.least else 0


if __name__ == "__main__":
    sys.exit(main())
