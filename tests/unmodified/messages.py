"""The tests of a program fail with the messages that a table says.

Usage: messages.py PROGRAM TABLE      the table has a line for each test, `NAME KIND MESSAGE`: how its failure's message begins
Exits 1 if one fails otherwise, or not at all, or if a test is missing on either side.
"""
import json
import pathlib
import sys
import tempfile

from executions import run


def told(program):
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        run(program, "--engine", "exhaustive", "--json", report.name)
        return {one["model"]: f"{one['kind']} {one['message']}" for one in json.load(open(report.name))["models"]}


def main(program, table):
    lines = (line.split(maxsplit=1) for line in pathlib.Path(table).read_text().splitlines() if line[:1] not in ("", "#"))
    expected = dict(lines)
    found = told(program)
    faults = [f"{name}: {found.get(name, 'missing')}, expected {expected.get(name, 'nothing')}"
              for name in sorted(found.keys() | expected.keys())
              if name not in expected or not found.get(name, "").startswith(expected[name])]
    print("\n".join(faults) or f"{len(found)} tests fail with the messages that they must have")
    sys.exit(1 if faults or not found else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
