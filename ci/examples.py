"""The example of every public header, as one GoogleTest program: it compiles, and what it expects holds.

Usage: examples.py OUTPUT DIRECTORY...    exits 1 and lists the headers without an example, or with one that is too long

A DIRECTORY is the include directory of a room; what lies in a folder `detail` is not public. The example is the first fenced
block in the comment that begins a header: "```cpp" holds the body of a test, "```cpp declarations" what stands outside of
functions, such as a model. The examples of a room are compiled together, each after all headers of the room.
"""
import pathlib
import re
import sys

EXAMPLE = re.compile(r"^// ```cpp(?P<declarations> declarations)?\n(?P<code>(?://.*\n)+?)// ```$", re.MULTILINE)
LINES_AT_MOST = 7


def example_of(path):
    head = path.read_text().partition("#pragma once")[0]
    found = EXAMPLE.search(head)
    if found is None:
        return None
    line = head[: found.start("code")].count("\n") + 1
    code = [text.removeprefix("//").removeprefix(" ") for text in found["code"].splitlines()]
    return line, code, found["declarations"] is not None


def test_of(name, path, line, code, declarations):
    numbered = [f'#line {line} "{path.resolve()}"', *code]
    if declarations:
        return [f"namespace example_of_{name} {{", *numbered, "}", ""]
    return [f"TEST(Example, of_{name}) {{", *numbered, "}", ""]


def main(output, directories):
    problems, tests, includes = [], [], []
    for directory in map(pathlib.Path, directories):
        for path in sorted(directory.rglob("*.hpp")):
            if "detail" in path.parts:
                continue
            includes.append(f"#include <{path.relative_to(directory)}>")
            example = example_of(path)
            if example is None:
                problems.append(f"{path}: no example")
            elif len(example[1]) > LINES_AT_MOST:
                problems.append(f"{path}: the example has {len(example[1])} lines; it may have {LINES_AT_MOST}")
            else:
                name = re.sub(r"\W+", "_", str(path.relative_to(directory).with_suffix("")))
                tests += test_of(name, path, *example)
    if not includes:
        sys.exit(f"examples: no public headers below {directories}")
    if problems:
        sys.exit("\n".join(problems))
    standard = ["atomic", "chrono", "functional", "mutex", "string", "thread", "vector"]
    text = "\n".join(["#include <gtest/gtest.h>", *(f"#include <{name}>" for name in standard), *includes, "", *tests])
    pathlib.Path(output).write_text(text)
    print(f"examples: {len(includes)} headers, each with an example")


main(sys.argv[1], sys.argv[2:])
