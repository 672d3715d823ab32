"""Runs the models and tests of a build in which every mutant is woven, with one switched on at a time."""
import collections
import dataclasses
import itertools
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

QUICK_SECONDS = 2.0  # of processor time; a model that takes longer is not asked: several hundred mutants come by
# How much longer than without a mutant something may take before it counts as endless. (A mutant may let a model have ten
# times the executions; a machine may be busy.)
SLACK_FACTOR, SLACK_SECONDS = 10, 10.0
EXECUTIONS_AT_ONCE = 20_000  # of models that one process has after the other, a tenth of a second: no clock decides who notices
HANGS_AFTER_SECONDS = 600  # a program with models, which looks after its workers and their budgets itself
SEED = "seed=1"  # of properties: with a random one, a mutant that few cases notice is one time noticed and one time not
FAILED = re.compile(r"^\[  FAILED  \] (\S+?)[,.]?(?: \(|$)", re.MULTILINE)
BEGUN = re.compile(r"^\[ RUN      \] (\S+)", re.MULTILINE)
NOTICED_NOTHING = {"too_big", "nondeterminism", "nothing_checked"}  # limits of the engine


@dataclasses.dataclass
class Test:
    program: pathlib.Path
    kind: str  # model, property or unit test
    name: str
    cost: float  # executions of a model, seconds of others
    seconds: float
    reaches: frozenset


@dataclasses.dataclass
class Ending:
    test: str
    how: str  # "passed", "failed" or "endless"
    words: str = ""


def reached_in(path):
    return frozenset(number for number, byte in enumerate(path.read_bytes()) if byte)


def run(command, mutant, directory, seconds, reached=None):
    """Its exit status, None if it did not end, and what it wrote. In a directory of its own: some tests write."""
    environment = {**os.environ, "HEDDLE_MUTANT": str(mutant), "RC_PARAMS": SEED}
    if reached:
        environment["HEDDLE_MUTANTS_REACHED"] = str(reached)
    with open(directory / "output", "w+b") as output:
        started = subprocess.Popen(command, env=environment, cwd=directory, stdout=output, stderr=subprocess.STDOUT,
                                   start_new_session=True)
        try:
            status = started.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(started.pid, 9)  # a worker may hang, too
            started.wait()
            status = None
        output.seek(0)
        return status, output.read().decode(errors="replace")


class Models:
    """The models of a program, on the engine that visits every execution."""
    kind = "model"

    def __init__(self, program):
        self.program = program

    @staticmethod
    def order(test):
        return test.cost, test.name  # what executions cost is the same each time

    def listed(self):
        lines = subprocess.run([self.program, "--list"], capture_output=True, text=True, check=True).stdout.splitlines()
        return [line.split()[0] for line in lines if "[broken twin: " not in line and not line.startswith("engines:")]

    def _verdicts(self, names, mutant, budget, *options, reached=None):
        """By name; `endless` if the program did not end. One that this engine declines has none, as one after --fail-fast."""
        with tempfile.TemporaryDirectory() as directory:
            directory = pathlib.Path(directory)
            report = directory / "report.json"
            command = [self.program, "--engine", "exhaustive", *(word for name in names for word in ("--filter", name)),
                       "--budget", str(budget), "--json", report, *options]
            status, text = run(command, mutant, directory, HANGS_AFTER_SECONDS, reached)
            if status is None:
                return {name: {"outcome": "endless"} for name in names}
            if status == 2 and "no model to check" in text:
                return {}
            rows = json.loads(report.read_text())["models"] if report.exists() and report.stat().st_size else []
            if not rows:
                sys.exit(f"mutants: {' '.join(names)} with mutant {mutant}: no verdict\n{text}")
            return {row["model"]: row for row in rows}

    def tried_alone(self, name):
        """As a test, with what it reaches; None if it takes too long, or is not for this engine."""
        with tempfile.TemporaryDirectory() as directory:
            reached = pathlib.Path(directory) / "reached"
            row = self._verdicts([name], 0, QUICK_SECONDS, reached=reached).get(name)
            if row is None or row["outcome"] in ("budget spent", "endless"):
                return None
            if not row["met"]:
                sys.exit(f"mutants: without any mutant {name} is red: {row['message']}")
            return Test(self.program, self.kind, name, row["executions"], row["seconds"], reached_in(reached))

    def endings(self, tests, mutant):
        """One after the other, as far as one fails; a process has several, since to begin takes it longer than most of them."""
        left = list(tests)
        while left:
            fitting = [cost < EXECUTIONS_AT_ONCE for cost in itertools.accumulate(test.cost for test in left)]
            some = left[:max(1, sum(fitting))]
            found = self.all_endings(some, mutant, "--fail-fast")
            if not found:
                sys.exit(f"mutants: {some[0].name} with mutant {mutant}: no verdict")
            yield from found
            told = {ending.test for ending in found}
            left = [test for test in left if test.name not in told]

    def all_endings(self, tests, mutant, *options):
        rows = self._verdicts([test.name for test in tests], mutant, max(1.0, SLACK_FACTOR * max(test.seconds for test in tests)), *options)
        return [self._ending(test, rows[test.name]) for test in tests if test.name in rows]

    @staticmethod
    def _ending(test, row):
        outcome = row["outcome"]
        if row.get("blocked") and not row["executions"] and row.get("kind") in (None, "nothing_checked", "too_big"):
            return Ending(test.name, "failed", "no execution ends")  # each waits for what has no time to come
        if outcome in ("failed", "misuse") and row.get("kind") not in NOTICED_NOTHING:
            return Ending(test.name, "failed", row.get("kind") or outcome)
        if outcome == "harness error" and "crashed" in row.get("message", ""):
            return Ending(test.name, "failed", "crash")
        if row["outcome"] == "exhausted" and row["met"]:
            return Ending(test.name, "passed")
        return Ending(test.name, "endless", outcome)


