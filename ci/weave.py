"""Mutants: small faults of logic in the sources, all woven into one copy of the tree, one switched on at run time.

Usage: weave.py DESTINATION    copies the tree there, with every mutant of ci/mutants woven in; prints how many

A file of ci/mutants names a source, then has a paragraph for each mutant: what it is, the text and what stands in its place.

    file impl/include/heddle/event.hpp

    set() wakes those who wait only if the flag was set before
    - if (!is_set(before)) P::wake_all(word_);
    + if (is_set(before)) P::wake_all(word_);

A line that begins with blanks continues the one before it. The text must stand once in the source; with `after TEXT`, which
must stand once, the first one behind that is meant. Text that ends in ';' or '}' is replaced as statements, any other as an
expression. `equivalent REASON` says why nobody can notice; `empty MODELS...` marks a mutant in
which an operation does nothing, which each of these models must notice (ci/vacuity).
"""
import collections
import dataclasses
import pathlib
import re
import shutil
import subprocess
import sys

DECLARES = re.compile(r"(const |auto )?[A-Z]\w+&? \w+ =[^;]*;|(const |auto )[^;]*=[^;]*;")
ENTRIES = pathlib.Path(__file__).parent / "mutants"
SWITCH = """// Which mutant is switched on. Written by ci/weave.py.
#pragma once
#include <fcntl.h>
#include <unistd.h>
#include <cstdlib>
namespace heddle_mutation {
inline const int chosen = [] {
    const char* const number = std::getenv("HEDDLE_MUTANT");
    return number == nullptr ? 0 : std::atoi(number);
}();
inline const char* const reached = std::getenv("HEDDLE_MUTANT_REACHED");
/// Whether it is on; leaves a file behind the first time.
inline bool is(int number) {
    if (number != chosen) return false;
    static bool told = false;
    if (!told && reached != nullptr) ::close(::open(reached, O_CREAT | O_WRONLY, 0600));
    told = true;
    return true;
}
}  // namespace heddle_mutation
"""


@dataclasses.dataclass
class Mutant:
    source: str
    what: str
    text: str
    replacement: str
    after: str = ""
    equivalent: str = ""
    models: tuple = ()  # of an empty operation: who must notice
    number: int = 0

    @property
    def is_statement(self):
        return re.sub(r"//.*", "", self.text).rstrip().endswith((";", "}"))


def mutant_of(paragraph, source, where):
    what, *lines = paragraph
    fields = collections.defaultdict(list)
    word = None
    for line in lines:
        if line.startswith("  ") and word:
            fields[word].append(line)
            continue
        word, _, rest = line.partition(" ")
        if word not in ("-", "+", "after", "equivalent", "empty"):
            sys.exit(f"mutants: {where}: what is '{line}'?")
        fields[word].append(rest)
    if not fields["-"] or not source:
        sys.exit(f"mutants: {where}: '{what}' has no text, or no file")
    return Mutant(source, what, "\n".join(fields["-"]), "\n".join(fields["+"]), "\n".join(fields["after"]),
                  " ".join(fields["equivalent"]), tuple(" ".join(fields["empty"]).split()))


def mutants(directory=ENTRIES):
    """All of them, numbered from 1 in the order of files and paragraphs."""
    found = []
    for path in sorted(pathlib.Path(directory).glob("*.mutants")):
        source = None
        for paragraph in re.split(r"\n\s*\n", path.read_text().strip()):
            lines = paragraph.splitlines()
            if lines[0].startswith("file "):
                source = lines[0].removeprefix("file ")
            else:
                found.append(mutant_of(lines, source, path.name))
    for number, mutant in enumerate(found, 1):
        mutant.number = number
    return found


def span_of(mutant, code):
    """Where its text stands. Indentation and the breaks of lines are as in the source."""
    begin = 0
    if mutant.after:
        if code.count(mutant.after) != 1:
            sys.exit(f"mutants: {mutant.source}: 'after {mutant.after}' stands {code.count(mutant.after)} times")
        begin = code.index(mutant.after) + len(mutant.after)
    pattern = r"\s+".join(re.escape(word) for word in mutant.text.split())
    matches = [match.span() for match in re.finditer(pattern, code[begin:])]
    if not matches or (len(matches) > 1 and not mutant.after):
        sys.exit(f"mutants: {mutant.source}: '{mutant.text}' ({mutant.what}) stands {len(matches)} times")
    return begin + matches[0][0], begin + matches[0][1]


def woven(alternatives, body):
    if DECLARES.match(body):  # what it declares must live on, so that only what leaves the scope can stand for it
        return "".join(f"if (::heddle_mutation::is({m.number})) {{ {m.replacement} }} " for m in alternatives) + body
    if alternatives[0].is_statement:
        branches = "".join(f"if (::heddle_mutation::is({m.number})) {{ {m.replacement} }} else " for m in alternatives)
        return f"{{ {branches}{{ {body}\n}} }}"
    choices = "".join(f"::heddle_mutation::is({m.number}) ? ({m.replacement}) : " for m in alternatives)
    return f"({choices}({body}))"


def weave(code, of_this_file):
    """The code with all its mutants; a text inside of another one stays mutated there."""
    spans = collections.defaultdict(list)
    for mutant in of_this_file:
        spans[span_of(mutant, code)].append(mutant)
    ordered = sorted(spans, key=lambda span: (span[0], -span[1]))

    def rendered(begin, end, inner):
        out, at = "", begin
        while inner:
            span = inner.pop(0)
            within = [other for other in inner if other[0] < span[1]]
            if any(other[1] > span[1] for other in within):
                sys.exit(f"mutants: '{spans[span][0].text}' overlaps another text")
            inner = inner[len(within):]
            out += code[at:span[0]] + woven(spans[span], rendered(*span, within))
            at = span[1]
        return out + code[at:end]

    return rendered(0, len(code), ordered).replace("#pragma once", "#pragma once\n#include <heddle/mutation.hpp>", 1)


def main(destination):
    destination = pathlib.Path(destination)
    tracked = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], capture_output=True,
                             text=True, check=True).stdout.split("\n")
    by_source = collections.defaultdict(list)
    for mutant in mutants():
        by_source[mutant.source].append(mutant)
    for name in filter(None, tracked):
        if not pathlib.Path(name).is_file():
            continue
        target = destination / name
        code = pathlib.Path(name).read_bytes()
        if name in by_source:
            code = weave(code.decode(), by_source[name]).encode()
        if target.exists() and target.read_bytes() == code:
            continue  # so that only what has changed is built anew
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(code)
        shutil.copymode(name, target)
    switch = destination / "platform/include/heddle/mutation.hpp"
    if not switch.exists() or switch.read_text() != SWITCH:
        switch.write_text(SWITCH)
    print(f"mutants: {sum(map(len, by_source.values()))} in {len(by_source)} sources")


if __name__ == "__main__":
    main(sys.argv[1])
