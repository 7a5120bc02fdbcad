#!/usr/bin/env python3
"""Prints sources.js: what the interactive figures quote, so that nothing is typed twice.

    Plaingrad.equations["2.10"] = {tex, corrected, lines: [{file, page, text}]}   the formula as the chapter's page
                                   typesets it; what the table of its erratum has in its place, if there is one; the lines
                                   of C++ that are marked with its number
    Plaingrad.snippets["eq_2_7_to_2_11"] = {file, page, text}          what stands between two markers //! [...]
"""
import json
import re
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "docs"))
from links import source_page  # noqa: E402


def formulas():
    found = {}
    for page in sorted((ROOT / "docs").glob("chapter*.md")):
        for tex, number in re.findall(r"\\f\[((?:(?!\\f\]).)*?)\\tag\{(\d+\.\d+)\}", page.read_text(), re.DOTALL):
            found[number] = " ".join(tex.split())
    return found


def corrections():
    rows = re.findall(r"^\| \\eq\{(\d+),(\d+)\} \|[^|]*\| \\f\$ (.*?) \\f\$ \|$", (ROOT / "docs" / "errata.md").read_text(), re.MULTILINE)
    return {f"{chapter}.{number}": tex for chapter, number, tex in rows}


def main():
    equations = {number: {"tex": tex, "lines": []} for number, tex in formulas().items()}
    for number, tex in corrections().items():
        equations[number]["corrected"] = tex
    snippets = {}
    for folder in ("src", "chapters"):
        for file in sorted((ROOT / folder).rglob("*.cpp")) + sorted((ROOT / folder).rglob("*.hpp")):
            name, open_at, lines = str(file.relative_to(ROOT)), {}, file.read_text().splitlines()
            for at, line in enumerate(lines, 1):
                if marker := re.match(r"\s*//! \[(\w+)\]", line):
                    tag = marker[1]
                    if tag in open_at:
                        text = textwrap.dedent("\n".join(lines[open_at[tag]:at - 1]))
                        snippets[tag] = {"file": name, "page": source_page(file, open_at.pop(tag) + 1), "text": text}
                    else:
                        open_at[tag] = at
                elif number := re.search(r"(?<!/)// \((\d+\.\d+)\)", line):
                    if number[1] in equations:
                        equations[number[1]]["lines"].append({"file": name, "page": source_page(file, at), "text": line.strip()})
    print(f"Plaingrad.equations = {json.dumps(equations)};")
    print(f"Plaingrad.snippets = {json.dumps(snippets)};")


if __name__ == "__main__":
    main()
