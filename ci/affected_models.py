"""Checks the models that changed headers can affect, by which of their sources are made of them.

Usage: affected_models.py BUILD FILE... -- [arguments of ci/model-check]
If the files are part of what explores, too, or of no source of a model, all models are checked.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

from affected import objects_of, run
from tidy import included_by

REGISTERED = re.compile(r"^\s*HEDDLE_(?:BROKEN_)?MODEL(?:_OF)?\((\w+)", re.MULTILINE)


def made_of(source, words, changed):
    """Whether a source of a batch is made of a changed file: the object file tells only of all that the batch has."""
    rule = run(*words, source, "-MM")
    return not changed.isdisjoint(map(os.path.realpath, rule.replace("\\\n", " ").split()[1:]))


def candidates(build, objects):
    """The sources that the object files are made of, each with the words that compile it, but for its name and the output's."""
    for entry in json.loads(pathlib.Path(build, "compile_commands.json").read_text()):
        words = shlex.split(entry["command"])
        output = words.index("-o")
        if words[output + 1] in objects:
            del words[output:output + 2]
            words.remove(entry["file"])
            file = pathlib.Path(entry["file"])
            for source in included_by(file) if "Unity" in file.parts else [file]:
                yield source, words


def affected(build, changed):
    """The names of the models to check; none means all."""
    objects = objects_of(build, changed) & set(run("ninja", "-C", build, "-t", "inputs", "models/heddle-models").split())
    if not all(name.startswith("models/CMakeFiles/heddle-models.dir/") for name in objects):
        return []
    real = {os.path.realpath(name) for name in changed}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as at_once:
        asked = [(source, at_once.submit(made_of, source, words, real)) for source, words in candidates(build, objects)]
    return sorted({name for source, is_made in asked if is_made.result() for name in REGISTERED.findall(source.read_text())})


def main():
    split = sys.argv.index("--")
    build, changed, arguments = os.path.realpath(sys.argv[1]), sys.argv[2:split], sys.argv[split + 1:]
    names = affected(build, changed)
    print(f"affected: {len(names)} models" if names else "affected: all models", flush=True)
    filters = [word for name in names for word in ("--filter", name)]
    sys.exit(subprocess.run(["ci/model-check", *filters, *arguments], check=False).returncode)


if __name__ == "__main__":
    main()
