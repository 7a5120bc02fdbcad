#!/usr/bin/env python3
"""Writes OUT/index.html: every figure in OUT with its caption and section, and the numbers beside the report's.

    .make/gallery.py OUT

Captions are those of the book (\\figure in docs/*.md), numbers those of OUT/results.json. The page needs
neither network nor script.
"""
import html
import json
import re
import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent / "docs"
ENDINGS = [".svg", ".png", ".gif"]

STYLE = """
:root { color-scheme: light dark; --text: #1c2126; --quiet: #56616b; --page: #ffffff; --card: #f5f7f9; --line: #d5dbe0; --link: #0b62a8 }
@media (prefers-color-scheme: dark) {
  :root { --text: #e4e8eb; --quiet: #a6b1ba; --page: #15191d; --card: #1e2429; --line: #39424a; --link: #78b8ee }
}
* { box-sizing: border-box }
body { background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 76rem; padding: 1rem }
a { color: var(--link) }
nav { display: flex; flex-wrap: wrap; gap: 0.2rem 1.2rem; margin: 1rem 0 }
nav a { padding: 0.3rem 0 }
h2 { border-top: 1px solid var(--line); margin: 2.5rem 0 0.5rem; padding-top: 1.5rem }
h3 { margin: 1.5rem 0 0.7rem }
.figures { align-items: start; display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)) }
figure { background: var(--card); border: 1px solid var(--line); border-radius: 6px; margin: 0; padding: 0.7rem }
figure img { background: #ffffff; display: block; height: auto; margin: 0 auto; max-width: 100% }
figcaption { margin-top: 0.6rem }
.files { color: var(--quiet); display: block; font-size: 0.85rem }
.numbers { margin-top: 1rem; overflow-x: auto }
table { border-collapse: collapse; font-size: 0.9rem }
th, td { border-bottom: 1px solid var(--line); padding: 0.25rem 1rem 0.25rem 0; text-align: left; vertical-align: top }
td + td { font-variant-numeric: tabular-nums }
summary { cursor: pointer; padding: 0.5rem 0 }
"""


def pages():
    """The book's pages in the order of the report."""
    chapters = sorted(DOCS.glob("chapter*.md"))
    others = [DOCS / name for name in ("gradient_check.md", "section_8_7.md", "section_8_8.md", "results.md", "speed.md", "seconds.md", "beyond.md")]
    return chapters + others


def heading(line):
    return re.sub(r"^#+ *| *\{#\w+\}$", "", line)


def read_captions():
    """From a figure's name to its section, caption and description, in the order of the book."""
    captions = {}
    for page in pages():
        lines = page.read_text().splitlines()
        section = heading(lines[0])
        in_parts = not re.match(r"\d", section)  # a page that is one section has no others
        for line, following in zip(lines, lines[1:] + [""]):
            if line.startswith("## ") and in_parts:
                section = heading(line)
            if found := re.match(r"\\figure\{(\w+)(\.\w+),(.*)\}$", line):
                # An animation has a name with its still: they are told apart by the ending.
                name = found[1] + (".gif" if found[2] == ".gif" else "")
                captions[name] = (section, following, found[3].replace("\\,", ","))
    return captions


def chapter_titles():
    """By number: the headings that are marked {#chapterN}."""
    titles = {}
    for page in DOCS.glob("*.md"):
        for title, number in re.findall(r"^#+ (?:Chapter \d+: )?(.*?) *\{#chapter(\d)\}$", page.read_text(), re.M):
            titles[number] = f"{number} {title}"
    return titles


def figures_in(out):
    """The figures by name; of each, the files in order of preference. A GIF is a figure of its own."""
    figures = {}
    for file in sorted(out.glob("figure_*")):
        if file.suffix in ENDINGS:
            still = any((out / (file.stem + ending)).exists() for ending in (".svg", ".png"))
            name = file.stem + (".gif" if file.suffix == ".gif" and still else "")
            figures.setdefault(name, []).append(file.name)
    return {name: sorted(files, key=lambda f: ENDINGS.index(Path(f).suffix)) for name, files in figures.items()}


