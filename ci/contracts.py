"""Every public member of every public header has a contract: a doc comment with Requires, Returns, Errors, Visibility and
Source, in this order, or one that says `As name()` or `Otherwise as name()`, where that one has all five.

Usage: contracts.py [--include DIRECTORY]... DIRECTORY...    exits 1 and lists the members without one

A DIRECTORY is the include directory of a room; what lies in a folder or namespace `detail` is not public. --include names
directories that its headers need. Destructors and what is deleted or defaulted need no contract. Needs Debian's python3-clang-14.
"""
import argparse
import pathlib
import re
import sys

from clang import cindex
from clang.cindex import AccessSpecifier, CursorKind

TAGS = ["Requires", "Returns", "Errors", "Visibility", "Source"]
TAG = re.compile(r"\b(" + "|".join(TAGS) + "):")
REFERENCE = re.compile(r"\b(?:As|Otherwise as) `?(?:\w+(?:::|\.))*([\w~]+)\(")
FUNCTIONS = {CursorKind.CXX_METHOD, CursorKind.CONSTRUCTOR, CursorKind.CONVERSION_FUNCTION, CursorKind.FUNCTION_DECL,
             CursorKind.FUNCTION_TEMPLATE}
CLASSES = {CursorKind.CLASS_DECL, CursorKind.STRUCT_DECL, CursorKind.CLASS_TEMPLATE,
           CursorKind.CLASS_TEMPLATE_PARTIAL_SPECIALIZATION}


def public_headers(directory):
    return [path for path in sorted(pathlib.Path(directory).rglob("*.hpp")) if "detail" not in path.parts]


def parsed(headers, includes):
    source = "".join(f'#include "{path.resolve()}"\n' for path in headers)
    arguments = ["-std=c++20", "-xc++", *(f"-I{pathlib.Path(directory).resolve()}" for directory in includes)]
    unit = cindex.Index.create().parse("headers.cpp", args=arguments, unsaved_files=[("headers.cpp", source)])
    errors = [str(diagnostic) for diagnostic in unit.diagnostics if diagnostic.severity >= cindex.Diagnostic.Error]
    if errors:
        sys.exit("\n".join(errors) + "\ncontracts: the headers do not compile")
    return unit.cursor


def is_generated(cursor):
    """Whether it is deleted or defaulted: `= delete` and `= default` are the last tokens before the semicolon."""
    tokens = [token.spelling for token in cursor.get_tokens()]
    return tokens[-2:] in (["=", "delete"], ["=", "default"])


def public_functions(scope, files):
    for cursor in scope.get_children():
        if cursor.location.file is None or cursor.location.file.name not in files:
            continue
        if cursor.access_specifier in (AccessSpecifier.PRIVATE, AccessSpecifier.PROTECTED):
            continue
        if cursor.kind == CursorKind.NAMESPACE and cursor.spelling != "detail":
            yield from public_functions(cursor, files)
        elif cursor.kind in CLASSES and cursor.is_definition():
            yield from public_functions(cursor, files)
        elif cursor.kind in FUNCTIONS and cursor.canonical == cursor and not is_generated(cursor):
            if not cursor.spelling.startswith(("~", "<deduction guide")):
                yield cursor


def tags_of(comment):
    return list(dict.fromkeys(TAG.findall(comment)))  # each once, in the order of their first use


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--include", action="append", default=[])
    parser.add_argument("rooms", nargs="+")
    arguments = parser.parse_args()
    headers = [path for room in arguments.rooms for path in public_headers(room)]
    if not headers:
        sys.exit(f"contracts: no public headers below {arguments.rooms}")
    files = {str(path.resolve()) for path in headers}
    functions = list(public_functions(parsed(headers, arguments.rooms + arguments.include), files))
    complete = {cursor.spelling.partition("<")[0] for cursor in functions if tags_of(cursor.raw_comment or "") == TAGS}
    problems = []
    for cursor in functions:
        comment = cursor.raw_comment or ""
        found = tags_of(comment)
        reference = REFERENCE.search(comment)
        if found == TAGS or reference and reference[1] in complete:
            continue
        if not comment:
            fault = "no doc comment"
        elif reference:
            fault = f"{reference[1]}(), which it refers to, has no complete contract"
        else:
            missing = [tag for tag in TAGS if tag not in found]
            fault = f"no {', '.join(missing)}" if missing else f"the order is {', '.join(found)}"
        place = pathlib.Path(cursor.location.file.name).relative_to(pathlib.Path.cwd())
        problems.append(f"{place}:{cursor.location.line}: {cursor.spelling}: {fault}")
    print("\n".join(problems + [f"contracts: {len(headers)} headers, {len(functions)} public members, "
                                f"{len(problems)} without a contract"]))
    sys.exit(1 if problems or not functions else 0)


main()
