"""ci/build works on a source tree that nobody may write to, if HEDDLE_BUILD_DIR names another place.

Usage: read_only.py SOURCE SCRATCH    copies the sources to SCRATCH, takes the right to write, builds beside the copy.
Root may write all the same, so what stands in the copy is compared, too.
"""
import os
import pathlib
import shutil
import subprocess
import sys


def state(tree):
    return {path.relative_to(tree): (path.stat().st_mtime_ns, path.stat().st_size) for path in tree.rglob("*")}


def allow_writing(tree, allowed):
    for path in [tree, *tree.rglob("*")]:
        mode = path.stat().st_mode
        path.chmod(mode | 0o200 if allowed else mode & ~0o222)


def main(source, scratch):
    scratch = pathlib.Path(scratch)
    copy = scratch / "source"
    if copy.exists():
        allow_writing(copy, True)
    shutil.rmtree(scratch, ignore_errors=True)
    left_out = {"build", ".git", ".cache"}
    shutil.copytree(source, copy, ignore=lambda folder, names: left_out & set(names) if folder == source else set())
    allow_writing(copy, False)
    before = state(copy)
    here = {**os.environ, "HEDDLE_BUILD_DIR": "beside"}  # as seen from where the caller stands
    subprocess.run([copy / "ci/build", "default", "two_loops_with_locks"], cwd=scratch, env=here, check=True)
    subprocess.run([scratch / "beside/default/examples/two_loops_with_locks", "0.01"], check=True)
    after = state(copy)
    touched = sorted(str(path) for path in before.keys() | after.keys() if before.get(path) != after.get(path))
    allow_writing(copy, True)
    sys.exit(f"written to: {touched}" if touched else 0)


main(*sys.argv[1:])
