"""The tests of a program have exactly the executions that they are said to have.

Usage: executions.py PROGRAM TABLE            as a table says: a line for each test, `NAME EXECUTIONS BLOCKED OUTCOME`
       executions.py PROGRAM --as OTHER       as the tests of those names of another program, on engine exhaustive
       executions.py PROGRAM --as OTHER --in-one-process     the same, many small ones: none of them may crash
       executions.py PROGRAM --as OTHER --but TABLE          the same, but for what the table says of them
       executions.py PROGRAM TABLE -- OPTION...              with options of the program
       executions.py --write PROGRAM TABLE [-- OPTION...]    writes the table
With `--by WORD` before all else, a line of a table that begins with `WORD:` is meant, where there is one for a test: what a compiler
leaves in frames decides which turns of a loop are in vain. There may be several, the last one before all others, and a table is
written for that, without what is the same anyway.
Exits 1 if a number or an outcome differs, or if a test is missing on either side; says what the other program claims.
"""
import json
import pathlib
import subprocess
import sys
import tempfile


def run(program, *arguments):
    done = subprocess.run([program, *arguments], capture_output=True, text=True)
    if done.returncode not in (0, 1):
        sys.exit(f"executions: {program}: {done.stdout}{done.stderr}")
    return done.stdout


def explored(program, options=()):
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        run(program, "--engine", "exhaustive", "--json", report.name, *options)
        return {one["model"]: (one["executions"], one["blocked"], one["kind"] or one["outcome"])
                for one in json.load(open(report.name))["models"]}


def explored_in_one_process(program, options=()):
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        run(program, "--gtest_brief=1", "--gtest_filter=exhaustive.*", f"--gtest_output=json:{report.name}")
        return {one["name"]: (int(one["executions"]), int(one["blocked"]), one["outcome"])
                for suite in json.load(open(report.name))["testsuites"] for one in suite["testsuite"]}


def rows_of(table):
    """By whom they are, or nobody, and by test."""
    rows = {}
    for line in pathlib.Path(table).read_text().splitlines():
        if line and not line.startswith("#"):
            who, _, row = line.rpartition(": ")
            name, executions, blocked, outcome = row.split()
            rows.setdefault(who, {})[name] = (int(executions), int(blocked), outcome)
    return rows


def said(table, by):
    rows = rows_of(table)
    return {name: row for who in ["", *by] for name, row in rows.get(who, {}).items()}


def claims(program):
    lines = (line.split(maxsplit=1) for line in run(program, "--list").splitlines())
    return {line[0]: line[1] for line in lines if len(line) == 2}


def write(program, table, options, by):
    path = pathlib.Path(table)
    head = [line for line in path.read_text().splitlines() if line.startswith("#")] if path.exists() else []
    rows = rows_of(table) if path.exists() else {}
    who = by[-1] if by else ""
    same = said(table, by[:-1]) if by and path.exists() else {}
    rows[who] = {name: row for name, row in explored(program, options).items() if same.get(name) != row}
    lines = [f"{who + ': ' if who else ''}{name} {executions} {blocked} {outcome}" for who in sorted(rows)
             for name, (executions, blocked, outcome) in sorted(rows[who].items())]
    path.write_text("\n".join(head + lines) + "\n")


def expected_of(wanted, find, by):
    if wanted[0] != "--as":
        return said(wanted[0], by)
    others = said(wanted[wanted.index("--but") + 1], by) if "--but" in wanted else {}
    return find(wanted[1]) | others


def main(*arguments):
    by = []
    while arguments[0] == "--by":
        (_, word), arguments = arguments[:2], arguments[2:]
        by.append(word)
    given = arguments.index("--") if "--" in arguments else len(arguments)
    (program, *wanted), options = arguments[:given], arguments[given + 1:]
    if program == "--write":
        return write(*wanted, options, by)
    find = explored_in_one_process if "--in-one-process" in wanted else explored
    expected = expected_of(wanted, find, by)
    found = find(program, options)
    different = sorted(name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name))
    claimed = claims(wanted[1]) if different and wanted[0] == "--as" else {}
    for name in different:
        print(f"{name}: {found.get(name, 'missing')}, expected {expected.get(name, 'nothing')}", claimed.get(name, ""))
    if not different:
        print(f"{len(found)} tests have exactly the {sum(one[0] for one in found.values())} executions that they must have")
    sys.exit(1 if different or not found else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
