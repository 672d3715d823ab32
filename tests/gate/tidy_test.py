"""What ci/tidy.py makes of a build, with a clang-tidy that is a script here: a finding is told once and is red, one that the
directory of its file does not ask for is none, and what could not be looked at is red, too.

Usage: tidy_test.py SOURCES     the root of heddle's sources
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

SOURCES = pathlib.Path(sys.argv[1]).resolve()
HOOK = SOURCES / "unmodified/src/hooks/atomics.cpp"  # whose directory does not ask for names
LOCK = SOURCES / "models/lock.cpp"

STAND_IN = """#!/bin/sh
case "$*" in
*--dump-config*hooks/*) echo 'Checks:  "-*,readability-*,\\\\nbugprone-*,-readability-identifier-naming"' ;;
*--dump-config*) echo 'Checks:  "-*,readability-*,\\\\nbugprone-*"' ;;
*) for last; do :; done; cat "$last.says"; exit $(cat "$last.status") ;;
esac
"""


def finding(file, check, text="a finding"):
    return f"{file}:1:1: error: {text} [{check},-warnings-as-errors]\n    the line\n    ^\n"


class Build:
    def __init__(self, directory):
        self.at = pathlib.Path(directory)
        self.entries = []
        stand_in = self.at / "bin/clang-tidy"
        stand_in.parent.mkdir()
        stand_in.write_text(STAND_IN)
        stand_in.chmod(0o755)

    def add(self, name, text="", says="", status=0, command="c++ -c"):
        """A source below the build that clang-tidy says something about."""
        source = self.at / name
        source.parent.mkdir(parents=True, exist_ok=True)
        source.write_text(text)
        pathlib.Path(f"{source}.says").write_text(says)
        pathlib.Path(f"{source}.status").write_text(str(status))
        self.entries.append({"directory": str(self.at), "command": f"{command} {source}", "file": str(source)})

    def looked_at(self, *arguments):
        (self.at / "compile_commands.json").write_text(json.dumps(self.entries))
        path = f"{self.at / 'bin'}:{os.environ['PATH']}"
        words = [sys.executable, str(SOURCES / "ci/tidy.py"), str(self.at), *map(str, arguments)]
        return subprocess.run(words, capture_output=True, text=True, check=False, env={**os.environ, "PATH": path})


def expect(done, status, *texts):
    assert done.returncode == status, (done.returncode, done.stdout, done.stderr)
    for text in texts:
        assert text in done.stdout + done.stderr, (text, done.stdout, done.stderr)


def with_a_build(test):
    with tempfile.TemporaryDirectory() as directory:
        test(Build(directory))


def names(build):
    """Two sources as one, both with a name that only one of their directories asks for; another unit says the same again."""
    both = finding(HOOK, "readability-identifier-naming") + finding(LOCK, "readability-identifier-naming")
    build.add("Unity/unity_0_cxx.cxx", f'#include "{HOOK}"\n#include "{LOCK}"\n', both, 1)
    build.add("one.cpp", says=finding(LOCK, "readability-identifier-naming"), status=1)
    build.add("woven.cpp", says=finding(LOCK, "bugprone-none"), status=1, command="c++ -o models-mutated.dir/woven.o")
    done = build.looked_at()
    expect(done, 1, str(LOCK), "2 units with 3 files, 1 findings")
    assert str(HOOK) not in done.stdout, done.stdout
    expect(build.looked_at(HOOK), 1, "1 units with 2 files, 1 findings")
    expect(build.looked_at(SOURCES / "models/queue.cpp"), 2, "no unit has", "models/queue.cpp")


def nothing_found(build):
    build.add("one.cpp", says=finding(HOOK, "readability-identifier-naming"), status=1)
    build.add("two.cpp")
    expect(build.looked_at(), 0, "2 units with 2 files, 0 findings")


def a_unit_that_cannot_be_looked_at(build):
    build.add("one.cpp", status=134)
    build.add("two.cpp", says="error: unable to read a file [clang-diagnostic-error]\n", status=1)
    expect(build.looked_at(), 1, "ends with 134", "unable to read a file", "2 findings")


def an_error_after_what_is_no_finding(build):
    none = finding(HOOK, "readability-identifier-naming")
    build.add("one.cpp", says=none + "error: unable to read a file [clang-diagnostic-error]\n", status=1)
    done = build.looked_at()
    expect(done, 1, "unable to read a file", "1 findings")
    assert str(HOOK) not in done.stdout, done.stdout


def headers(build):
    """Thirteen headers of one target are two units."""
    for number in range(13):
        build.add(f"room_verify_interface_header_sets/header_{number}.hpp.cxx", f"#include <header_{number}.hpp>\n")
    for number in range(2):
        build.add(f"batches/room-headers_{number}.cxx", says=finding(LOCK, "bugprone-none", f"in batch {number}"), status=1)
    del build.entries[13:]
    expect(build.looked_at(), 1, "in batch 0", "in batch 1", "2 units with 13 files, 2 findings")
    assert "header_11.hpp" in (build.at / "batches/room-headers_0.cxx").read_text()
    assert "header_12.hpp" in (build.at / "batches/room-headers_1.cxx").read_text()


def sources(build):
    """Sources of one target are looked at together; those of a room that is written to be compiled alone are not."""
    for name in ("room/one.cpp", "room/two.cpp"):
        build.add(name, command="c++ -o CMakeFiles/room.dir/some.o -c")
    for name in ("engine/one.cpp", "engine/two.cpp"):
        build.add(name, command="c++ -o CMakeFiles/engine.dir/some.o -c", says=finding(LOCK, "bugprone-none", name), status=1)
    build.add("batches/room_0.cxx", says=finding(LOCK, "bugprone-none", "in the batch"), status=1)
    del build.entries[4:]
    expect(build.looked_at(), 1, "engine/one.cpp", "engine/two.cpp", "in the batch", "3 units with 4 files, 3 findings")
    batch = (build.at / "batches/room_0.cxx").read_text()
    assert "room/one.cpp" in batch and "room/two.cpp" in batch and "engine" not in batch, batch


def main():
    for test in (names, nothing_found, a_unit_that_cannot_be_looked_at, an_error_after_what_is_no_finding, headers,
                 sources):
        with_a_build(test)
    with tempfile.TemporaryDirectory() as directory:
        expect(Build(directory).looked_at(), 2, "no unit has anything to look at")
    print("tidy: what it must notice is noticed")


if __name__ == "__main__":
    main()