class GoogleTests:
    def __init__(self, kind, program):
        self.kind, self.program = kind, program

    @staticmethod
    def order(_test):
        return 0  # as they stand

    def listed(self):
        names, suite = [], ""
        text = subprocess.run([self.program, "--gtest_list_tests"], capture_output=True, text=True, check=True).stdout
        for line in text.splitlines():
            if not line.startswith(" "):
                suite = line.split("#")[0].strip()
            elif suite.endswith("."):
                names.append(suite + line.split("#")[0].strip())
        return names

    def tried_alone(self, name):
        with tempfile.TemporaryDirectory() as directory:
            directory = pathlib.Path(directory)
            start = time.monotonic()
            status, text = run([self.program, "--gtest_filter=" + name], 0, directory, 600, directory / "reached")
            if status != 0:
                sys.exit(f"mutants: without any mutant {name} is red:\n{text}")
            seconds = time.monotonic() - start
            return Test(self.program, self.kind, name, seconds, seconds, reached_in(directory / "reached"))

    def endings(self, tests, mutant):
        """Of several at once: of the first that fails."""
        yield self._ending(tests, mutant)

    def _ending(self, tests, mutant):
        command = [self.program, "--gtest_fail_fast", "--gtest_color=no",
                   "--gtest_filter=" + ":".join(test.name for test in tests)]
        with tempfile.TemporaryDirectory() as directory:
            allowed = SLACK_FACTOR * sum(test.seconds for test in tests) + SLACK_SECONDS
            status, text = run(command, mutant, pathlib.Path(directory), allowed)
        if status == 0:
            return Ending("", "passed")
        begun = BEGUN.findall(text)
        last = begun[-1] if begun else self.program.name
        if status is None:
            return Ending(last, "endless", "it does not end")
        failed = FAILED.findall(text)
        return Ending(failed[0], "failed", "it fails") if failed else Ending(last, "failed", "it crashes")


class Asked:
    """What is asked about mutants, and which of it comes by which."""

    def __init__(self, programs, pool, only=()):
        """`only`: these tests, if there are any."""
        self.asked = {}
        self.left_out = []
        for program in programs:
            names = [name for name in program.listed() if not only or name in only]
            found = list(pool.map(program.tried_alone, names))
            self.left_out += [name for name, test in zip(names, found) if test is None]
            self.asked[program] = sorted((test for test in found if test), key=program.order)

    def at(self, mutant):
        """Program by program, what comes by it."""
        for program, tests in self.asked.items():
            found = [test for test in tests if mutant.number in test.reaches]
            if found:
                yield program, found

    def endings(self, mutant):
        """One after the other, until one notices."""
        for program, tests in self.at(mutant):
            for ending in program.endings(tests, mutant.number):
                yield program.kind, ending
                if ending.how == "failed":
                    return


def models(build, pool, only=()):
    asked = Asked([Models(build / "models/heddle-models-mutated")], pool, only)
    if not any(test.reaches - {0} for tests in asked.asked.values() for test in tests):
        sys.exit("mutants: no model comes by any mutant: was ci/weave.py run before this was built?")
    return asked


def tests(build, pool):
    return Asked([GoogleTests("property", build / "properties/heddle-properties-mutated"),
                  GoogleTests("unit test", build / "tests/heddle-unit-tests-mutated"),
                  GoogleTests("unit test", build / "tests/heddle-fault-tests-mutated")], pool)
