"""Mutants: small faults of logic in headers, all woven into copies of them, one switched on at run time.

Usage: weave.py DIRECTORY    writes there each header that has mutants, with all of them woven in; prints how many

What is compiled with that directory before all others has every mutant. HEDDLE_MUTANT=N switches one on (default: none), and
HEDDLE_MUTANTS_REACHED=FILE notes in a file which ones a program comes by: one byte each, by number.

A file of ci/mutants names a source, then has a paragraph for each mutant: what it is, the text and what stands in its place.

    file impl/include/heddle/event.hpp

    set() wakes those who wait only if the flag was set before
    - if (!is_set(before)) P::wake_all(word_);
    + if (is_set(before)) P::wake_all(word_);

A line that begins with blanks continues the one before it. The text must stand once in the source; with `after TEXT`, which
must stand once, the first one behind that is meant. Text that ends in ';' or '}' is replaced as statements, any other as an
expression. `equivalent PROOF` says why nobody can notice; `empty [MODEL...]` marks a mutant in which an operation does
nothing: each of these models must notice that, and each model one such mutant.
"""
import collections
import dataclasses
import pathlib
import re
import sys

DECLARES = re.compile(r"(const |auto )?[A-Z]\w+&? \w+ =[^;]*;|(const |auto )[^;]*=[^;]*;")
NUMBERS_OF_A_SOURCE = 100
ENTRIES = pathlib.Path(__file__).parent / "mutants"
SWITCH = """// Which mutant is switched on. Written by ci/weave.py.
#pragma once
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cstdlib>
#include <type_traits>
namespace heddle_mutation {
inline const int chosen = [] {
    const char* const number = std::getenv("HEDDLE_MUTANT");
    return number == nullptr ? 0 : std::atoi(number);
}();
/// What a worker process comes by is its parent's, too, and outlives a crash.
inline unsigned char* const reached = [] {
    const char* const file = std::getenv("HEDDLE_MUTANTS_REACHED");
    if (file == nullptr) return static_cast<unsigned char*>(nullptr);
    const int opened = ::open(file, O_CREAT | O_RDWR, 0600);
    if (opened < 0 || ::ftruncate(opened, COUNT) != 0) std::abort();
    void* const mapped = ::mmap(nullptr, COUNT, PROT_READ | PROT_WRITE, MAP_SHARED, opened, 0);
    if (mapped == MAP_FAILED) std::abort();
    return static_cast<unsigned char*>(mapped);
}();
/// In what the compiler computes none is switched on.
constexpr bool is(int number) {
    if (std::is_constant_evaluated()) return false;
    if (reached != nullptr) reached[number] = 1;
    return number == chosen;
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
    empty: bool = False
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
                  " ".join(" ".join(fields["equivalent"]).split()), "empty" in fields,
                  tuple(" ".join(fields["empty"]).split()))


def mutants(directory=ENTRIES):
    """All of them, in the order of files and paragraphs. A new one gives others a new number in its own source only, so that
    only what includes that is built anew."""
    found = []
    for path in sorted(pathlib.Path(directory).glob("*.mutants")):
        source = None
        for paragraph in re.split(r"\n\s*\n", path.read_text().strip()):
            lines = paragraph.splitlines()
            if lines[0].startswith("file "):
                source = lines[0].removeprefix("file ")
            else:
                found.append(mutant_of(lines, source, path.name))
    sources = by_source(found)
    for position, source in enumerate(sorted(sources), 1):
        if len(sources[source]) >= NUMBERS_OF_A_SOURCE:
            sys.exit(f"mutants: {source} has too many")
        for number, mutant in enumerate(sources[source], NUMBERS_OF_A_SOURCE * position):
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


def write_if_changed(path, text):
    """So that only what has changed is built anew."""
    if path.exists() and path.read_text() == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def by_source(of_all):
    found = collections.defaultdict(list)
    for mutant in of_all:
        found[mutant.source].append(mutant)
    return found


def main(directory):
    directory = pathlib.Path(directory)
    of_all = mutants()
    written = {directory / "heddle/mutation.hpp": SWITCH.replace("COUNT", str(max(mutant.number for mutant in of_all) + 1))}
    for source, of_it in by_source(of_all).items():
        below_include = source.partition("/include/")[2]
        if not below_include:
            sys.exit(f"mutants: {source} is no header below include/")
        written[directory / below_include] = weave(pathlib.Path(source).read_text(), of_it)
    for path, text in written.items():
        write_if_changed(path, text)
    for path in directory.rglob("*"):
        if path.is_file() and path not in written:
            path.unlink()  # it had mutants once
    print(f"mutants: {len(of_all)} in {len(written) - 1} headers")


if __name__ == "__main__":
    main(sys.argv[1])
