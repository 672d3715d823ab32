"""The table of invariants names, for each, the models that show it and the broken twins that break it.

Usage: invariants.py [--write] TABLE MODEL_RUNNER    exits 1 if the table is out of date, if an invariant has no model or
no twin that breaks that very invariant, if a model shows or a twin breaks one that the table does not have, or if a twin
does not say where it must fail; --write brings the last two columns up to date. What an invariant says is written by hand,
and so is a row that no model can show: its third column says where it is tested instead, beginning with "tests/" or
"properties/".
"""
import collections
import json
import pathlib
import re
import subprocess
import sys

ROW = re.compile(r"^\| (?P<id>(?:INV|HB)-[\w-]+) \| (?P<claim>[^|]*) \| (?P<models>[^|]*) \| (?P<twins>[^|]*) \|$")


def listed_by(runner):
    listed = subprocess.run([runner, "--list", "--json", "-"], capture_output=True, text=True, check=True)
    return json.loads(listed.stdout)["models"]


def by_invariant(listed, does):
    found = collections.defaultdict(list)
    for check in listed:
        for invariant in check[does]:
            found[invariant].append(check["model"])
    return found


def main(arguments):
    write = "--write" in arguments
    table, runner = [name for name in arguments if name != "--write"]
    listed = listed_by(runner)
    models, twins = by_invariant(listed, "shows"), by_invariant(listed, "breaks")
    if not models:
        sys.exit(f"invariants: {runner} lists no model that shows one")
    rows, lines = set(), []
    faults = [f"{check['model']}: a broken twin that does not say where it must fail" for check in listed
              if check["expected"] not in ("holds", "leak") and not check["fails_at"]]  # what leaks is nowhere
    for line in pathlib.Path(table).read_text().splitlines():
        if row := ROW.match(line):
            rows.add(row["id"])
            elsewhere = re.match("(tests|properties)/", row["models"])
            if elsewhere and not pathlib.Path(row["models"]).exists():
                faults.append(f"{row['id']}: there is no file {row['models']}")
            wanted = line
            if not elsewhere:
                for kind, does, known in (("model", "shows", models), ("broken twin", "breaks", twins)):
                    if row["id"] not in known:
                        faults.append(f"{row['id']}: no {kind} {does} it")
                wanted = "| " + " | ".join([row["id"], row["claim"], ", ".join(models.get(row["id"], [])),
                                            ", ".join(twins.get(row["id"], []))]) + " |"
            if wanted != line and not write:
                faults.append(f"{row['id']}: the row is out of date")
            line = wanted
        lines.append(line)
    for does, known in (("shown", models), ("broken", twins)):
        faults += [f"{invariant}: {does} by {', '.join(known[invariant])}, but not in the table"
                   for invariant in sorted(set(known) - rows)]
    if write:
        pathlib.Path(table).write_text("\n".join(lines) + "\n")
    print("\n".join(faults + [f"invariants: {len(rows)} in the table, {len(faults)} faults"]))
    sys.exit(1 if faults or not rows else 0)


main(sys.argv[1:])
