"""What `ci/gate --since` looks at: what the changed files can affect, and no more.

Usage: since_test.py SOURCES     the root of heddle's sources
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

SOURCES = pathlib.Path(sys.argv[1])
LONG = {"clang", "tsan", "asan-ubsan", "tidy"}


def git(*words):
    subprocess.run(["git", "-c", "user.name=n", "-c", "user.email=e@example.org", *words], check=True, capture_output=True)


def asked(*arguments):
    """The exit status, the parts that are left, by name, and what was said."""
    os.makedirs("build/gate", exist_ok=True)
    ended = subprocess.run([sys.executable, "ci/gate_parts.py", "build", *arguments], capture_output=True, text=True)
    if ended.returncode != 0:
        return ended.returncode, {}, ended.stderr
    words = ended.stdout.split("\0")
    left_out = {word.split("=")[0] for before, word in zip(words, words[1:]) if before == "--without"}
    parts = json.loads(pathlib.Path("build/gate/parts.json").read_text())["parts"]
    return 0, {part["name"]: part["runs"] for part in parts if part["name"] not in left_out}, ended.stderr


def change(path):
    with open(path, "a") as file:
        file.write("\n")


def main():
    shutil.copytree(SOURCES / "ci", "ci")
    shutil.copytree(SOURCES / "impl", "impl")
    pathlib.Path("docs").mkdir()
    pathlib.Path("docs/page.md").write_text("")
    pathlib.Path(".gitignore").write_text("build\n__pycache__\n")
    git("init")
    git("add", ".")
    git("commit", "-m", "all")

    status, _, said = asked("--since", "HEAD")
    assert status == 2 and "nothing has changed since HEAD" in said, said
    status, _, said = asked("--since", "no-such-revision")
    assert status == 2 and "no-such-revision" in said, said

    change("docs/page.md")
    _, parts, _ = asked("--since", "HEAD")
    assert "docs" in parts and not {"models", "necessity", "mutation"} & set(parts), parts

    git("checkout", "docs/page.md")
    change("impl/include/heddle/event.hpp")
    _, parts, _ = asked("--since", "HEAD")
    assert {"lint", "format", "models", "test", "necessity", "mutation"} <= set(parts) and not LONG & set(parts), parts
    header = "impl/include/heddle/event.hpp"
    assert parts["models"][1:5] == ["ci/affected_models.py", "build/default", header, "--"], parts["models"]
    assert parts["necessity"][-2:] == ["--sources", header], parts
    sys.path.insert(0, "ci")
    import weave
    of_event = [str(mutant.number) for mutant in weave.mutants() if mutant.source == header]
    assert of_event and parts["mutation"] == ["ci/mutate", "--only", *of_event], parts

    pathlib.Path("engine").mkdir()
    change("engine/new.cpp")  # not committed, and not even known to git
    _, parts, _ = asked("--since", "HEAD")
    assert parts["models"][0] == "ci/model-check", parts["models"]
    assert parts["mutation"] == ["ci/mutate"] and parts["necessity"] == ["ci/necessity", "--json", "{report}"], parts
    print("gate: --since looks at what a change can affect")


with tempfile.TemporaryDirectory() as directory:
    os.chdir(directory)
    main()
