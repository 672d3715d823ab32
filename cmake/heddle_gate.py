"""Runs the parts of a gate one after the other, and tells on one screen what came of them.

Usage: heddle_gate.py PARTS.json [--list] [--part NAME]... [--without NAME=REASON]... [--minutes N] [--markdown FILE]

PARTS.json is {"directory": where logs and reports go, "parts": [{"name", "runs": command, "reads", "needs"}]}. `reads` says
what the command tells of itself: "verdicts", a program with models; "certificate", the same with --necessity; "tests", ctest;
and "lines", any other. "{report}" in a command becomes the name of the file for its JSON report. A part that `needs` another
one is looked at only if that was green.

Exit status: 0 if every part is green. 1: one has failed. 2: this, or what a part runs, was called wrongly. 3: a part could not
say: it crashed, left no whole report, or was not looked at, since the gate was interrupted or its time was out.
"""
import argparse
import collections
import dataclasses
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

GREEN, FAILED, MISUSE, UNKNOWN = 0, 1, 2, 3
WORDS = {GREEN: "ok", FAILED: "FAIL", MISUSE: "MISUSE", UNKNOWN: "ERROR"}
LINES_SHOWN = 60  # of the first failure, beside its log: a screen


@dataclasses.dataclass
class Result:
    name: str
    status: int
    says: str = ""
    failure: str = ""  # whole
    seconds: float = 0


def plural(count, what):
    return f"{count:,} {what}" + ("" if count == 1 else "s")


def read_verdicts(status, text, report):
    """A program with models: how many, what was explored and what was cut. Only a whole report counts."""
    if report is None or not report.exists():
        return (MISUSE, "it was called wrongly", text) if status == 2 else (UNKNOWN, "it left no report", text)
    try:
        told = json.loads(report.read_text())
        rows, summary = told["models"], told["summary"]
        whole = len(rows) == summary["models"] and len(rows) > 0
        red = [row for row in rows if not row["met"]]
    except (ValueError, KeyError, TypeError):
        whole = False
    if not whole:
        return (MISUSE, "it was called wrongly", text) if status == 2 else (UNKNOWN, "its report is not whole", text)
    cut = collections.Counter(what for row in rows for what in row["cut"])
    says = f"{plural(len(rows), 'check')}, {plural(sum(row['executions'] for row in rows), 'execution')}"
    says += f"; cut in {sum(1 for row in rows if row['cut'])}: {cut.most_common(1)[0][0]}" if cut else "; nothing cut"
    if not red:
        return (GREEN if status == 0 else UNKNOWN), says + ("" if status == 0 else f"; but its exit status is {status}"), text
    unclear = all(row["outcome"] == "harness error" for row in red)
    first = re.search(r"^FAIL(ED)? ", text, re.MULTILINE)  # its report, or its row
    explained = text[first.start():] if first else text
    return (UNKNOWN if unclear else FAILED), f"{len(red)} red, first {red[0]['model']}: {red[0]['message']}; {says}", explained


def read_tests(status, text, _):
    """ctest."""
    if "No tests were found" in text:
        return MISUSE, "there is no test", text
    counted = re.search(r"(\d+)% tests passed, (\d+) tests? failed out of (\d+)", text)
    if counted is None:
        return UNKNOWN, "it did not come to its end", text
    says = f"{plural(int(counted[3]), 'test')}, {counted[2]} failed"
    return (GREEN if status == 0 and counted[2] == "0" else FAILED), says, text


def read_certificate(status, text, report):
    """A program with models and --necessity."""
    last = text.strip().splitlines()[-1] if text.strip() else "it says nothing"
    missing = [line for line in text.splitlines() if line.startswith(("NOT ", "NO LONGER", "RED", "one of two"))]
    if status in (GREEN, MISUSE):
        return status, last, text
    return (FAILED if status == 1 and missing else UNKNOWN), last, "\n".join(missing) or text


def read_lines(status, text, _):
    last = text.strip().splitlines()[-1] if text.strip() else ""
    if status in (126, 127) or status < 0:
        return UNKNOWN, f"it could not be run to its end (status {status})", text
    return (status if status in (GREEN, FAILED, MISUSE) else UNKNOWN), last, text


READERS = {"verdicts": read_verdicts, "tests": read_tests, "certificate": read_certificate, "lines": read_lines}


class OutOfTime(Exception):
    pass


