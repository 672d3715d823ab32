"""Divides the times of heddle's peers by heddle's, from what bench/primitives.cpp and cpython.py measured.

Usage: table.py PAGE.md MEASUREMENTS.json...    MEASUREMENTS: Google Benchmark's JSON, one for each round, or one with all
of them as repetitions; the table in the page, between its markers, is replaced. A ratio of 2 means that heddle takes half of
the peer's time; it is the median of the rounds' ratios.
"""
import collections
import json
import pathlib
import re
import statistics
import sys


def main(page, *measurements):
    times = collections.defaultdict(lambda: collections.defaultdict(list))
    reports = [json.loads(pathlib.Path(path).read_text()) for path in measurements]
    peers = []
    for run in (run for report in reports for run in report["benchmarks"] if run["run_type"] == "iteration"):
        work, who = run["name"].split("/")[:2]
        times[work][who].append(run["real_time"])
        if who != "heddle" and who not in peers:
            peers.append(who)
    lines = [f"| work | heddle, ns | {' | '.join(peers)} | std: worst and best round |",
             "|---|---|" + "---|" * len(peers) + "---|"]
    for work, by in times.items():
        ratios = {who: sorted(p / o for o, p in zip(by["heddle"], by[who])) for who in by}
        cells = [f"**{statistics.median(ratios[who]):.2f}**" if who in by else "" for who in peers]
        lines.append(f"| {work} | {statistics.median(by['heddle']):,.0f} | {' | '.join(cells)} | "
                     f"{ratios['std'][0]:.2f} to {ratios['std'][-1]:.2f} |")
    context = reports[0]["context"]
    table = "\n".join(lines) + f"\n\nMeasured with {context['num_cpus']} CPUs at {context['mhz_per_cpu']} MHz, " \
        f"{len(next(iter(times.values()))['heddle'])} rounds, medians.\n"
    text = pathlib.Path(page).read_text()
    updated, replaced = re.subn(r"(<!-- measured -->\n).*?(<!-- end -->)", lambda m: m[1] + table + m[2], text,
                                flags=re.DOTALL)
    if replaced != 1:
        sys.exit(f"table: {page} has no '<!-- measured -->' and '<!-- end -->'")
    pathlib.Path(page).write_text(updated)
    print(table)


main(*sys.argv[1:])
