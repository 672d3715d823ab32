"""Whether each line of docs/verdicts.md about what a green does not mean is shown by a test, or printed in the row.

usage: verdict_lines.py PAGE LINES BUILD PROGRAM

LINES has an entry for each item below an engine's heading of PAGE and each row of its table of what a Platform cannot be asked:
the heading, the first words without marks, and what shows it: names of ctest's tests in BUILD, and in quotation marks what
PROGRAM, some models that hold, prints in the bounds of every row on that engine.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile


def lines_of(page):
    """Yields each heading's last word with the text of each of its items and rows."""
    heading, is_table = "", False
    for line in page.splitlines():
        if line.startswith("#"):
            heading = line.split()[-1].strip("`")
        elif line.startswith("- "):
            yield heading, plain(line[2:])
        elif line.startswith("|") and heading == "asked":
            if is_table and not line.startswith("|--"):
                yield heading, plain(line.split("|")[1])
            is_table = True


def plain(text):
    return re.sub(r"[`*]", "", text).strip()


def entries_of(text):
    for line in text.splitlines():
        if line and not line.startswith("#"):
            heading, begins, shown = (part.strip() for part in line.split("|"))
            yield (heading, begins), re.findall(r'"[^"]*"|[^\s,]+', shown)


def faults_of(page, entries, tests, bounds):
    unused = dict(entries)
    for heading, text in lines_of(page):
        if heading not in ("relacy", "exhaustive", "asked"):
            continue
        found = [key for key in unused if key[0] == heading and text.startswith(key[1])]
        if len(found) != 1:
            yield f"{heading}: {len(found)} entries, not one, for: {text}"
            continue
        shown = unused.pop(found[0])
        if not shown:
            yield f"{heading}: nothing shows: {text}"
        for name in shown:
            if name.startswith('"'):
                if not bounds[heading] or not all(name.strip('"') in row for row in bounds[heading]):
                    yield f"{heading}: {name} is not in the bounds of every row"
            elif name not in tests:
                yield f"{heading}: there is no test {name}"
    for heading, begins in unused:
        yield f"{heading}: no line begins with: {begins}"


def tests_in(build):
    listed = subprocess.run(["ctest", "--test-dir", build, "--show-only=json-v1"], capture_output=True, text=True, check=True)
    return {test["name"].split("  # GetParam")[0] for test in json.loads(listed.stdout)["tests"]}


def bounds_on(engine, program):
    with tempfile.TemporaryDirectory() as folder:
        written = pathlib.Path(folder, "verdicts.json")
        subprocess.run([program, "--engine", engine, "--json", str(written)], capture_output=True, check=True)
        return [row["bounds"] for row in json.loads(written.read_text(encoding="utf-8"))["models"]]


def main():
    page, lines, build, program = sys.argv[1:]
    bounds = {engine: bounds_on(engine, program) for engine in ("relacy", "exhaustive")}
    entries = list(entries_of(pathlib.Path(lines).read_text(encoding="utf-8")))
    faults = list(faults_of(pathlib.Path(page).read_text(encoding="utf-8"), entries, tests_in(build), bounds))
    for fault in faults:
        print(fault)
    print(f"{len(entries)} lines, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
