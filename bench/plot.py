"""Draws what bench/engines.cpp measured.

Usage: plot.py MEASUREMENTS.json PICTURE.svg PAGE.md    the table in the page, between its markers, is replaced
"""
import json
import math
import pathlib
import re
import sys

COLOURS = {"exhaustive": "#1f6feb", "relacy": "#d1242f"}
PANEL_WIDTH, PANEL_HEIGHT, MARGIN = 330, 210, 52


def scale(values, low, high, logarithmic):
    transform = math.log10 if logarithmic else float
    least, most = transform(min(values)), transform(max(values))
    span = (most - least) or 1.0
    return lambda value: low + (transform(value) - least) / span * (high - low)


def panel(rows, family, x0, y0):
    mine = [row for row in rows if row["family"] == family]
    seconds = [row["seconds"] for row in mine]
    steps = list(range(len(mine) // len(COLOURS)))
    x = scale(steps, x0 + MARGIN, x0 + PANEL_WIDTH - 16, False)
    y = scale([min(seconds) / 2, max(seconds) * 2], y0 + PANEL_HEIGHT - 40, y0 + 34, True)
    out = [f'<text x="{x0 + MARGIN}" y="{y0 + 18}" font-weight="bold">{family}: time to exhaust</text>']
    for power in range(-6, 3):
        if min(seconds) / 2 <= 10 ** power <= max(seconds) * 2:
            out.append(f'<line x1="{x0 + MARGIN}" x2="{x0 + PANEL_WIDTH - 16}" y1="{y(10 ** power):.1f}" '
                       f'y2="{y(10 ** power):.1f}" stroke="#ddd"/><text x="{x0 + MARGIN - 6}" '
                       f'y="{y(10 ** power) + 4:.1f}" text-anchor="end">{10 ** power:g} s</text>')
    sizes = [row for row in mine if row["engine"] == "exhaustive"]
    for step, row in enumerate(sizes):
        out.append(f'<text x="{x(step):.1f}" y="{y0 + PANEL_HEIGHT - 22}" text-anchor="middle">'
                   f'{row["threads"]}/{row["locations"]}/{row["rounds"]}</text>')
    for engine, colour in COLOURS.items():
        points = [(x(step), y(row["seconds"]), row["exhausted"])
                  for step, row in enumerate(row for row in mine if row["engine"] == engine)]
        out.append('<polyline fill="none" stroke="%s" stroke-width="2" points="%s"/>' %
                   (colour, " ".join(f"{px:.1f},{py:.1f}" for px, py, _ in points)))
        for px, py, exhausted in points:
            fill = colour if exhausted else "white"
            out.append(f'<circle cx="{px:.1f}" cy="{py:.1f}" r="4" fill="{fill}" stroke="{colour}" stroke-width="2"/>')
    return out


def picture(rows):
    families = list(dict.fromkeys(row["family"] for row in rows))
    columns = 2
    width, height = columns * PANEL_WIDTH, -(-len(families) // columns) * PANEL_HEIGHT + 30
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
           'font-family="sans-serif" font-size="11">', f'<rect width="{width}" height="{height}" fill="white"/>']
    for number, family in enumerate(families):
        out += panel(rows, family, number % columns * PANEL_WIDTH, number // columns * PANEL_HEIGHT)
    out.append(f'<text x="16" y="{height - 12}">below: threads/locations/rounds; filled: exhausted, hollow: stopped by '
               'its budget; ' + "; ".join(f'<tspan fill="{colour}">{name}</tspan>' for name, colour in COLOURS.items())
               + "</text></svg>")
    return "\n".join(out) + "\n"


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
    """GenMC is put beside by the speed of this machine: the first row, which both have, took GenMC 5.4 times as long."""
    lines = ["| program | threads / rounds | events | executions | blocked | microseconds an execution | seconds | GenMC 0.11 |",
             "|---|---|---|---|---|---|---|---|"]
    def seconds(row):
        return row["executions"] / row["rate"]
    first = rows[0]
    for row in rows:
        cut = "" if row["exhausted"] else " (budget spent)"
        ratio = 5.4 * (row["genmc"] / first["genmc"]) / (seconds(row) / seconds(first))
        lines.append(f'| {row["program"]} | {row["threads"]} / {row["rounds"]} | {row["events"]} | '
                     f'{row["executions"]:,}{cut} | {row["blocked"]:,} | {1e6 / row["rate"]:.2f} | {seconds(row):.4f} | '
                     f'{f"× {ratio:.1f}" if row["genmc"] else ""} |')
    return "\n".join(lines) + "\n"


def replace(text, name, lines):
    updated, replaced = re.subn(rf"(<!-- {name} -->\n).*?(<!-- end -->)", lambda m: m[1] + lines + m[2], text,
                                flags=re.DOTALL)
    if replaced != 1:
        sys.exit(f"plot: {page} has no '<!-- {name} -->' and '<!-- end -->'")
    return updated


measurements, svg, page = sys.argv[1:]
lines = [json.loads(line) for line in pathlib.Path(measurements).read_text().splitlines()]
measured = [line for line in lines if "family" in line]
published = [line for line in lines if "program" in line]
pathlib.Path(svg).write_text(picture(measured))
text = replace(pathlib.Path(page).read_text(), "measured", table(measured))
pathlib.Path(page).write_text(replace(text, "published", published_table(published)))
print(table(measured))
print(published_table(published))
