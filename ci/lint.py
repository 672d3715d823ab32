"""Every memory order in impl/ is explained: a comment on its line or in the five lines above names the order.

Usage: lint.py DIRECTORY...    exits 1 and lists the places that break the rule
"""
import pathlib
import re
import sys

LINES_ABOVE = 5
ORDER = re.compile(r"std::memory_order_(\w+)")


def explained(lines, index, order):
    """Whether a comment near lines[index] contains the word `order`."""
    near = lines[max(0, index - LINES_ABOVE) : index + 1]
    comments = " ".join(line.partition("//")[2] for line in near)
    return re.search(order, comments, re.IGNORECASE) is not None


def unexplained(path):
    lines = path.read_text().splitlines()
    for index, line in enumerate(lines):
        for order in ORDER.findall(line.partition("//")[0]):
            if not explained(lines, index, order):
                yield f"{path}:{index + 1}: no comment says why this is {order}"


def main(directories):
    files = [path for directory in directories for path in sorted(pathlib.Path(directory).rglob("*.hpp"))]
    if not files:
        sys.exit(f"lint: no headers below {directories}")
    problems = [problem for path in files for problem in unexplained(path)]
    print("\n".join(problems) if problems else f"lint: {len(files)} headers, every memory order is explained")
    sys.exit(1 if problems else 0)


main(sys.argv[1:])
