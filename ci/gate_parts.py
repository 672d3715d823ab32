"""The parts of heddle's own gate, for cmake/heddle_gate.py: which there are, and which of them a change can affect.

Usage: gate_parts.py BUILD [arguments of ci/gate]
Writes BUILD/gate/parts.json, and the arguments for heddle_gate.py to the standard output, each ended by a zero byte.
"""
import argparse
import dataclasses
import json
import pathlib
import re
import subprocess
import sys

import weave

CODE = r"(platform|impl|engine|harness|checker)/|cmake/|CMakeLists.txt|CMakePresets.json"
TOO_LONG = "takes long, and is for the whole gate"


@dataclasses.dataclass
class Part:
    name: str
    runs: list
    reads: str = "lines"
    needs: str = ""
    looks_at: str = "."  # which files can change what it says
    takes_long: bool = False

    def described(self):
        return {"name": self.name, "runs": self.runs, "reads": self.reads, "needs": self.needs}


def all_parts(build):
    models = ["ci/model-check", "--json", "{report}", "--junit", f"{build}/gate/models.xml", "--sarif",
              f"{build}/gate/models.sarif"]
    apart = ["--label-exclude", "^(model|broken)$"]  # the part `models` has them
    return [
        Part("lint", ["ci/lint"]),
        Part("format", ["ci/format"], looks_at=r".*\.(hpp|cpp|inl)$"),
        Part("docs", ["ci/docs"]),
        Part("build", ["ci/build", "default"]),
        Part("headers", ["ci/build", "default", "all_verify_interface_header_sets"], needs="build",
             looks_at=r".*\.(hpp|inl)$|.*CMakeLists.txt"),
        Part("models", models, "verdicts", "build", f"{CODE}|models/"),
        Part("test", ["ci/tests", "default", *apart], "tests", "build"),
        Part("necessity", ["ci/necessity", "--json", "{report}"], "certificate", "build", f"{CODE}|models/|ci/necessity"),
        Part("mutation", ["ci/mutate"], "lines", "build", f"{CODE}|models/|properties/|tests/impl/|ci/mut|ci/weave"),
        Part("clang", ["ci/clang"], "tests", takes_long=True),
        Part("tsan", ["ci/sanitize", "tsan"], "tests", takes_long=True),
        Part("asan-ubsan", ["ci/sanitize", "asan-ubsan"], "tests", takes_long=True),
        Part("tidy", ["ci/tidy"], looks_at=r".*\.(hpp|cpp|inl)$", takes_long=True),
    ]


def misuse(message):
    print(f"gate: {message}", file=sys.stderr)
    sys.exit(2)


def changed_since(revision):
    git = lambda *words: subprocess.run(["git", *words], capture_output=True, text=True, check=False)
    tracked = git("diff", "--name-only", revision, "--")
    if tracked.returncode != 0:
        misuse(f"--since {revision}: {tracked.stderr.strip()}")
    return sorted(set(tracked.stdout.split() + git("ls-files", "--others", "--exclude-standard").stdout.split()))


def narrow(part, changed, build):
    """Only what the changed files can affect of a part that they can affect."""
    only_impl = all(name.startswith("impl/") for name in changed)
    if part.name == "models" and only_impl:
        part.runs = [sys.executable, "ci/affected_models.py", f"{build}/default", *changed, "--", *part.runs[1:]]
    if part.name == "test":
        part.runs = [sys.executable, "ci/affected.py", f"{build}/default", *changed, "--", *part.runs[2:]]
    if part.name == "mutation" and only_impl:
        numbers = [str(mutant.number) for mutant in weave.mutants() if mutant.source in changed]
        part.runs += ["--only", *numbers] if numbers else []
    if part.name == "necessity" and only_impl and len(changed) == 1:
        part.runs += ["--sources", changed[0]]


def main():
    parser = argparse.ArgumentParser(prog="gate")
    parser.add_argument("build")
    parser.add_argument("--since")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--without", action="append", default=[])
    parser.add_argument("--minutes")
    parser.add_argument("--markdown")
    parser.add_argument("part", nargs="*")
    arguments = parser.parse_args()
    parts = all_parts(arguments.build)
    handed_on = ["--list"] if arguments.list else []
    for name in arguments.part:
        handed_on += ["--part", name]
    for text in arguments.without:
        handed_on += ["--without", text]
    for option in ("minutes", "markdown"):
        if getattr(arguments, option) is not None:
            handed_on += [f"--{option}", getattr(arguments, option)]
    if arguments.since:
        changed = changed_since(arguments.since)
        if not changed:
            misuse(f"nothing has changed since {arguments.since}")
        for part in parts:
            why = TOO_LONG if part.takes_long else "no change can affect it"
            if part.takes_long or not any(re.match(part.looks_at, name) for name in changed):
                handed_on += ["--without", f"{part.name}={why}"]
            else:
                narrow(part, changed, arguments.build)
    described = {"directory": f"{arguments.build}/gate", "parts": [part.described() for part in parts]}
    pathlib.Path(arguments.build, "gate/parts.json").write_text(json.dumps(described, indent=1))
    sys.stdout.write("".join(word + "\0" for word in handed_on))


if __name__ == "__main__":
    main()
