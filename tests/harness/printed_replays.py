"""Runs the commands that a failing program prints for its executions: whoever copies one must see the execution again.

usage: printed_replays.py PROGRAM FIXED OTHER

PROGRAM has models that fail, FIXED the same without their faults, OTHER has none of them. Of each model that fails in PROGRAM the
command is taken from what GoogleTest prints and writes, from what ctest prints, and from JUnit; it is run in another folder. It must
fail again; with FIXED in the place of PROGRAM it must not fail any more; with OTHER it must be refused.
"""
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

import replays

ENGINE = "exhaustive"


def commands_in(text):
    lines = text.splitlines()
    return [line.split("run it again:")[1].strip() for line in lines if "run it again:" in line]


def of_googletest(program, folder):
    written = folder / "googletest.xml"
    printed = replays.run(program, f"--gtest_filter={ENGINE}.*", f"--gtest_output=xml:{written}").stdout
    text = "\n".join(xml.etree.ElementTree.parse(written).getroot().itertext())
    return {"GoogleTest": commands_in(printed), "GoogleTest's XML": commands_in(text)}


def of_ctest(program, folder):
    listed = replays.run(program, f"--gtest_filter={ENGINE}.*", "--gtest_list_tests").stdout
    names = [line.split("#")[0].strip() for line in listed.splitlines() if line.startswith("  ")]
    tests = "".join(f'add_test({name} "{program}" "--gtest_filter={ENGINE}.{name}")\n' for name in names)
    (folder / "CTestTestfile.cmake").write_text(tests, encoding="utf-8")
    return {"ctest": commands_in(replays.run("ctest", "--test-dir", str(folder), "--output-on-failure").stdout)}


def of_junit(program, folder):
    written = folder / "junit.xml"
    replays.run(program, "--engine", ENGINE, "--junit", str(written))
    texts = xml.etree.ElementTree.parse(written).getroot().itertext()
    return {"JUnit": commands_in("\n".join(texts))}


def fault_of(command, program, others, folder):
    for path, status, words in ((program, 1, "FAILED again"), *others):
        ended = subprocess.run(["sh", "-c", command.replace(program, path)], cwd=folder, capture_output=True, text=True,
                               check=False)
        if ended.returncode != status or words not in ended.stdout + ended.stderr:
            return f"{command}\n  with {path}: status {ended.returncode}, not {status} and '{words}': {ended.stdout}{ended.stderr}"
    return None


def main():
    program, fixed, other = sys.argv[1:]
    others = ((fixed, 0, "does not fail any more"), (other, 2, "no model"))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        found = of_googletest(program, folder) | of_ctest(program, folder) | of_junit(program, folder)
        if len({len(commands) for commands in found.values()}) != 1 or not found["JUnit"]:
            sys.exit("commands printed: " + ", ".join(f"{who} {len(commands)}" for who, commands in found.items()))
        different = sorted({command for commands in found.values() for command in commands})
        for command in different:
            if fault := fault_of(command, program, others, folder):
                sys.exit(fault)
    print(f"{sum(map(len, found.values()))} commands, {len(different)} of them different")


if __name__ == "__main__":
    main()
