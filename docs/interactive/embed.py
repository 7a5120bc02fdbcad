#!/usr/bin/env python3
"""Prints a script that holds files, as a page opened from a disk may load scripts and nothing else:

    embed.py NAME KEY=FILE ...      Plaingrad.embedded["NAME"] = {KEY: content, ...}

A record (.json) is held as a text, everything else in base64; a script (.js) as gzip, a third of its size; of weights
(.safetensors) the parameters, and not what a training has kept beside them.
"""
import base64
import gzip
import json
import sys
from pathlib import Path


def parameters(file):
    """The same file with nothing but tensors called <layer>/<parameter>."""
    length = int.from_bytes(file[:8], "little")
    header, data = json.loads(file[8:8 + length]), file[8 + length:]
    kept, end, parts = {}, 0, []
    for name, entry in header.items():
        if "/" not in name:
            continue
        first, last = entry["data_offsets"]
        kept[name] = {**entry, "data_offsets": [end, end + last - first]}
        parts.append(data[first:last])
        end += last - first
    text = json.dumps(kept, separators=(",", ":")).encode()
    return len(text).to_bytes(8, "little") + text + b"".join(parts)


def content(path):
    if path.suffix == ".json":
        return path.read_text()
    file = path.read_bytes()
    if path.suffix == ".js":
        file = gzip.compress(file, mtime=0)
    if path.suffix == ".safetensors":
        file = parameters(file)
    return base64.b64encode(file).decode()


def main():
    name, *files = sys.argv[1:]
    held = {key: content(Path(path)) for key, path in (file.split("=", 1) for file in files)}
    print(f"Plaingrad.embedded[{json.dumps(name)}] = {json.dumps(held)};")


if __name__ == "__main__":
    main()
