"""A compiler that is told to do without what heddle needs learns it from the first error, whichever header comes first.

Usage: refusals.py CXX ROOT    exits 1 and lists the headers whose first error says something else
"""
import concurrent.futures
import os
import pathlib
import subprocess
import sys

ROOMS = ("platform", "impl", "engine", "harness", "checker", "properties")
THROWS = ("platform", "impl", "checker", "properties")  # an engine's own headers do without exceptions
CASES = (("-std=c++17", "heddle needs C++20", ROOMS, "*.hpp"),
         ("-fno-exceptions", "compile without -fno-exceptions", THROWS, "*.hpp"))


def first_error(compiler, root, header, flag):
    includes = [argument for room in ROOMS for argument in ("-I", str(root / room / "include"))]
    command = [compiler, "-std=c++20", flag, "-fsyntax-only", "-Wfatal-errors", "-x", "c++", *includes, str(header)]
    messages = subprocess.run(command, capture_output=True, text=True).stderr.splitlines()
    return next((line for line in messages if "error: " in line), "no error at all")


def main(compiler, root):
    root = pathlib.Path(root)
    asked = [(header, flag, says) for flag, says, rooms, names in CASES for room in rooms
             for header in sorted((root / room / "include").rglob(names))]
    if not asked:
        sys.exit(f"refusals: no headers below {root}")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        errors = list(pool.map(lambda one: first_error(compiler, root, one[0], one[1]), asked))
    faults = [f"{header.relative_to(root)} {flag}: {error}"
              for (header, flag, says), error in zip(asked, errors) if says not in error]
    print("\n".join(faults + [f"refusals: {len(asked)} asked for, {len(faults)} not clear"]))
    sys.exit(1 if faults else 0)


main(*sys.argv[1:])
