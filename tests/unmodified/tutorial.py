"""The commands of a page do what it says.

Usage: tutorial.py [--write] DIRECTORY-OF-HEDDLE FILES PAGE
Runs each block of `sh` in a copy of the directory FILES, one after the other, and compares what it prints with the `text` block after it,
in which a line [...] stands for any lines, and times, sizes and tokens differ. A block after `<!-- not run: WHY -->` is not run.
--write: what was printed replaces the block, but for lines that [...] stands for.
Exits 1 and shows the difference if there is one, or if nothing was compared.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

BLOCKS = re.compile(r"(?P<not_run><!-- not run: [^\n]*-->\n)?```sh\n(?P<commands>.*?)```\n(?P<head>\n```text\n)?"
                    r"(?(head)(?P<output>.*?)(?P<tail>```\n))", re.DOTALL)
ANY = "[...]\n"


def masked(text):
    return re.sub(r"\d+\.\d+ s\b|\b\d+ MiB|~[0-9a-f]{8}'", "#", text)


def pattern_of(output):
    return "".join("(?:.*\n)*" if line == ANY else re.escape(masked(line)) for line in output.splitlines(keepends=True))


def shortened(printed, output):
    """What was printed, without what the [...] in the old block stands for: as many lines before and after it."""
    before, found, after = output.partition(ANY)
    lines = printed.splitlines(keepends=True)
    return "".join(lines[:before.count("\n")] + [ANY] + lines[len(lines) - after.count("\n"):]) if found and before else printed


def main(heddle, files, page):
    page = pathlib.Path(page)
    text = page.read_text()
    compared = faults = 0
    with tempfile.TemporaryDirectory() as here:
        there = pathlib.Path(here, pathlib.Path(files).name)
        shutil.copytree(files, there)
        environment = os.environ | {"PATH": f"{pathlib.Path(heddle).resolve()}:{os.environ['PATH']}"}

        def replaced(block):
            nonlocal compared, faults
            if block["not_run"]:
                return block[0]
            printed = subprocess.run(["sh", "-c", block["commands"]], cwd=there, env=environment, text=True,
                                     stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout
            if not block["head"]:
                return block[0]
            compared += 1
            if not re.fullmatch(pattern_of(block["output"]), masked(printed)):
                faults += 1
                print(f"{page}: after\n{block['commands']}the page has\n{block['output']}and this was printed\n{printed}")
            return block[0].replace(block["output"], shortened(printed, block["output"]))

        updated = BLOCKS.sub(replaced, text)
    if "--write" in sys.argv[1:]:
        page.write_text(updated)
    print(f"tutorial: {compared} outputs compared, {faults} differ")
    sys.exit(1 if faults or not compared else 0)


main(*(argument for argument in sys.argv[1:] if argument != "--write"))
