#!/usr/bin/env python3
"""Prints chapter3_data.js: what the figures of chapter 3 start from, none of it typed by hand.

    Plaingrad.chapter3.examples["3.1"] = [matrix, ...]      in the order in which the chapter's program prints them
    Plaingrad.chapter3.digits = [{label, image}]            of the committed sample of MNIST, see digit()
    Plaingrad.chapter3.filters = [{name, matrix}]           those of section_3_3.cpp
    Plaingrad.chapter3.trained = [matrix, ...]              the first layer of a trained CNN

A matrix is {rows, columns, values}, row by row.
"""
import gzip
import json
import re
import struct
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLE = ROOT / "tests/data/mnist"
WEIGHTS = ROOT / "figures/runs/cnn-mnist-adam-seed1-37548a55-640965c9.safetensors"


def matrix(rows):
    if not rows or len({len(row) for row in rows}) != 1:
        raise SystemExit(f"chapter3_data.py: not a matrix: {rows}")
    return {"rows": len(rows), "columns": len(rows[0]), "values": [value for row in rows for value in row]}


def printed(text, title):
    """The matrices printed side by side below a line that begins with `title`: columns that three spaces or more part."""
    lines = text.splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith(title))
    starts = [found.start() for found in re.finditer(r"(?<=   )\S|(?<=^  )\S", lines[at])]
    rows = [[] for _ in starts]
    for line in lines[at + 1:]:
        if not line.strip():
            break
        for i, start in enumerate(starts):
            end = starts[i + 1] if i + 1 < len(starts) else None
            if part := line[start - 1:end - 1 if end else None].split():
                rows[i].append([float(value) for value in part])
    return [matrix(each) for each in rows]


def digit(pixels):
    """12 x 12, from 0 to 9: the mean of each 2 x 2, without the outer ring, which is empty or nearly so."""
    mean = [[sum(pixels[28 * (2 * i + m) + 2 * j + n] for m in (0, 1) for n in (0, 1)) / 4 for j in range(1, 13)]
            for i in range(1, 13)]
    return matrix([[round(9 * value / 255) for value in row] for row in mean])


def digits():
    """The first of each class."""
    labels = gzip.open(SAMPLE / "train-labels-idx1-ubyte.gz").read()[8:]
    pixels = gzip.open(SAMPLE / "train-images-idx3-ubyte.gz").read()[16:]
    return [{"label": label, "image": digit(pixels[784 * labels.index(label):])} for label in range(10)]


def filters():
    text = (ROOT / "chapters/chapter3/section_3_3.cpp").read_text()
    found = []
    for name, rows in re.findall(r'\{"([\w ]+)", \{(\{[^"]*?\})\}\}', text):
        rows = [row.split(",") for row in re.findall(r"\{([^{}]*)\}", rows)]
        found.append({"name": name, "matrix": matrix([[1 / 9 if v.strip() == "a" else float(v) for v in row] for row in rows])})
    if len(found) != 6:
        raise SystemExit(f"chapter3_data.py: section_3_3.cpp has {len(found)} filters, expected 6")
    return found


def trained():
    """The kernels (3, 3, 1, filters) of the first layer, one matrix for each filter."""
    data = WEIGHTS.read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    entry = json.loads(data[8:start])["conv2d/kernel"]
    height, width, _, count = entry["shape"]
    first, end = entry["data_offsets"]
    values = struct.unpack(f"<{(end - first) // 4}f", data[start + first:start + end])
    return [matrix([[round(values[(m * width + n) * count + k], 4) for n in range(width)] for m in range(height)])
            for k in range(count)]


def main():
    text = (ROOT / "tests/expected/chapter3.txt").read_text()
    examples = {"3.1": printed(text, "  image I"), "3.3": printed(text, "  image X                filter F       feature"),
                "3.4": printed(text, "  image X            filter F       output"), "pooling": printed(text, "  feature map X"),
                "mask": printed(text, "  mask ")}
    gradient = printed(text, "  dY(i,j)/dF(1,2)")
    examples["3.4"].append(gradient[1])
    print("Plaingrad.chapter3 =", json.dumps({"examples": examples, "digits": digits(), "filters": filters(), "trained": trained()}) + ";")


if __name__ == "__main__":
    main()
