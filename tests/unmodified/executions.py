"""The tests of a program have exactly the executions that they are said to have.

Usage: executions.py PROGRAM TABLE            as a table says: a line for each test, `NAME EXECUTIONS BLOCKED OUTCOME`
       executions.py PROGRAM --as OTHER       as the tests of those names of another program, on engine exhaustive
       executions.py PROGRAM --as OTHER --in-one-process     the same, many small ones: none of them may crash
       executions.py PROGRAM TABLE -- OPTION...              with options of the program
       executions.py --write PROGRAM TABLE [-- OPTION...]    writes the table
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


def said(table):
    lines = (line.split() for line in pathlib.Path(table).read_text().splitlines() if line and not line.startswith("#"))
    return {name: (int(executions), int(blocked), outcome) for name, executions, blocked, outcome in lines}


def claims(program):
    lines = (line.split(maxsplit=1) for line in run(program, "--list").splitlines())
    return {line[0]: line[1] for line in lines if len(line) == 2}


def write(program, table, options):
    path = pathlib.Path(table)
    head = [line for line in path.read_text().splitlines() if line.startswith("#")] if path.exists() else []
    rows = [f"{name} {executions} {blocked} {outcome}"
            for name, (executions, blocked, outcome) in sorted(explored(program, options).items())]
    path.write_text("\n".join(head + rows) + "\n")


def main(*arguments):
    given = arguments.index("--") if "--" in arguments else len(arguments)
    (program, *wanted), options = arguments[:given], arguments[given + 1:]
    if program == "--write":
        return write(*wanted, options)
    find = explored_in_one_process if "--in-one-process" in wanted else explored
    expected = find(wanted[1]) if wanted[0] == "--as" else said(wanted[0])
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
