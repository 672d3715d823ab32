"""The tests of a program have exactly the executions that they are said to have.

Usage: executions.py PROGRAM TABLE            as a table says: a line for each test, `NAME EXECUTIONS BLOCKED OUTCOME`
       executions.py PROGRAM --as OTHER       as the tests of those names of another program, on engine exhaustive
Exits 1 if a number or an outcome differs, or if a test is missing on either side.
"""
import json
import pathlib
import subprocess
import sys
import tempfile


def explored(program):
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        run = subprocess.run([program, "--engine", "exhaustive", "--json", report.name], capture_output=True, text=True)
        if run.returncode not in (0, 1):
            sys.exit(f"executions: {program}: {run.stdout}{run.stderr}")
        return {one["model"]: (one["executions"], one["blocked"], one["kind"] or one["outcome"])
                for one in json.load(open(report.name))["models"]}


def said(table):
    lines = (line.split() for line in pathlib.Path(table).read_text().splitlines() if line and not line.startswith("#"))
    return {name: (int(executions), int(blocked), outcome) for name, executions, blocked, outcome in lines}


def main(program, *wanted):
    expected = explored(wanted[1]) if wanted[0] == "--as" else said(wanted[0])
    found = explored(program)
    faults = [f"{name}: {found.get(name, 'missing')}, expected {expected.get(name, 'nothing')}"
              for name in sorted(found.keys() | expected.keys()) if found.get(name) != expected.get(name)]
    print("\n".join(faults) or f"{len(found)} tests have exactly the executions that they must have")
    sys.exit(1 if faults or not found else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
