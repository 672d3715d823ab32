"""Divides the times of heddle's peers by heddle's, from what bench/primitives.cpp and cpython.py measured.

Usage: table.py PAGE.md MEASUREMENTS.json...    MEASUREMENTS: Google Benchmark's JSON, one for each round, or one with all
of them as repetitions; the table in the page, between its markers, is replaced. A ratio of 2 means that heddle takes half of
the peer's time; it is the median of the rounds' ratios.
"""
import collections
import json
import pathlib
import statistics
import sys

import page


def main(path, *measurements):
    times = collections.defaultdict(lambda: collections.defaultdict(list))
    reports = [json.loads(pathlib.Path(name).read_text()) for name in measurements]
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
    page.replace(path, "measured", table)
    print(table)


main(*sys.argv[1:])
