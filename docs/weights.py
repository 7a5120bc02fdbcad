# weights.py FROM TO: reads the weights of a safetensors file, and writes them, with NumPy and nothing else.
import json, sys
import numpy as np

def read(path):
    data = np.fromfile(path, np.uint8)
    start = 8 + int.from_bytes(data[:8].tobytes(), "little")
    header, kinds = json.loads(data[8:start].tobytes()), {"F32": "<f4", "F64": "<f8"}
    return {name: data[start:][slice(*entry["data_offsets"])].view(kinds[entry["dtype"]]).reshape(entry["shape"])
            for name, entry in header.items() if name != "__metadata__"}

def write(path, weights):
    header, end = {}, 0
    for name, w in weights.items():
        header[name] = {"dtype": "F32", "shape": w.shape, "data_offsets": [end, end := end + 4 * w.size]}
    text, numbers = json.dumps(header).encode(), [w.astype("<f4").tobytes() for w in weights.values()]
    open(path, "wb").write(len(text).to_bytes(8, "little") + text + b"".join(numbers))

write(sys.argv[2], read(sys.argv[1]))
