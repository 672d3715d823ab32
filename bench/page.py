"""The tables that measurements leave in a page of the documentation."""
import pathlib
import re
import sys


def replace(path, name, lines):
    """Puts the lines in place of what stands between `<!-- name -->` and the next `<!-- end -->`."""
    page = pathlib.Path(path)
    updated, replaced = re.subn(rf"(<!-- {name} -->\n).*?(<!-- end -->)", lambda m: m[1] + lines + m[2],
                                page.read_text(), flags=re.DOTALL)
    if replaced != 1:
        sys.exit(f"{path} has no '<!-- {name} -->' and '<!-- end -->'")
    page.write_text(updated)
