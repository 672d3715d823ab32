"""Which tests notice which mutants.

Usage: mutants.py score BUILD [--jobs N] [--table FILE] [--only NUMBER...]
           runs, with each mutant switched on, the models, and if none fails the properties and then the unit tests
       mutants.py vacuity BUILD
           runs the models that must notice an operation which does nothing; exits 1 if one holds nevertheless

BUILD is the build of the tree that weave.py wrote. Score exits 1 if a mutant survives that is not marked as equivalent, or
one that is marked is noticed.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import weave

QUICK_SECONDS = 1.0  # a model that takes longer is not asked: several hundred mutants come by
TIME_OUT = {"models": 60, "properties": 120, "unit tests": 120}  # seconds; all of a kind take a tenth of it
FAILED = re.compile(r"^\[  FAILED  \] (\S+?)[,.]?(?: \(|$)", re.MULTILINE)
BEGUN = re.compile(r"^\[ RUN      \] (\S+)", re.MULTILINE)


class Build:
    def __init__(self, directory):
        root = pathlib.Path(directory).resolve()
        self.models = root / "models/heddle-models"
        self.others = {"properties": [root / "properties/heddle-properties"],
                       "unit tests": [root / "tests/heddle-unit-tests", root / "tests/heddle-fault-tests"]}

    def quick_models(self):
        """Those that hold as they are, soon."""
        with tempfile.NamedTemporaryFile(suffix=".json") as report:
            subprocess.run([self.models, "--engine", "exhaustive", "--budget", str(QUICK_SECONDS), "--jobs",
                            str(os.cpu_count()), "--json", report.name], stdout=subprocess.DEVNULL, check=False)
            rows = json.load(report)["models"]
        red = [row["model"] for row in rows if not row["met"] and row["outcome"] != "budget_spent"]
        if red:
            sys.exit(f"mutants: without any mutant these models are red: {', '.join(red)}")
        quick = [row for row in rows if row["met"] and row["expected"] == "holds" and row["seconds"] < QUICK_SECONDS]
        return ["exhaustive." + row["model"] for row in sorted(quick, key=lambda row: row["seconds"])]


def notices(program, number, tests, seconds):
    """The test that fails with a mutant switched on; nothing if none does."""
    with tempfile.TemporaryDirectory() as directory:  # tests that write do not disturb each other
        command = [program, "--gtest_fail_fast", "--gtest_color=no", "--gtest_filter=" + tests]
        with open(os.path.join(directory, "output"), "w+b") as output:
            try:
                status = subprocess.run(command, env={**os.environ, "HEDDLE_MUTANT": str(number)}, cwd=directory,
                                        stdout=output, stderr=subprocess.STDOUT, timeout=seconds, check=False).returncode
            except subprocess.TimeoutExpired:
                status = None
            output.seek(0)
            text = output.read().decode(errors="replace")
    if status == 0:
        return None
    begun = BEGUN.findall(text)
    if status is None:
        return f"{begun[-1] if begun else program.name} (it does not end)"
    failed = FAILED.findall(text)
    return failed[0] if failed else f"{begun[-1] if begun else program.name} (it crashes)"


def noticed_by(build, models, mutant):
    """Which kind of test notices a mutant, and which test; (None, None) if none does."""
    found = notices(build.models, mutant.number, ":".join(models), TIME_OUT["models"])
    if found and not found.endswith("(it does not end)"):  # an exploration that grows has noticed nothing
        return "models", found
    for kind, programs in build.others.items():
        for program in programs:
            if found := notices(program, mutant.number, "*", TIME_OUT[kind]):
                return kind, found
    return None, None


def table(rows):
    counts = collections.Counter(kind for _, kind, _ in rows)
    equivalent = [mutant for mutant, kind, _ in rows if kind is None and mutant.equivalent]
    real = len(rows) - len(equivalent)
    share = lambda part: f"{100 * part / max(real, 1):.0f} %"
    shown = counts["models"] + counts["properties"]
    lines = ["# Mutants", "", "Written by `ci/mutate`: faults of logic in `impl/`, one at a time, and the first test that notices. "
             "What they are stands in `ci/mutants`.", "",
             f"{len(rows)} mutants, {len(equivalent)} of them equivalent. Of the other {real}, models notice {counts['models']} "
             f"({share(counts['models'])}), models and properties {shown} ({share(shown)}), all tests together "
             f"{real - sum(1 for m, k, _ in rows if k is None and not m.equivalent)} "
             f"({share(real - sum(1 for m, k, _ in rows if k is None and not m.equivalent))}).", ""]
    by_source = collections.defaultdict(list)
    for row in rows:
        by_source[row[0].source].append(row)
    for source, of_it in by_source.items():
        lines += [f"## {source}", "", "| mutant | noticed by | |", "|---|---|---|"]
        for mutant, kind, test in of_it:
            who = kind or ("equivalent" if mutant.equivalent else "**nobody**")
            lines.append(f"| {mutant.what} | {who} | {test or mutant.equivalent} |")
        lines.append("")
    return "\n".join(lines)


def score(arguments):
    build = Build(arguments.build)
    chosen = [m for m in weave.mutants() if not arguments.only or m.number in arguments.only]
    models = build.quick_models()
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        found = list(pool.map(lambda mutant: noticed_by(build, models, mutant), chosen))
    rows = [(mutant, kind, test) for mutant, (kind, test) in zip(chosen, found)]
    text = table(rows)
    if arguments.table:
        pathlib.Path(arguments.table).write_text(text)
    print(text.split("\n")[4])
    wrong = [f"SURVIVES  {m.number}: {m.source}: {m.what}" for m, kind, _ in rows if kind is None and not m.equivalent]
    wrong += [f"NOT EQUIVALENT  {m.number}: {m.source}: {m.what}: {test} fails" for m, kind, test in rows if kind and m.equivalent]
    print("\n".join(wrong))
    return 1 if wrong or not rows else 0


def vacuity(arguments):
    build = Build(arguments.build)
    asked, vacuous = 0, []
    for mutant in weave.mutants():
        for model in mutant.models:
            asked += 1
            if notices(build.models, 0, "exhaustive." + model, TIME_OUT["models"]) is not None:
                vacuous.append(f"{model} does not hold as it is")
            if notices(build.models, mutant.number, "exhaustive." + model, TIME_OUT["models"]) is None:
                vacuous.append(f"VACUOUS  {model} holds although in {mutant.source} {mutant.what}")
    print("\n".join(vacuous + [f"vacuity: {asked} models of operations that do nothing, {len(vacuous)} hold"]))
    return 1 if vacuous or not asked else 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["score", "vacuity"])
    parser.add_argument("build")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--table")
    parser.add_argument("--only", type=int, nargs="*", default=[])
    arguments = parser.parse_args()
    return score(arguments) if arguments.what == "score" else vacuity(arguments)


sys.exit(main())
