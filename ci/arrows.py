"""Which room may include which. Reads every #include below the rooms, and refuses one against the arrows.

Usage: arrows.py [ROOT]       exits 1 and lists the includes that are not allowed
       arrows.py --picture    prints the table as a Mermaid graph, for the manual
"""
import pathlib
import re
import sys

# The rooms from the ground up; each may include itself and what stands here. Nothing includes tests, bench or examples.
MAY_KNOW = {
    "platform": set(),
    "impl": {"platform"},
    "engine": set(),
    "harness": {"engine"},
    "checker": {"harness", "engine", "platform"},
    "unmodified": {"harness", "engine"},
    "properties": {"harness", "engine", "checker", "impl", "platform"},
    "models": {"impl", "platform", "checker", "harness", "engine", "properties"},
}
# Inside the exhaustive engine: the floors, lowest first; each may include itself and those below it.
FLOORS = ["exhaustive/graph", "exhaustive/search", "exhaustive/program"]
# Libraries that a room does without: what visits executions does not print, and who only explores needs no test runner.
MUST_NOT_USE = {
    "platform": ("fmt/", "nlohmann/", "CLI/", "gtest/", "boost/", "rapidcheck"),
    "impl": ("fmt/", "nlohmann/", "CLI/", "gtest/", "boost/", "rapidcheck"),
    "engine": ("fmt/", "nlohmann/", "CLI/", "gtest/", "rapidcheck", "iostream"),
    "checker": ("fmt/", "nlohmann/", "CLI/", "gtest/", "boost/", "rapidcheck"),
}
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^">]+)[">]', re.MULTILINE)


def owners(root):
    """Public headers by the name that they are included with: which room has them."""
    return {str(path.relative_to(root / room / "include")): room
            for room in MAY_KNOW for path in (root / room / "include").rglob("*.hpp")}


def against_the_arrows(root, room, path, public):
    text = path.read_text()
    for quote, name in INCLUDE.findall(text):
        target = public.get(name)
        if target is not None and target != room and target not in MAY_KNOW[room]:
            yield f"{path.relative_to(root)}: {room}/ must not include <{name}>, which is {target}'s"
        if quote == "<" and name.startswith(MUST_NOT_USE.get(room, ())):
            yield f"{path.relative_to(root)}: {room}/ does without <{name}>"
        if quote == '"' and ".." in name:
            yield f'{path.relative_to(root)}: "{name}" climbs out of its folder: name it from the root of its room'
        floors = [n for n, floor in enumerate(FLOORS) if f"/src/{floor}/" in str(path)]
        wanted = [n for n, floor in enumerate(FLOORS) if name.startswith(floor + "/")]
        if floors and wanted and wanted[0] > floors[0]:
            yield f'{path.relative_to(root)}: "{name}" is on a floor above it'


def picture():
    """The arrows, but for those that a path of others stands for, and the rooms that do not exist yet."""
    rooms = [room for room in MAY_KNOW if pathlib.Path(room).is_dir()]
    lines = ["graph TD"]
    for room in rooms:
        known = MAY_KNOW[room] & set(rooms)
        direct = known - {below for other in known for below in MAY_KNOW[other]}
        lines += [f"    {room}[\"{room}/\"]"] + [f"    {room} --> {other}" for other in rooms if other in direct]
    return "\n".join(lines)


def main(arguments):
    if arguments == ["--picture"]:
        print(picture())
        return
    root = pathlib.Path(arguments[0] if arguments else ".").resolve()
    public = owners(root)
    files = [(room, path) for room in MAY_KNOW for path in sorted((root / room).rglob("*"))
             if path.suffix in (".hpp", ".cpp", ".inl")]
    if not files:
        sys.exit(f"arrows: no sources in the rooms below {root}")
    problems = [problem for room, path in files for problem in against_the_arrows(root, room, path, public)]
    print("\n".join(problems) if problems else f"arrows: {len(files)} files, every include goes along the arrows")
    sys.exit(1 if problems else 0)


main(sys.argv[1:])