def run_part(part, directory, until):
    """Runs it into its log; the caller may be interrupted meanwhile."""
    directory.mkdir(parents=True, exist_ok=True)
    log, report = directory / f"{part['name']}.log", directory / f"{part['name']}.json"
    report.unlink(missing_ok=True)  # of the run before
    command = [word.replace("{report}", str(report)) for word in part["runs"]]
    started = time.monotonic()
    try:
        with open(log, "wb") as output:
            process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
            try:
                status = process.wait(None if until is None else max(0, until - time.monotonic()))
            except BaseException as ended:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                if isinstance(ended, subprocess.TimeoutExpired):
                    raise OutOfTime from None
                raise
    except OSError as error:
        return Result(part["name"], UNKNOWN, f"it cannot be run: {error.strerror}: {command[0]}")
    text = log.read_text(errors="replace")
    if status < 0 and part["reads"] != "lines":
        status, says, failure = UNKNOWN, f"it was killed: {signal.Signals(-status).name}", text
    else:
        reads_report = "{report}" in " ".join(part["runs"])
        status, says, failure = READERS[part["reads"]](status, text, report if reads_report else None)
    return Result(part["name"], status, says, failure, time.monotonic() - started)


def screen(results, unseen, left_out):
    """The whole gate, and then the first failure."""
    rows = [(WORDS[result.status], result.name, f"{result.seconds:.0f} s", result.says) for result in results]
    rows += [("?", name, "", f"not looked at: {why}") for name, why in unseen.items()]
    rows += [("-", name, "", f"left out: {reason}") for name, reason in left_out.items()]
    width = max((len(name) for _, name, _, _ in rows), default=0)
    return [f"{word:<6} {name:<{width}} {seconds:>7}  {says}"[:200] for word, name, seconds, says in rows]


def verdict(results, unseen):
    worst = [status for status in (FAILED, MISUSE, UNKNOWN) if any(result.status == status for result in results)]
    return worst[0] if worst else (UNKNOWN if unseen or not results else GREEN)


def last_lines(text, log):
    lines = text.rstrip().splitlines()
    if len(lines) > LINES_SHOWN:
        lines = [f"... all of it: {log}"] + lines[-LINES_SHOWN:]
    return lines


def gate(parts, directory, minutes, left_out):
    until = None if minutes is None else time.monotonic() + 60 * minutes
    results, unseen = [], {}
    for index, part in enumerate(parts):
        print(f"gate: {part['name']} ({index + 1} of {len(parts)})", file=sys.stderr, flush=True)
        why = ""
        needed = next((result for result in results if result.name == part.get("needs")), None)
        if needed is not None and needed.status != GREEN:
            unseen[part["name"]] = f"{needed.name} is not green"
            continue
        try:
            results.append(run_part(part, directory, until))
        except KeyboardInterrupt:
            why = "the gate was interrupted"
        except OutOfTime:
            why = f"the time was out ({minutes:g} minutes)"
        if why:
            unseen |= {left["name"]: why for left in parts[index:]}
            break
    lines = screen(results, unseen, left_out)
    status = verdict(results, unseen)
    first = next((result for result in results if result.status == FAILED),
                 next((result for result in results if result.status != GREEN), None))
    if first is not None:
        lines += ["", f"{first.name}, whole:"] + last_lines(first.failure, directory / f"{first.name}.log")
    word = {GREEN: "green", FAILED: "RED", MISUSE: "RED: called wrongly", UNKNOWN: "RED: not everything could be said"}[status]
    return status, ["The gate:", *lines, "", word + (f", without {', '.join(left_out)}" if left_out else "")]


def chosen_parts(arguments, parts, parser):
    names = [part["name"] for part in parts]
    left_out = {}
    for text in arguments.without:
        name, _, reason = text.partition("=")
        if not reason.strip():
            parser.error(f"'{name}' is left out without a reason: --without {name}=REASON")
        left_out[name] = reason.strip()
    for name in [*arguments.part, *left_out]:
        if name not in names:
            parser.error(f"there is no part '{name}'; there is {' '.join(names)}")
    chosen = [part for part in parts if part["name"] not in left_out and
              (not arguments.part or part["name"] in arguments.part)]
    if not chosen:
        parser.error("there is no part to run")
    return chosen, left_out


def main():
    parser = argparse.ArgumentParser(prog="gate")
    parser.add_argument("parts")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--part", action="append", default=[])
    parser.add_argument("--without", action="append", default=[], metavar="NAME=REASON")
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--markdown")
    arguments = parser.parse_args()
    try:
        described = json.loads(pathlib.Path(arguments.parts).read_text())
    except (OSError, ValueError) as error:
        parser.error(f"{arguments.parts}: {error}")
    parts, left_out = chosen_parts(arguments, described["parts"], parser)
    if arguments.list:
        print("\n".join(f"{part['name']:<11} {' '.join(part['runs'])}" for part in parts))
        return GREEN
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a CI server that gives up is an interruption
    status, lines = gate(parts, pathlib.Path(described["directory"]), arguments.minutes, left_out)
    print("\n".join(lines))
    if arguments.markdown:
        pathlib.Path(arguments.markdown).write_text("```\n" + "\n".join(lines) + "\n```\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
