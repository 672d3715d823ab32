"""The manual page and the completion of bash know every option that --help has; bash completes with the latter.

Usage: manual_test.py PROGRAM PAGE COMPLETION    exits 1 and names what is missing
"""
import pathlib
import re
import subprocess
import sys

OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")


def completed(completion, *words):
    script = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _heddle "$1"; printf "%s\\n" "${COMPREPLY[@]}"'
    return subprocess.run(["bash", "-c", script, "bash", completion, *words], capture_output=True, text=True).stdout.split()


def main(program, page, completion):
    help_text = subprocess.run([program, "--help"], capture_output=True, text=True, check=True).stdout
    # What a line of the list begins with; explanations name others.
    options = {option for line in help_text.splitlines() if line.startswith("  -") for option in OPTION.findall(line.split()[0])}
    formatted = re.sub(r"\\f[BIR]", "", pathlib.Path(page).read_text()).replace("\\-", "-")
    faults = [f"the page lacks {option}" for option in sorted(options) if option not in OPTION.findall(formatted)]
    offered = completed(completion, program, "--")
    faults += [f"the completion lacks {option}" for option in sorted(options) if option not in offered]
    for what, found, expected in (
            ("an engine", completed(completion, program, "--engine", "th"), ["threads"]),
            ("a model", completed(completion, program, "--filter", "LockExcludesT"), ["LockExcludesTwice"]),
            ("the command", completed(completion, "heddle", "ch"), ["check"]),
            ("a folder", completed(completion, program, "--html", "harness/sr"), ["harness/src"])):
        if found != expected:
            faults.append(f"{what}: completed to {found}, expected {expected}")
    warnings = subprocess.run(["groff", "-man", "-ww", "-z", page], capture_output=True, text=True).stderr
    faults += [f"groff: {line}" for line in warnings.splitlines()]
    print("\n".join(faults + [f"manual: {len(options)} options, {len(faults)} faults"]))
    sys.exit(1 if faults or not options else 0)


main(*sys.argv[1:])
