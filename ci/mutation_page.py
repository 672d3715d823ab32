"""docs/mutation.md: which mutants there are, and what notices them."""
import collections
import pathlib
import re

import weave

SHOWN_AT_LEAST = 0.95  # by models and properties, of those that are not equivalent
HEAD = """# Mutants

Written by `ci/mutate`: faults of logic in `impl/` and `platform/`, one at a time, and the first check that notices.
What is changed for each stands in `ci/mutants`. All of them are woven into one build, and one is switched on at run
time; only what comes by a mutant is asked about it, cheapest models first, then properties, then unit tests. What
does not end with a mutant, and ends without it, is killed by time-out.
"""
ENTRY = re.compile(r"^\| (.*?) \| (model|property|unit test|time-out|equivalent|\*\*nobody\*\*) \| (.*) \|$")


def tally(fates):
    counts = collections.Counter(fate.kind for fate in fates)
    equivalent = sum(1 for fate in fates if not fate.kind and fate.mutant.equivalent)
    return counts, equivalent, len(fates) - equivalent


def shown_by_models_and_properties(fates):
    counts, _, real = tally(fates)
    return (counts["model"] + counts["property"]) / max(real, 1)


def summary(fates):
    counts, equivalent, real = tally(fates)
    share = lambda part: f"{part} ({100 * part / max(real, 1):.0f} %)"
    killed = sum(counts[kind] for kind in ("model", "property", "unit test", "time-out"))
    return (f"{len(fates)} mutants, {equivalent} of them equivalent. Of the other {real}, models notice "
            f"{share(counts['model'])}, models and properties {share(counts['model'] + counts['property'])}, all tests "
            f"together {share(killed)}, {counts['time-out']} of these by time-out.")


def page(fates, notices, left_out):
    lines = [HEAD, summary(fates), ""]
    by_source = collections.defaultdict(list)
    for fate in fates:
        by_source[fate.mutant.source].append(fate)
    for source, of_it in by_source.items():
        lines += [f"## {source}", "", "| mutant | noticed by | |", "|---|---|---|"]
        for fate in of_it:
            who = fate.kind or ("equivalent" if fate.mutant.equivalent else "**nobody**")
            what = f"{fate.test}, {fate.how}" if fate.kind else fate.mutant.equivalent
            lines.append(f"| {fate.mutant.what} | {who} | {what} |")
        lines.append("")
    lines += ["## Operations that do nothing", "",
              "Each model must notice it if an operation that it is about does nothing. For each model, which of those that it "
              "comes by it notices, and which not.", "", "| model | notices | holds though |", "|---|---|---|"]
    what = {fate.mutant.number: fate.mutant.what for fate in fates}
    for model, of_it in sorted(notices.items()):
        listed = lambda noticed: "; ".join(what[number] for number in of_it if of_it[number] == noticed)
        lines.append(f"| {model} | {listed(True)} | {listed(False)} |")
    if left_out:
        lines += ["", "Not asked, since they take long or are not for the exhaustive engine: " + ", ".join(left_out) + "."]
    return "\n".join(lines) + "\n"


def compare(path, entries):
    """Whether the page tells of the mutants that there are, with the proofs that stand beside them."""
    told, source = [], ""
    complaints = []
    for line in pathlib.Path(path).read_text().splitlines():
        if line.startswith("## "):
            source = line.removeprefix("## ")
        elif entry := ENTRY.match(line):
            what, who, rest = entry.groups()
            told.append((source, what, rest if who == "equivalent" else ""))
            if who == "**nobody**":
                complaints.append(f"nobody notices: {source}: {what}")
    mutants = weave.mutants(entries)
    there = [(mutant.source, mutant.what, mutant.equivalent) for mutant in mutants]
    for kind, found in (("is missing", set(there) - set(told)), ("is told of, and there is none", set(told) - set(there))):
        complaints += [f"{kind}: {': '.join(filter(None, entry))}" for entry in sorted(found)]
    for complaint in complaints:
        print(f"mutants: {path}: {complaint}")
    if complaints or len(told) != len(there):
        print("mutants: ci/mutate writes it anew")
        return 1
    for source, of_it in weave.by_source(mutants).items():
        weave.weave(pathlib.Path(source).read_text(), of_it)  # an entry whose text is gone is an error
    print(f"mutants: {len(there)} stand in the sources and in {path}")
    return 0
