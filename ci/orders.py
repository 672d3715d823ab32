"""Every memory order names its edge, in a comment on its line or in the five lines above.

Usage: orders.py DIRECTORY...    exits 1 and lists the places that break the rule

    Acquire: synchronizes-with the release in unlock().      acquire, release, acq_rel: the partner, by its function
    Relaxed: the lock orders it.                              relaxed: what else makes it safe
    Seq_cst: of the total order over both flags ...           seq_cst: the total order that it needs
    Acquire on success, relaxed on failure: as in try_lock.   any of them: a function where it stands

A function that is named must exist in the files that are looked at.
"""
import pathlib
import re
import sys

LINES_ABOVE = 5
LEAST_WORDS = 3  # of a reason: "the same" and "see above" are none
ORDER = re.compile(r"std::memory_order_(\w+)")
ANY_ORDER = r"\b(?:acquire|release|acq_rel|relaxed|seq_cst)\b"
NAME = r"[\w:]+(?:\(\))?"
PARTNERS = re.compile(rf"synchronizes-with [^.]*?\bin ((?:(?:{NAME}, )*{NAME} and )?{NAME})")
REFERENCE = re.compile(rf"^(?:as in|as|see) ({NAME})")


class Files:
    def __init__(self, directories):
        found = (path for directory in directories for path in sorted(pathlib.Path(directory).rglob("*")))
        self.texts = {path: path.read_text() for path in found if path.suffix in (".hpp", ".inl")}
        code = (line.partition("//")[0] for text in self.texts.values() for line in text.splitlines())
        self.functions = set(re.findall(r"([~\w]+)\(", " ".join(code)))

    def has(self, name):
        return name.removesuffix("()").rpartition("::")[2] in self.functions


def reasons(lines, index, order):
    """What the comments near lines[index] say of `order`: the text after its colon, up to the next order's."""
    near = lines[max(0, index - LINES_ABOVE) : index + 1]
    comments = re.sub(r"\s+", " ", " ".join(line.partition("//")[2].lstrip("/") for line in near))
    said = re.compile(rf"\b{order}\b[^:.]*: *(?P<why>.*?)(?={ANY_ORDER}[^:.]*:|$)", re.IGNORECASE)
    return [match["why"].strip() for match in said.finditer(comments)]


def fault_of(why, order, files):
    """What is wrong with a reason; None if nothing is."""
    reference = REFERENCE.match(why)
    if reference and files.has(reference[1]):
        return None
    if order == "relaxed":
        return None if len(why.split()) >= LEAST_WORDS else "no comment says what else makes it safe"
    if order == "seq_cst":
        return None if "total order" in why else "no comment names the total order that it needs"
    partners = PARTNERS.search(why)
    if partners is None:
        return "no comment names its partner (synchronizes-with ... in ...)"
    missing = [name for name in re.findall(NAME, partners[1]) if name != "and" and not files.has(name)]
    return f"there is no {', '.join(missing)} for it to synchronize with" if missing else None


def faults(path, files):
    lines = files.texts[path].splitlines()
    for index, line in enumerate(lines):
        for order in ORDER.findall(line.partition("//")[0]):
            said = reasons(lines, index, order)
            found = [fault_of(why, order, files) for why in said]
            if None not in found:
                yield f"{path}:{index + 1}: {order}: {found[-1] if said else 'no comment says why'}"


def main(directories):
    files = Files(directories)
    if not files.texts:
        sys.exit(f"orders: no headers below {directories}")
    problems = [problem for path in files.texts for problem in faults(path, files)]
    code = (line.partition("//")[0] for text in files.texts.values() for line in text.splitlines())
    orders = sum(len(ORDER.findall(line)) for line in code)
    print("\n".join(problems) if problems else f"orders: {orders} in {len(files.texts)} headers, each names its edge")
    sys.exit(1 if problems or orders == 0 else 0)


main(sys.argv[1:])
