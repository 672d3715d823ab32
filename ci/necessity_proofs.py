"""Weakenings that no model can be asked about at a bearable price, each with its proof beside it.

Usage: necessity_proofs.py PROOFS     reads what --necessity says from the standard input, and passes it on
Exits 1 if a weakening is not shown needed that has no proof, or there is a proof for one that is; else as --necessity would.

PROOFS has a paragraph for each: the file and the weakening, as --necessity prints them, without the line; then the proof,
indented. It speaks of every such operation in the file.
"""
import pathlib
import re
import sys

SHOWN = re.compile(r"^(needed|NOT SHOWN) +(\S+?):\d+ (.*)$")


def proofs(path):
    found = {}
    for paragraph in re.split(r"\n\s*\n", pathlib.Path(path).read_text().strip()):
        weakening, *reason = paragraph.splitlines()
        if not reason or not all(line.startswith("  ") for line in reason):
            sys.exit(f"necessity: {path}: '{weakening}' has no proof")
        found[weakening] = " ".join(" ".join(reason).split())
    return found


def main():
    text = sys.stdin.read()
    sys.stdout.write(text)
    there = proofs(sys.argv[1])
    weakenings = {"needed": [], "NOT SHOWN": []}
    others = False
    for line in text.splitlines():
        if shown := SHOWN.match(line):
            weakenings[shown[1]].append(f"{shown[2]} {shown[3]}")
        others = others or line.startswith(("NOT REACHED", "RED", "one of two"))
    unproved = [weakening for weakening in weakenings["NOT SHOWN"] if weakening not in there]
    files = {weakening.split()[0] for of_a_kind in weakenings.values() for weakening in of_a_kind}  # not all may be asked about
    there = {weakening: reason for weakening, reason in there.items() if weakening.split()[0] in files}
    stale = [weakening for weakening in there if weakening not in weakenings["NOT SHOWN"]]
    for weakening, reason in there.items():
        print(f"proved      {weakening}\n            {reason}")
    for weakening in unproved:
        print(f"NOT PROVED  {weakening}")
    for weakening in stale:
        print(f"NO LONGER   {weakening}: it is needed, or gone; its proof must go")
    if not weakenings["needed"]:
        print("NOTHING     was shown needed")
    print(f"necessity: {len(weakenings['needed'])} needed, {len(there) - len(stale)} proved, {len(unproved)} neither"
          + (", others not reached, red or one of two" if others else ""))
    return 1 if unproved or stale or others or not weakenings["needed"] else 0


if __name__ == "__main__":
    sys.exit(main())
