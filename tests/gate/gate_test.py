"""A gate turns red for each fault that is put into what it looks at, with the exit status and the words for it.

Usage: gate_test.py GATE SEEDED_MODELS SOURCES     GATE: heddle_gate.py; SOURCES: where the program's sources are
"""
import json
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

GREEN, FAILED, MISUSE, UNKNOWN = 0, 1, 2, 3
GATE, PROGRAM, SOURCES = sys.argv[1:]
TOO_SHORT = "import pathlib, subprocess, sys; path = sys.argv[1]; subprocess.run([*sys.argv[2:], '--json', path]); " \
            "text = pathlib.Path(path).read_text(); pathlib.Path(path).write_text(text[:len(text) // 2])"
FORGETFUL = "import json, subprocess, sys; path = sys.argv[1]; subprocess.run([*sys.argv[2:], '--json', path]); " \
            "told = json.load(open(path)); told['models'].pop(); json.dump(told, open(path, 'w'))"


def models(*arguments):
    return {"name": "models", "reads": "verdicts",
            "runs": [PROGRAM, "--engine", "exhaustive", "--budget", "0.5", "--json", "{report}", *arguments]}


def only(name, *arguments):
    return models("--filter", name, *arguments)


def necessity(name, directory):
    return {"name": "necessity", "reads": "certificate",
            "runs": [PROGRAM, "--necessity", "--sources", f"{SOURCES}/{directory}", "--filter", name, "--json", "{report}"]}


def words(name, *command):
    return {"name": name, "reads": "lines", "runs": list(command)}


def gate_on(directory, parts, *arguments, interrupt=None):
    described = pathlib.Path(directory) / "parts.json"
    described.write_text(json.dumps({"directory": f"{directory}/logs", "parts": parts}))
    process = subprocess.Popen([sys.executable, GATE, described, *arguments], stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True)
    if interrupt:
        while not (pathlib.Path(directory) / "begun").exists() and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(interrupt)
    text, _ = process.communicate()
    return process.returncode, text


CASES = [
    # what is wrong, the parts, the arguments, the exit status, words that must be told and words that must not
    ("nothing", [only("Publishes"), necessity("Publishes", "needed")], [], GREEN, ["1 check, ", "nothing cut", "\ngreen"], ["RED"]),
    ("a race", [only("Races")], [], FAILED, ["models, whole:", "'data' at the same time", "--replay", "\nRED"], ["green"]),
    ("a deadlock", [only("Deadlocks")], [], FAILED, ["1 red, first Deadlocks", "deadlock"], ["green"]),
    ("a crash", [only("Crashes")], [], FAILED, ["1 red, first Crashes", "Segmentation fault"], ["green"]),
    ("a hang", [only("Hangs")], [], FAILED, ["1 red, first Hangs", "livelock: a thread ran on for"], ["green"]),
    ("a twin that passes", [only("TwinThatPasses")], [], FAILED, ["1 red, first TwinThatPasses"], ["green"]),
    ("a twin that fails elsewhere", [only("TwinThatFailsElsewhere")], [], FAILED,
     ["1 red, first TwinThatFailsElsewhere", "must fail with data_race at 'message', but it was failed (data_race)",
      "'data' at the same time"], ["green"]),
    ("a model that checks nothing", [only("LooksAtNothing")], [], FAILED, ["nothing was checked"], ["green"]),
    ("an order that nothing needs", [necessity("OrdersTooMuch", "too_much")], [], FAILED, ["NOT SHOWN", "fetch_add(acq_rel)"], ["green"]),
    ("an order that is weaker", [only("Publishes", "--weaken", "needed/publishes.hpp:{release} store(release) -> store(relaxed)")],
     [], FAILED, ["1 red, first Publishes", "'data' at the same time"], ["green"]),
    ("a filter that nothing matches", [only("Nothing")], [], MISUSE, ["no model to check", "RED: called wrongly"], ["green"]),
    ("an engine that is missing", [models("--engine", "loom")], [], MISUSE, ["MISUSE models"], ["green"]),
    ("half a report", [words("models", sys.executable, "-c", TOO_SHORT, "{report}", PROGRAM, "--filter", "Publishes") |
                       {"reads": "verdicts"}], [], UNKNOWN, ["its report is not whole"], ["green"]),
    ("a report without one check", [words("models", sys.executable, "-c", FORGETFUL, "{report}", PROGRAM, "--filter", "Publishes",
                                          "--engine", "exhaustive") | {"reads": "verdicts"}], [], UNKNOWN,
     ["its report is not whole"], ["green"]),
    ("no report", [words("models", "true", "{report}") | {"reads": "verdicts"}], [], UNKNOWN, ["it left no report"], ["green"]),
    ("a program that is missing", [words("models", "/no/such/program")], [], UNKNOWN, ["it cannot be run"], ["green"]),
    ("a program that is killed", [words("models", "sh", "-c", "kill -9 $$")], [], UNKNOWN, ["status -9"], ["green"]),
    ("what others need", [words("build", "false"), only("Publishes") | {"needs": "build"}], [], FAILED,
     ["FAIL   build", "?      models", "not looked at: build is not green"], ["\ngreen"]),
    ("a part left out without a reason", [only("Publishes"), words("other", "true")], ["--without", "models"], MISUSE,
     ["'models' is left out without a reason"], ["green"]),
    ("a part left out for a reason", [only("Publishes"), words("other", "true")], ["--without", "models=it takes long"], GREEN,
     ["models", "left out: it takes long", "green, without models"], ["RED"]),
    ("every part left out", [only("Publishes")], ["--without", "models=why not"], MISUSE, ["there is no part to run"], ["green"]),
    ("a part that is not there", [only("Publishes")], ["--part", "modles"], MISUSE, ["there is no part 'modles'"], ["green"]),
    ("too little time", [words("slow", "sleep", "60"), only("Publishes")], ["--minutes", "0.001"], UNKNOWN,
     ["?      slow", "?      models", "the time was out"], ["green"]),
    ("a failure before the time is out", [words("first", "false"), words("slow", "sleep", "60")], ["--minutes", "0.005"], FAILED,
     ["FAIL   first", "?      slow", "the time was out"], ["green"]),
]
INTERRUPTED = ["?      slow", "?      models", "not looked at: the gate was interrupted", "RED"]


def line_of_release():
    lines = pathlib.Path(SOURCES, "needed/publishes.hpp").read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if "memory_order_release" in line)


def complaint(what, status, text, expected, told, untold):
    missing = [words for words in told if words not in text] + [words for words in untold if words in text]
    return f"{what}: status {status}, expected {expected}; {missing}\n{text}" if status != expected or missing else ""


def main():
    complaints = []
    for what, parts, arguments, expected, told, untold in CASES:
        for part in parts:
            part["runs"] = [word.replace("{release}", str(line_of_release())) for word in part["runs"]]
        with tempfile.TemporaryDirectory() as directory:
            complaints.append(complaint(what, *gate_on(directory, parts, *arguments), expected, told, untold))
    for sent in (signal.SIGINT, signal.SIGTERM):
        with tempfile.TemporaryDirectory() as directory:
            slow = words("slow", "sh", "-c", f"touch {directory}/begun; exec sleep 60")
            ended = gate_on(directory, [slow, only("Publishes")], interrupt=sent)
            complaints.append(complaint("an interruption", *ended, UNKNOWN, INTERRUPTED, ["green"]))
    complaints = list(filter(None, complaints))
    print("\n".join(complaints) or f"gate: {len(CASES) + 2} seeded faults, each told as what it is")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