def figure(out, name, files, caption, description):
    data = f"data/{Path(files[0]).stem}.csv"
    still = not files[0].endswith(".gif")
    links = files + ([data] if still and (out / data).exists() else [])
    listed = " ".join(f'<a href="{html.escape(file)}">{Path(file).suffix[1:]}</a>' for file in links)
    text = caption or re.sub(r"^figure_|\.gif$", "", name).replace("_", " ")
    return (f'<figure id="{html.escape(name)}"><a href="{html.escape(files[0])}"><img src="{html.escape(files[0])}" loading="lazy" '
            f'alt="{html.escape(description or text)}"></a><figcaption>{html.escape(text)} <span class="files">{listed}</span></figcaption></figure>')


def number(value):
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.5g}"
    if isinstance(value, list):
        return ", ".join(number(v) for v in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {number(v)}" for key, v in value.items())
    return str(value)


def table(entries, titles, columns):
    head = "".join(f"<th>{title}</th>" for title in ["", *titles])
    rows = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in
                                    [name, *(number(values[c]) if c in values else "" for c in columns)]) + "</tr>\n"
                   for name, values in entries)
    return f'<div class="numbers"><table>\n<tr>{head}</tr>\n{rows}</table></div>'


def numbers(entries):
    """What the report states too stands in the open, the rest is folded."""
    stated = [(name, values) for name, values in entries.items() if "report" in values]
    own = [(name, values) for name, values in entries.items() if "report" not in values]
    text = table(stated, ["the report", "here"], ["report", "ours"]) if stated else ""
    if own:
        text += (f"<details><summary>{len(own)} numbers that the report does not state</summary>"
                 f'{table(own, ["here"], ["ours"])}</details>')
    return text


def chapter_of(name):
    if name.startswith("figure_gradient_check"):  # of section 2.6
        return "2"
    found = re.match(r"figure_(\d+)_|chapter(\d+)$|(\d+)\.", name)
    return next(part for part in found.groups() if part) if found else "speed"


def sections(out, figures, results, captions):
    """Chapter by chapter, section by section: its figures, then its numbers."""
    order = list(captions)
    names = sorted(figures, key=lambda name: order.index(name) if name in order else len(order))
    made = {}  # chapter -> section -> [figures, results]
    for name in names:
        section, caption, description = captions.get(name, ("", "", ""))
        place = made.setdefault(chapter_of(name), {}).setdefault(section, [[], {}])
        place[0].append(figure(out, name, figures[name], caption, description))
    for key, entries in results.items():
        chapter = made.setdefault(chapter_of(key), {})
        section = next((title for title in chapter if title.startswith(key + " ")), "" if key.startswith("chapter") else key)
        chapter.setdefault(section, [[], {}])[1].update(entries)
    return made


def page(out):
    results = json.loads((out / "results.json").read_text()) if (out / "results.json").exists() else {}
    figures, titles = figures_in(out), chapter_titles()
    made = sections(out, figures, results, read_captions())
    menu, body = "", ""
    for chapter in sorted(made):
        title = titles.get(chapter, chapter.capitalize())
        menu += f'<a href="#chapter{chapter}">{html.escape(title)}</a>\n'
        body += f'<h2 id="chapter{chapter}">{html.escape(title)}</h2>\n'
        # Numbers of a whole chapter come after its sections.
        for section, (pictures, entries) in sorted(made[chapter].items(), key=lambda item: item[0] == ""):
            body += f"<h3>{html.escape(section or 'Numbers of the chapter')}</h3>\n" if section or not pictures else ""
            body += f'<div class="figures">\n{chr(10).join(pictures)}\n</div>\n' if pictures else ""
            body += numbers(entries) + "\n" if entries else ""
    scales = {entries["scale"]["ours"] for entries in results.values() if "scale" in entries}
    scale = f" Trained at the {' and the '.join(sorted(scales))} scale." if scales else ""
    return f"""<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>plaingrad: all figures</title>
<style>{STYLE}</style></head>
<body>
<h1>All figures</h1>
<p>{len(figures)} figures, drawn by the chapters' programs, and their numbers beside the report's.{scale}
Below each figure: its files, and its numbers as CSV.</p>
<nav>
{menu}</nav>
{body}</body>
</html>
"""


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    out = Path(sys.argv[1])
    (out / "index.html").write_text(page(out))


if __name__ == "__main__":
    main()
