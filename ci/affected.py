"""Runs the tests that changed files can affect, by what the programs of a build are made of.

Usage: affected.py BUILD FILE... -- [ctest arguments]
A test whose command is no program of this build, such as a script, is run whatever has changed.
"""
import functools
import json
import os
import pathlib
import subprocess
import sys


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def objects_of(build, changed):
    """The object files that are compiled from a changed file."""
    wanted = {os.path.realpath(name) for name in changed}
    real = functools.cache(lambda name: os.path.realpath(os.path.join(build, name)))  # most objects have the same headers
    found, current = set(), ""
    for line in run("ninja", "-C", build, "-t", "deps").splitlines():
        if line.startswith("    "):
            if real(line.strip()) in wanted:
                found.add(current)
        elif line:
            current = line.split(":")[0]
    return found


def programs(build, tests):
    known = {test["command"][0] for test in tests if test.get("command")}
    made = {line.split(":")[0] for line in run("ninja", "-C", build, "-t", "targets", "all").splitlines()}
    below = {os.path.relpath(name, build): name for name in known if os.path.realpath(name).startswith(build + "/")}
    return {path: name for path, name in below.items() if path in made}  # others are scripts that were configured


def indices(build, changed, arguments):
    """The numbers of the tests that are left, as ctest counts them."""
    listed = run("ctest", "--test-dir", build, "--show-only=json-v1", *arguments)
    tests = json.loads(listed[listed.index("{"):])["tests"]
    everything = json.loads((lambda text: text[text.index("{"):])(run("ctest", "--test-dir", build, "--show-only=json-v1")))
    number = {test["name"]: index for index, test in enumerate(everything["tests"], 1)}
    objects = objects_of(build, changed)
    made = programs(build, tests)
    untouched = {path for name, path in made.items()
                 if objects.isdisjoint(run("ninja", "-C", build, "-t", "inputs", name).split())}
    return [number[test["name"]] for test in tests if test.get("command", [""])[0] not in untouched]


def main():
    split = sys.argv.index("--")
    build, changed, arguments = os.path.realpath(sys.argv[1]), sys.argv[2:split], sys.argv[split + 1:]
    left = indices(build, changed, arguments)
    if not left:
        sys.exit("affected: no test")
    print(f"affected: {len(left)} tests", flush=True)
    chosen = pathlib.Path(build) / "affected-tests"
    chosen.write_text("0,0,0," + ",".join(map(str, left)))
    os.execvp("ctest", ["ctest", "--test-dir", build, "--output-on-failure", "--no-tests=error", "--parallel",
                        str(os.cpu_count()), "--tests-information", str(chosen)])


if __name__ == "__main__":
    main()
