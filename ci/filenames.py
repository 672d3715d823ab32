"""No file name stands twice in a room, so that a name alone says which file is meant.

Usage: filenames.py ROOM...    exits 1 and lists the names that do
"""
import collections
import pathlib
import sys

EVERYWHERE = {"CMakeLists.txt"}  # the build's own name for what it reads in each folder


def main(rooms):
    files, problems = 0, []
    for room in rooms:
        places = collections.defaultdict(list)
        for path in sorted(pathlib.Path(room).rglob("*")):
            if path.is_file() and path.name not in EVERYWHERE:
                places[path.name].append(str(path))
                files += 1
        problems += [f"{name} stands twice: {', '.join(found)}" for name, found in places.items() if len(found) > 1]
    print("\n".join(problems) if problems else f"filenames: {files} files, none twice in a room")
    sys.exit(1 if problems or not files else 0)


main(sys.argv[1:])
