"""Divides the times of heddle's peers by heddle's, from what bench/primitives.cpp measured.

Usage: table.py MEASUREMENTS.json PAGE.md    MEASUREMENTS: Google Benchmark's JSON, with repetitions; the table in the
page, between its markers, is replaced. A ratio of 2 means that heddle takes half of the peer's time.
"""
import collections
import json
import pathlib
import re
import statistics
import sys


def main(measurements, page):
    times = collections.defaultdict(lambda: collections.defaultdict(list))
    report = json.loads(pathlib.Path(measurements).read_text())
    for run in report["benchmarks"]:
        if run["run_type"] == "iteration":
            work, who = run["name"].split("/")[:2]
            times[work][who].append(run["real_time"])
    lines = ["| work | heddle, ns | std, ns | ratio | worst and best pair of repetitions |", "|---|---|---|---|---|"]
    for work, by in times.items():
        ours, peer = by["heddle"], by["std"]
        pairs = sorted(p / o for o, p in zip(ours, peer))
        ratio = statistics.median(peer) / statistics.median(ours)
        lines.append(f"| {work} | {statistics.median(ours):,.0f} | {statistics.median(peer):,.0f} | **{ratio:.2f}** | "
                     f"{pairs[0]:.2f} to {pairs[-1]:.2f} |")
    context = report["context"]
    table = "\n".join(lines) + f"\n\nMeasured with {context['num_cpus']} CPUs at {context['mhz_per_cpu']} MHz, " \
        f"{len(next(iter(next(iter(times.values())).values())))} repetitions, medians.\n"
    text = pathlib.Path(page).read_text()
    updated, replaced = re.subn(r"(<!-- measured -->\n).*?(<!-- end -->)", lambda m: m[1] + table + m[2], text,
                                flags=re.DOTALL)
    if replaced != 1:
        sys.exit(f"table: {page} has no '<!-- measured -->' and '<!-- end -->'")
    pathlib.Path(page).write_text(updated)
    print(table)


main(*sys.argv[1:])
