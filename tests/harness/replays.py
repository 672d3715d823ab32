"""Runs the failing executions of a program's broken twins again, each in a process of its own, as whoever has the token would.

usage: replays.py PROGRAM [--fixed FIXED] [--least N]

Each must fail again in the same way, with the same steps in two processes. FIXED is the same program with its faults mended:
there the execution must not fail any more. --least: how many there must be.
"""
import argparse
import json
import re
import subprocess
import sys
import tempfile


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False)


def failures(program):
    """(model, engine, kind, token) of each broken twin that failed."""
    twins = [line.split()[0] for line in run(program, "--list").stdout.splitlines() if "[broken twin: " in line]
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        for twin in twins:
            run(program, "--filter", twin, "--json", report.name)
            with open(report.name, encoding="utf-8") as file:
                for verdict in json.load(file)["models"]:
                    if verdict["replay"]:
                        yield verdict["model"], verdict["engine"], verdict["kind"], verdict["replay"]


def fault_of(program, fixed, kind, token):
    """What is wrong with the replays of a token; nothing if they are right."""
    first, second = run(program, "--replay", token), run(program, "--replay", token)
    if first.returncode != 1 or "FAILED again" not in first.stdout:
        return f"does not fail again: {first.stdout}{first.stderr}"
    if not re.search(rf"\b{kind}\b", first.stdout):
        return f"fails otherwise than by {kind}: {first.stdout}"
    if first.stdout != second.stdout:
        return f"has other steps in another process: {first.stdout}{second.stdout}"
    if fixed:
        mended = run(fixed, "--replay", token)
        if mended.returncode != 0 or "does not fail any more" not in mended.stdout:
            return f"status {mended.returncode} where the fault is mended: {mended.stdout}{mended.stderr}"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--fixed")
    parser.add_argument("--least", type=int, default=1)
    arguments = parser.parse_args()
    tried = faults = 0
    for model, engine, kind, token in failures(arguments.program):
        tried += 1
        if fault := fault_of(arguments.program, arguments.fixed, kind, token):
            faults += 1
            print(f"{model} ({engine}), {token}: {fault}")
    print(f"replays: {tried} executions run again, {faults} otherwise")
    if tried < arguments.least:
        print(f"replays: at least {arguments.least} were expected")
    return 1 if faults or tried < arguments.least else 0


if __name__ == "__main__":
    sys.exit(main())
