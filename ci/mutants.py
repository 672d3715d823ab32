"""Which models and tests notice which mutants.

Usage: mutants.py score BUILD [--jobs N] [--page FILE] [--only NUMBER...]
           with each mutant switched on, runs what comes by it, models first, to the first that notices; and asks that each
           model notices an operation that does nothing. Exits 1 if a mutant survives that is not marked as equivalent, one
           that is marked is noticed, or a model holds whatever does nothing
       mutants.py page FILE [ENTRIES]
           exits 1 if FILE, which score has written, tells of other mutants than ENTRIES (default: ci/mutants) has, or one
           of them has no place in its source

BUILD is the directory in which the target heddle-models-mutated was built. Where no model notices a mutant, heddle-mutated is
built, too. With --only, heddle-models says which models are made of what: without it all are asked.
"""
import argparse
import collections
import concurrent.futures
import dataclasses
import os
import pathlib
import subprocess
import sys

import affected_models
import mutation_page
import mutation_trial
import weave

AT_ONCE = 12  # models that a process asks, of those that are asked whatever the others say


@dataclasses.dataclass
class Fate:
    """What became of a mutant."""
    mutant: weave.Mutant
    kind: str = ""  # of what noticed it: model, property, unit test, time-out; empty if it survives
    test: str = ""
    how: str = ""
    reached: bool = True

    @property
    def is_wrong(self):
        return bool(self.kind) == bool(self.mutant.equivalent)

    @property
    def words(self):
        if not self.kind:
            return "survives" if self.reached else "survives: nothing comes by it"
        return f"noticed by {self.test} ({self.how})"


def fate_of(mutant, asked):
    endless = None
    reached = False
    for kind, ending in asked.endings(mutant):
        reached = True
        if ending.how == "failed":
            return Fate(mutant, kind, ending.test, ending.words)
        # A model whose executions become too many has noticed nothing; a test that hangs is told by whoever runs it.
        if ending.how == "endless" and (kind != "model" or ending.words == "endless"):
            endless = endless or Fate(mutant, "time-out", ending.test, "it does not end")
    return endless or Fate(mutant, reached=reached)


def later_fate(earlier, asked):
    """Of a mutant that no model has noticed: what tests make of it."""
    fate = fate_of(earlier.mutant, asked)
    if fate.kind not in ("", "time-out") or not earlier.kind:
        return dataclasses.replace(fate, reached=fate.reached or earlier.reached)
    return earlier


def fates_of(chosen, models, build, pool):
    """Models are asked first. The tests, which take longer to build than models take to ask, are built if need be."""
    fates = list(pool.map(lambda mutant: fate_of(mutant, models), chosen))
    left = [position for position, fate in enumerate(fates) if fate.kind in ("", "time-out")]
    if left:
        subprocess.run(["ci/build", "default", "heddle-mutated"], check=True, stdout=sys.stderr)
        tests = mutation_trial.tests(build, pool)
        later = pool.map(lambda position: later_fate(fates[position], tests), left)
        for position, fate in zip(left, list(later)):
            fates[position] = fate
    return fates


def hollow_models(models, pool):
    """By model: which operations that do nothing it notices. And what is vacuous."""
    empty = [mutant for mutant in weave.mutants() if mutant.empty]
    asked = [(program, found[begin:begin + AT_ONCE], mutant) for mutant in empty for program, found in models.at(mutant)
             for begin in range(0, len(found), AT_ONCE)]
    notices = {test.name: {} for tests in models.asked.values() for test in tests}
    for (_, _, mutant), endings in zip(asked, pool.map(lambda trial: trial[0].all_endings(trial[1], trial[2].number), asked)):
        for ending in endings:
            notices[ending.test][mutant.number] = ending.how == "failed"
    vacuous = []
    for name, of_it in notices.items():
        if not any(of_it.values()):
            missed = "; ".join(mutant.what for mutant in empty if mutant.number in of_it)
            vacuous.append(f"VACUOUS  {name} holds " + (f"though: {missed}" if missed else "and comes by no operation that may be empty"))
    for mutant in empty:
        vacuous += [f"VACUOUS  {name} does not notice: {mutant.source}: {mutant.what}" for name in mutant.models
                    if not notices.get(name, {}).get(mutant.number, False)]
    return notices, vacuous


def score(arguments):
    build = pathlib.Path(arguments.build).resolve()
    chosen = [mutant for mutant in weave.mutants() if not arguments.only or mutant.number in arguments.only]
    # Of some, only the models that are made of what they are in are asked.
    only = affected_models.affected(build, {mutant.source for mutant in chosen}) if arguments.only else []
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        models = mutation_trial.models(build, pool, only)
        fates = fates_of(chosen, models, build, pool)
        notices, vacuous = ({}, []) if arguments.only else hollow_models(models, pool)
    if arguments.page:
        pathlib.Path(arguments.page).write_text(mutation_page.page(fates, notices, models.left_out))
    wrong = [f"{fate.mutant.number}: {fate.mutant.source}: {fate.mutant.what}: {fate.words}" +
             (", and is marked as equivalent" if fate.mutant.equivalent else "") for fate in fates if fate.is_wrong]
    few = mutation_page.shown_by_models_and_properties(fates) < mutation_page.SHOWN_AT_LEAST
    print("\n".join(wrong + vacuous + [mutation_page.summary(fates)]))
    if few and not arguments.only:
        print(f"models and properties must notice {mutation_page.SHOWN_AT_LEAST:.0%}")
    return 1 if wrong or vacuous or (few and not arguments.only) or not fates else 0


def main():
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command", required=True)
    scoring = commands.add_parser("score")
    scoring.add_argument("build")
    scoring.add_argument("--jobs", type=int, default=os.cpu_count() + 1)  # while a process begins or ends, another runs
    scoring.add_argument("--page")
    scoring.add_argument("--only", type=int, nargs="*", default=[])
    paging = commands.add_parser("page")
    paging.add_argument("file")
    paging.add_argument("entries", nargs="?", default=weave.ENTRIES)
    arguments = parser.parse_args()
    return score(arguments) if arguments.command == "score" else mutation_page.compare(arguments.file, arguments.entries)


if __name__ == "__main__":
    sys.exit(main())
