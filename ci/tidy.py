"""Runs clang-tidy over the translation units of a build, several headers or sources of a target as one; each finding once.

Usage: tidy.py BUILD [FILE...]
BUILD is configured with HEDDLE_BATCHES, and its compile_commands.json is read. With FILE only units that have one of them.
Exit status: 0 nothing found; 1 findings, or a unit that could not be looked at; 2 called wrongly.
"""
import concurrent.futures
import fnmatch
import functools
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parent.parent
AT_ONCE = 12
SECONDS = 300
# Woven headers come first where the target is -mutated; tests, benchmarks and examples of the manual are not looked at.
LEFT_OUT = re.compile(r"-mutated\.dir|/(tests|bench|rapidcheck)/|_examples\.cpp")
# Are written to be compiled alone: they define what others only declare, and say `using namespace`.
ALONE = re.compile(r"/engine/")
# Are instances for each kind of engine: one finds what is to be found, in half of the time.
MODELS = re.compile(r"/heddle-models\.dir/")
TARGET = re.compile(r"CMakeFiles/([^/]+)\.dir/")
HEADER_OF_ITS_OWN = re.compile(r"/([^/]+)_verify_interface_header_sets/(.*)\.cxx$")
BEGINS = re.compile(r"^(?:[^ ]+:\d+:\d+: )?(?:warning|error): |^tidy: ")  # of what is in no file, too
FINDING = re.compile(r"^([^ ]+):\d+:\d+: (?:warning|error): .*\[([^],]+)(?:,-warnings-as-errors)?\]$", re.M)


class Unit:
    """A source that is handed to clang-tidy: `files` are those of the tree that it stands for."""

    def __init__(self, name, files, directory, command):
        self.name, self.files, self.directory, self.command = name, files, directory, command


def run(words):
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=SECONDS)


def included_by(batch):
    return [pathlib.Path(name) for name in re.findall(r'#include "([^"]+)"', batch.read_text())]


def batches_of(group, entries, lines_of, build):
    """What a build compiles one by one with the same flags, some at a time."""
    for begin in range(0, len(entries), AT_ONCE):
        some = entries[begin:begin + AT_ONCE]
        batch = build / "batches" / f"{group}_{begin // AT_ONCE}.cxx"
        batch.parent.mkdir(exist_ok=True)
        batch.write_text("".join(lines_of(entry["file"]) for entry in some))
        command = some[0]["command"].replace(some[0]["file"], str(batch))
        yield Unit(str(batch), [pathlib.Path(entry["file"]) for entry in some], some[0]["directory"], command)


def units_of(build):
    """The units of the build; sources and public headers, which it compiles one by one, together by target."""
    headers, sources = {}, {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        if LEFT_OUT.search(entry["command"]):
            continue
        header = HEADER_OF_ITS_OWN.search(entry["file"])
        target = TARGET.search(entry["command"])
        if header:
            headers.setdefault(header[1], []).append(entry)
        elif "/Unity/" in entry["file"]:
            yield Unit(entry["file"], included_by(pathlib.Path(entry["file"])), entry["directory"], entry["command"])
        elif target and not ALONE.search(entry["file"]):
            sources.setdefault(target[1], []).append(entry)
        else:
            yield Unit(entry["file"], [pathlib.Path(entry["file"])], entry["directory"], entry["command"])
    for target, entries in headers.items():
        yield from batches_of(f"{target}-headers", entries, lambda file: pathlib.Path(file).read_text(), build)
    for target, entries in sources.items():
        yield from batches_of(target, entries, lambda file: f'#include "{file}"\n', build)


def look_at(unit, where):
    """What clang-tidy says of a unit: whether it could look, and the findings."""
    where.mkdir(parents=True, exist_ok=True)
    (where / "compile_commands.json").write_text(
        json.dumps([{"directory": unit.directory, "command": unit.command, "file": unit.name}]))
    words = ["clang-tidy", "-p", str(where), "--quiet", f"--config-file={ROOT / '.clang-tidy'}", "--warnings-as-errors=*",
             *(["--extra-arg=-DHEDDLE_WITHOUT_FIBERS"] if MODELS.search(unit.command) else []), unit.name]
    try:
        done = run(words)
    except subprocess.TimeoutExpired:
        return f"tidy: {unit.name}: not looked at to the end: {SECONDS} seconds are over\n"
    if done.returncode != 0 and not any(FINDING.match(line) for line in done.stdout.splitlines()):
        said = textwrap.indent(done.stdout + done.stderr, "    ")
        return f"tidy: {shlex.join(words)} ends with {done.returncode}:\n{said}"
    return done.stdout


@functools.cache
def checks_in(directory):
    """The patterns of checks that are on for sources of a directory: the last that matches decides."""
    dumped = run(["clang-tidy", "--dump-config", str(directory / "any.cpp")]).stdout
    return json.loads(re.search(r"^Checks: +(.*)$", dumped, re.M)[1]).replace("\n", "").split(",")


def counts(finding):
    """Whether the directory of the file that a finding is in asks for the check. A unit can have files of several."""
    in_file = FINDING.match(finding)
    if not in_file:
        return True
    deciding = [one for one in checks_in(pathlib.Path(in_file[1]).parent) if fnmatch.fnmatchcase(in_file[2], one.lstrip("-"))]
    return not (deciding and deciding[-1].startswith("-"))


def findings_in(text):
    """Each finding with the lines that belong to it."""
    finding = []
    for line in text.splitlines():
        if BEGINS.match(line) and finding:
            yield "\n".join(finding)
            finding = []
        finding.append(line)
    if finding:
        yield "\n".join(finding)


def main():
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    build = pathlib.Path(sys.argv[1])
    asked = [pathlib.Path(name).resolve() for name in sys.argv[2:]]
    units = [unit for unit in units_of(build) if not asked or any(file.resolve() in asked for file in unit.files)]
    without_unit = [str(file) for file in asked if not any(file in [one.resolve() for one in unit.files] for unit in units)]
    if without_unit or not units:
        print(f"tidy: no unit has {', '.join(without_unit) or 'anything to look at'}", file=sys.stderr)
        sys.exit(2)
    seen = set()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as at_once:
        looks = [at_once.submit(look_at, unit, build / "looks" / str(number)) for number, unit in enumerate(units)]
        for look in looks:
            for finding in findings_in(look.result()):
                if finding not in seen and counts(finding):
                    print(finding, flush=True)
                    seen.add(finding)
    print(f"tidy: {len(units)} units with {sum(len(unit.files) for unit in units)} files, {len(seen)} findings")
    sys.exit(1 if seen else 0)


if __name__ == "__main__":
    main()
