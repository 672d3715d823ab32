"""Draws what bench/engines.cpp measured.

Usage: plot.py MEASUREMENTS.json PICTURE.svg PAGE.md    the table in the page, between its markers, is replaced
"""
import json
import pathlib
import sys

import matplotlib

import page

matplotlib.use("svg")
matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "heddle"})  # text as text, and the same each time
from matplotlib import pyplot  # noqa: E402  after the choice of what it draws with

COLOURS = {"exhaustive": "#1f6feb", "relacy": "#d1242f"}
COLUMNS = 2


def draw(axes, rows):
    for engine, colour in COLOURS.items():
        mine = [row for row in rows if row["engine"] == engine]
        steps = range(len(mine))
        axes.plot(steps, [row["seconds"] for row in mine], color=colour, label=engine, zorder=2)
        for step, row in zip(steps, mine):
            axes.scatter(step, row["seconds"], s=36, facecolor=colour if row["exhausted"] else "white", edgecolor=colour,
                         zorder=3)
    sizes = [f'{row["threads"]}/{row["locations"]}/{row["rounds"]}' for row in rows if row["engine"] == "exhaustive"]
    axes.set_xticks(range(len(sizes)), sizes)
    axes.set_yscale("log")
    axes.set_ylabel("seconds to exhaust")
    axes.set_title(rows[0]["family"])
    axes.grid(axis="y", color="#dddddd")


def picture(rows, path):
    families = list(dict.fromkeys(row["family"] for row in rows))
    lines = -(-len(families) // COLUMNS)
    figure, all_axes = pyplot.subplots(lines, COLUMNS, figsize=(9, 3 * lines))
    for axes, family in zip(all_axes.flat, families):
        draw(axes, [row for row in rows if row["family"] == family])
    all_axes.flat[0].legend()
    figure.supxlabel("threads/locations/rounds; filled: exhausted, hollow: stopped by its budget", fontsize="medium")
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def table(rows):
    lines = ["| what grows | threads / locations / rounds | engine | events | executions | seconds | executions a second "
             "| ratio to Relacy: median, worst and best |", "|---|---|---|---|---|---|---|---|"]
    for row in rows:
        cut = "" if row["exhausted"] else " (budget spent)"
        mine = row["engine"] == "exhaustive"
        events = row["events"] if mine else ""
        ratio = f'**{row["ratio"]:.2f}** ({row["worst"]:.2f} to {row["best"]:.2f})' if mine else ""
        lines.append(f'| {row["family"]} | {row["threads"]} / {row["locations"]} / {row["rounds"]} | {row["engine"]} | '
                     f'{events} | {row["executions"]:,}{cut} | {row["seconds"]:.6f} | {row["rate"]:,} | {ratio} |')
    return "\n".join(lines) + "\n"


def published_table(rows):
    """GenMC is put beside by the speed of this machine: the first row took 0.76 s where GenMC was measured."""
    lines = ["| program | threads / rounds | events | executions | blocked | microseconds an execution | seconds | GenMC 0.11 |",
             "|---|---|---|---|---|---|---|---|"]
    def seconds(row):
        return row["executions"] / row["rate"]
    pace = seconds(rows[0]) / 0.76
    for row in rows:
        cut = "" if row["exhausted"] else " (budget spent)"
        ratio = row["genmc"] * pace / seconds(row)
        lines.append(f'| {row["program"]} | {row["threads"]} / {row["rounds"]} | {row["events"]} | '
                     f'{row["executions"]:,}{cut} | {row["blocked"]:,} | {1e6 / row["rate"]:.2f} | {seconds(row):.4f} | '
                     f'{f"× {ratio:.1f}" if row["genmc"] else ""} |')
    return "\n".join(lines) + "\n"


measurements, svg, path = sys.argv[1:]
lines = [json.loads(line) for line in pathlib.Path(measurements).read_text().splitlines()]
measured = [line for line in lines if "family" in line]
published = [line for line in lines if "program" in line]
picture(measured, svg)
page.replace(path, "measured", table(measured))
page.replace(path, "published", published_table(published))
print(table(measured))
print(published_table(published))
