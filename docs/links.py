#!/usr/bin/env python3
"""Doxygen's filter for the pages: adds the links that nobody should have to write.

    docs/links.py PAGE.md        prints the page with these links:
        below every listing, the file that it comes from; from each test's name, the test; below every numbered formula, its
        code and tests; at top and bottom, the other chapters. Folded answers (<details>) are passed on untouched.
    docs/links.py --check SITE   checks all links of the site in that folder, and prints the broken ones
"""
import html
import re
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = [ROOT / "src", ROOT / "chapters", ROOT / "tests"]
CHAPTERS = sorted(page.stem for page in (ROOT / "docs").glob("chapter*.md"))
# In the order in which one reads them.
ORDER = ["paths", "notation", *CHAPTERS, "section_8_7", "section_8_8", "derivatives", "gradient_check", "gradient_court", "exercises", "errata", "glossary", "speed", "seconds", "beyond", "debugging", "change_something",
         "other_tools", "install", "torture", "questions", "teaching", "bibliography"]


@cache
def all_sources():
    """Those that have a page; the solutions of the exercises do not (Doxyfile)."""
    return [file for folder in SOURCES for file in sorted(folder.rglob("*"))
            if file.suffix in (".cpp", ".hpp") and file.parent != ROOT / "tests" / "exercises"]


def source_page(file, line):
    """What Doxygen calls the page of a source file: with its folders where others have the name too, but for the folders
    that all of them share."""
    same = [other for other in all_sources() if other.name == file.name]
    name = file.name
    if len(same) > 1:
        parts = [other.relative_to(ROOT).parts for other in same]
        shared = 0
        while len({part[:shared + 1] for part in parts}) == 1:
            shared += 1
        name = "/".join(file.relative_to(ROOT).parts[shared:])
    name = name.replace("_", "__").replace("/", "_2").replace(".", "_8")
    return f"{name}_source.html#l{line:05}"


def line_with(file, pattern):
    for number, line in enumerate(file.read_text().splitlines(), 1):
        if re.search(pattern, line):
            return number
    return None


def listing_link(name, tag):
    """From a quoted piece of source to the whole; nothing for what a program has printed."""
    for folder in SOURCES:
        file = folder / name
        if file.suffix in (".cpp", ".hpp") and file.exists():
            line = line_with(file, rf"//! \[{re.escape(tag)}\]")
            where = file.relative_to(ROOT)
            return f'<div class="listing-source"><a href="{source_page(file, line + 1)}">{where}</a></div>'
    return ""


@cache
def test_places():
    places = {}
    for file in all_sources():
        if file.is_relative_to(ROOT / "tests"):
            for number, line in enumerate(file.read_text().splitlines(), 1):
                if found := re.match(r"BOOST_(?:AUTO|FIXTURE)_TEST_CASE\((\w+)", line):
                    places.setdefault(found[1], (file, number))
    return places


def test_link(match):
    name = match[1]
    if name not in test_places():
        return f"<code>{name}</code>"  # docs/equations.sh names it
    return f'<a href="{source_page(*test_places()[name])}"><code>{name}</code></a>'


def formula_links(numbers):
    links = [f'<a href="equations.html#index_{number}">code and tests of ({number.replace("_", ".")})</a>' for number in numbers]
    return f'<div class="formula-links">{" ".join(links)}</div>'


@cache
def title(page):
    return re.match(r"# (.*?) *\{#", (ROOT / "docs" / f"{page}.md").read_text())[1]


def chapter_row(page):
    links = [f'<b>{name[-1]}</b>' if name == page else f'<a href="{name}.html" title="{html.escape(title(name))}">{name[-1]}</a>'
             for name in CHAPTERS]
    return f'<div class="chapters"><a href="index.html">Contents</a> Chapter {" ".join(links)}</div>'


def neighbours(page):
    at = ORDER.index(page)
    links = []
    if at > 0:
        links.append(f'<a class="previous" href="{ORDER[at - 1]}.html">&larr; {html.escape(title(ORDER[at - 1]))}</a>')
    if at + 1 < len(ORDER):
        links.append(f'<a class="next" href="{ORDER[at + 1]}.html">{html.escape(title(ORDER[at + 1]))} &rarr;</a>')
    return f'<div class="neighbours">{" ".join(links)}</div>'


def linked(text, page):
    lines, numbers = [], []
    for number, line in enumerate(text.splitlines()):
        line = re.sub(r"\\testcase\{(\w+)\}", test_link, line)
        # Doxygen would close a fold at the end of its paragraph.
        line = re.sub(r"^<details><summary>.*</summary>$|^</details>$", r"\\htmlonly[block]\n\g<0>\n\\endhtmlonly", line)
        lines.append(line)
        if number == 0 and page in ORDER:
            lines += ["", chapter_row(page), ""]
        if found := re.match(r"\\anchor eq_(\w+)", line):
            numbers.append(found[1])
        if numbers and r"\f]" in line:
            lines += ["", formula_links(numbers), ""]
            numbers = []
        if found := re.match(r"\\snippet\S* (\S+) (\S+)", line):
            lines += ["", listing_link(found[1], found[2]), ""]
    if page in ORDER:
        lines += ["", neighbours(page)]
    return "\n".join(lines) + "\n"


def broken_links(site):
    """Links to files, or to places in them, that are not there."""
    pages = {file.name: file.read_text(errors="replace") for file in site.glob("*.html")}
    places = {name: set(re.findall(r'(?:id|name)="([^"]*)"', text)) for name, text in pages.items()}
    broken = set()
    for name, text in pages.items():
        for link in re.findall(r'(?:href|src)="([^"]*)"', text):
            link = html.unescape(link)
            if re.match(r"[a-z]+:", link) or "$" in link:
                continue
            target, _, place = link.partition("#")
            target = target or name
            if not (site / target).exists() or (place and target in places and place not in places[target]):
                broken.add(f"{name}: {link}")
    return sorted(broken)


def main():
    if sys.argv[1] == "--check":
        broken = broken_links(Path(sys.argv[2]))
        for link in broken:
            print(f"docs/links.py: broken link in {link}", file=sys.stderr)
        return 1 if broken else 0
    page = Path(sys.argv[1])
    sys.stdout.write(linked(page.read_text(), page.stem))
    return 0


if __name__ == "__main__":
    sys.exit(main())
