"""Checks the models that changed headers can affect, by which of their sources are made of them.

Usage: affected_models.py BUILD FILE... -- [arguments of ci/model-check]
If the files are part of what explores, too, or of no source of a model, all models are checked.
"""
import os
import pathlib
import re
import subprocess
import sys

from affected import objects_of, run

REGISTERED = re.compile(r"^\s*HEDDLE_(?:BROKEN_)?MODEL(?:_OF)?\((\w+)", re.MULTILINE)


def affected(build, changed):
    """The names of the models to check; none means all."""
    objects = objects_of(build, changed) & set(run("ninja", "-C", build, "-t", "inputs", "models/heddle-models").split())
    sources = [re.fullmatch(r"(models)/CMakeFiles/heddle-models\.dir/(.*)\.o", name) for name in objects]
    if not all(sources):
        return []
    return sorted({name for source in sources
                   for name in REGISTERED.findall(pathlib.Path(source[1], source[2]).read_text())})


def main():
    split = sys.argv.index("--")
    build, changed, arguments = os.path.realpath(sys.argv[1]), sys.argv[2:split], sys.argv[split + 1:]
    names = affected(build, changed)
    print(f"affected: {len(names)} models" if names else "affected: all models", flush=True)
    filters = [word for name in names for word in ("--filter", name)]
    sys.exit(subprocess.run(["ci/model-check", *filters, *arguments], check=False).returncode)


if __name__ == "__main__":
    main()
