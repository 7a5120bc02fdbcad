#!/usr/bin/env python3
"""generator_weights.py FOLDER [FILE]: the weights of section 8.8's generator for generator_walk.js.

FOLDER/generator.js says how large they are, or that there are none; FOLDER/generator_weights.js has them. A kernel is
rounded to 8 bits, -127 ... 127 times a scale, and takes a quarter of the room; what
is one value for each channel stays as it is.
"""
import array
import base64
import json
import sys
from pathlib import Path


def read(path):
    data = Path(path).read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    for name, entry in json.loads(data[8:start]).items():
        if name != "__metadata__":
            first, last = entry["data_offsets"]
            yield name.removeprefix("generator/"), entry["shape"], array.array("f", data[start + first:start + last])


def text(values):
    return base64.b64encode(values.tobytes()).decode()


def packed(name, shape, values):
    if len(shape) < 2:
        return {"name": name, "values": text(values)}
    scale = max(map(abs, values)) / 127
    return {"name": name, "scale": scale, "values": text(array.array("b", (round(value / scale) for value in values)))}


def main():
    folder = Path(sys.argv[1])
    weights = folder / "generator_weights.js"
    weights.unlink(missing_ok=True)
    if len(sys.argv) == 2:
        (folder / "generator.js").write_text("Plaingrad.generator = null;\n")
        return
    tensors = [packed(*tensor) for tensor in read(sys.argv[2])]
    weights.write_text(f"Plaingrad.generator.tensors = {json.dumps(tensors)};\n")
    (folder / "generator.js").write_text(f"Plaingrad.generator = {{ bytes: {weights.stat().st_size} }};\n")


if __name__ == "__main__":
    main()
