"""Every link of the manual to a file leads to one, and every path in `code` that begins with a room exists, and so does some
file of each name that stands there alone; NAME in a path stands for whatever the reader calls it.

Usage: links.py MARKDOWN...    exits 1 and lists those that do not
"""
import pathlib
import re
import sys

LINK = re.compile(r"\]\((?!https?:|mailto:|#)(?P<target>[^)#\s]+)(?:#[^)]*)?\)")
ROOMS = "platform|impl|engine|harness|checker|properties|models|tests|bench|examples|ci|docs|cmake"
PATH = re.compile(rf"`(?P<target>(?:{ROOMS})/[\w./-]+)`")
FILE = re.compile(r"`(?P<target>\w+\.(?:hpp|cpp|inl|py))`")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def dead(page, files):
    text = FENCED.sub("", page.read_text())
    for name in FILE.findall(text):
        if "NAME" not in name and name not in files:
            yield f"{page}: there is no file {name}"
    for pattern, base in ((LINK, page.parent), (PATH, pathlib.Path())):
        for target in pattern.findall(text):
            if "NAME" not in target and not (base / target).exists():
                yield f"{page}: there is no {target}"


def main(names):
    pages = [pathlib.Path(name) for name in names]
    if not pages:
        sys.exit("links: no page to look at")
    files = {path.name for room in ROOMS.split("|") for path in pathlib.Path(room).rglob("*")}
    faults = [fault for page in pages for fault in dead(page, files)]
    print("\n".join(faults + [f"links: {len(pages)} pages, {len(faults)} dead"]))
    sys.exit(1 if faults else 0)


main(sys.argv[1:])
