"""Code blocks of the manual are copies of files: `<!-- file: PATH -->` before a block names its file, PATH#NAME a model or a test in it.

Usage: docs.py [--write] MARKDOWN...    exits 1 and names each block that differs; --write brings them up to date
"""
import pathlib
import re
import sys

BLOCK = re.compile(r"(<!-- file: (?P<path>\S+) -->\n```\w*\n)(?P<text>.*?)(?P<end>```)", re.DOTALL)


def wanted_text(name):
    path, _, model = name.partition("#")
    text = pathlib.Path(path).read_text()
    if not model:
        return text
    found = re.search(
        rf"^template <Platform P>\nstruct {model} {{\n.*?^HEDDLE_\w*MODEL\({model}\b[^\n]*\n"
        rf"|^HEDDLE_\w*TEST\({model}\b.*?^}}\n", text, re.DOTALL | re.MULTILINE
    )
    if found is None:
        sys.exit(f"docs: {path} has no model or test {model}")
    return found[0]


def main(arguments):
    write = "--write" in arguments
    pages = [pathlib.Path(name) for name in arguments if name != "--write"]
    blocks = stale = 0
    for page in pages:
        def replaced(match):
            nonlocal blocks, stale
            blocks += 1
            wanted = wanted_text(match["path"])
            if match["text"] != wanted:
                stale += 1
                print(f"{page}: the block of {match['path']} differs from the file")
            return match[1] + wanted + match["end"]

        text = page.read_text()
        updated = BLOCK.sub(replaced, text)
        if write and updated != text:
            page.write_text(updated)
    if blocks == 0:
        sys.exit(f"docs: no block with a file in {arguments}")
    print(f"docs: {blocks} blocks, {stale} of them out of date" + (", now written" if write and stale else ""))
    sys.exit(1 if stale and not write else 0)


main(sys.argv[1:])
