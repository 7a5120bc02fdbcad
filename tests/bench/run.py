#!/usr/bin/env python3
"""Runs the benchmark: ours and every peer alternate, and one table results. `make bench` builds what it needs and calls it.

    run.py --build build --figures build/figures [--quick]

Writes BUILD/bench.json (every measurement), BUILD/bench.txt (what it prints) and the figures of how cost grows.
"""
import argparse
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import time

from machine import cpu_flags, cpu_name, vectors
from table import Row, layers_text, number, onednn_text, percent, products_text, rows_text
from worker import BOUND, TIMEOUT, Unavailable, Worker, alternate, geometric_mean, ratios

HERE = os.path.dirname(os.path.abspath(__file__))
EPOCH = 60000

TORCH_INFERENCE_QUICK = [f"{kind}, batch {batch}" for batch in (32, 128)
                         for kind in ("optimize_for_inference, channels_last", "channels_last")]


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def epoch_seconds(rate):
    return EPOCH / rate


def fastest_passes(variants, times):
    """Seconds by layer and direction, each pass with its fastest setting, from seconds by "NETWORK LAYER PASS, SETTING".
    A layer with a pass that has no setting that works is left out."""
    passes, layers = {}, {}
    for variant in variants:
        passes.setdefault(variant.split(", ")[0], []).append(times.get(variant, math.inf))
    for name, settings in passes.items():
        network, layer, kind = name.split(" ", 2)
        key = f"{network} {layer} {'forward' if kind == 'forward' else 'backward'}"
        layers[key] = layers.get(key, 0) + min(settings)
    return {key: seconds for key, seconds in layers.items() if seconds < math.inf}


def close(*workers):
    for worker in workers:
        if worker:
            worker.close()


class Bench:
    def __init__(self, build, quick):
        self.folder = os.path.abspath(os.path.join(build, "bench"))
        self.quick = quick
        self.threads = len(os.sched_getaffinity(0))
        self.rounds, self.seconds = (3, 0.7) if quick else (5, 2)  # of a round, at least
        self.rows, self.left_out, self.settings = [], [], []
        self.tried, self.megabytes, self.kernel = {}, {}, None
        facts = self.run_ours("facts")
        self.compiler, self.rung = facts["compiler"], facts["fastest rung"]
        self.data = {"operations per image": facts["operations"], "layers": {}}

    # ---- programs ----------------------------------------------------------------------------------------------------

    def run_ours(self, *arguments, threads=None):
        """One of ours that ends by itself, and its output, if any."""
        output = subprocess.run([f"{self.folder}/ours", *arguments], check=True, stdout=subprocess.PIPE,
                              env={**os.environ, "OMP_NUM_THREADS": str(threads or self.threads), **BOUND}).stdout
        return json.loads(output) if output else None

    def ours(self, work, threads=None, name="ours", environment=BOUND):
        return Worker(name, [f"{self.folder}/ours", work], threads or self.threads, environment)

    def torch(self, program, work, environment=BOUND, argument=None):
        return self.peer("PyTorch", work, [sys.executable, f"{HERE}/peer_torch.py", program, argument or self.folder],
                         environment=environment)

    def peer(self, name, work, command, threads=None, environment=None):
        """A peer that is ready, or None; why not is reported."""
        try:
            return Worker(name, command, threads or self.threads, environment)
        except Unavailable as problem:
            self.leave_out(name, work, problem)
            return None

    def leave_out(self, name, work, problem):
        say(f"{name} left out: {problem}")
        self.left_out.append(f"{work}, {name}: {problem}")

    def fastest(self, worker, work, variants=None):
        """The variant to measure; notes what the others came to. None if the peer fails."""
        if worker is None:
            return None
        try:
            best, rates = worker.fastest(variants or worker.variants, self.seconds / 3)
        except Unavailable as problem:
            self.leave_out(worker.name, work, problem)
            return None
        self.tried[f"{work}, {worker.name}"] = rates
        self.settings.append(" ".join([f"{work}, {worker.name}", worker.about.get("version", "")]).rstrip() + f": {best}")
        return best

    def bound_or_not(self, start, work, variants=None):
        """An OpenMP program and its fastest variant: with its threads bound to processors, unless it is faster without."""
        bound = start(BOUND)
        best = self.fastest(bound, work, variants)
        if best is None or self.quick:
            return bound, best
        free = start({})
        try:
            with_binding, without = (statistics.median([worker.rate(best, self.seconds / 3) for _ in range(3)])
                                     for worker in (bound, free))
        except Unavailable as problem:
            self.leave_out(bound.name, work, problem)
            return bound, None
        self.tried[f"{work}, {bound.name}, threads"] = {"bound": with_binding, "not bound": without}
        keep, drop = (bound, free) if 1.03 * with_binding >= without else (free, bound)
        self.settings[-1] += ", threads bound to processors" if keep is bound else ", threads not bound"
        close(drop)
        return keep, best

    def measure(self, work, workers, seconds=None, rounds=None):
        """Rates by name, of (worker, variant) each; either is None if it is not available."""
        say(work)
        ready = [(worker, variant) for worker, variant in workers if worker and variant]
        rates = alternate(ready, rounds or self.rounds, seconds or self.seconds,
                           lambda worker, problem: self.leave_out(worker.name, work, problem))
        return {worker.name: measured for (worker, _), measured in zip(ready, rates) if measured}

    def add(self, *arguments, **named):
        self.rows.append(Row(*arguments, **named))

    def add_peers(self, work, unit, rates, goals, **named):
        """A line for each of these peers that could be had; ours alone if there is none."""
        there = [name for name in goals if name in rates]
        for name in there:
            self.add(work, unit, rates["ours"], name, rates[name], goal=goals[name], **named)
        if not there:
            self.add(work, unit, rates["ours"], **named)

    # ---- the networks ------------------------------------------------------------------------------------------------

    def cnn_training(self):
        work = "CNN training, batch 32"
        ours, batch = self.bound_or_not(lambda e: self.ours("cnn-training", environment=e), work, ["batch 32"])
        torch, layout = self.bound_or_not(lambda e: self.torch("cnn-training", work, e), work)
        dlib = self.peer("dlib", work, [f"{self.folder}/peer_dlib"])
        peak, peak_one = self.ours("peak", name="peak"), self.ours("peak", 1, name="peak of one thread")
        rates = self.measure(work, [(ours, batch), (torch, layout),
                                    (dlib, self.fastest(dlib, work)),
                                    (peak, "multiply-adds"), (peak_one, "multiply-adds")])
        self.add_peers(work, "images/s", rates, {"PyTorch": 5, "dlib": None})
        self.add_peers("  an epoch of 60,000 images", "s", rates, {"PyTorch": None, "dlib": None}, shown=epoch_seconds,
                       ratio=[])
        operations = self.data["operations per image"]["cnn"]
        self.add("  the definition's operations, share of the peak", "GFLOP/s", [rate * operations / 1e9 for rate in rates["ours"]],
                 "the peak", [rate / 1e9 for rate in rates["peak"]], goal=0.6, write_ratio=percent)
        if "PyTorch" in rates:
            self.add("  the same at five times PyTorch's rate", "GFLOP/s", [5 * rate * operations / 1e9 for rate in rates["PyTorch"]],
                     "the peak", [rate / 1e9 for rate in rates["peak"]], write_ratio=percent)
        self.data["peak of one thread"] = rates["peak of one thread"]
        close(ours, torch, dlib, peak, peak_one)

    def cnn_seconds(self):
        """The fastest rung's training, from the initial weights to the last step; PyTorch's from its rate in the same steps."""
        images, batch = self.rung["images"], self.rung["batch size"]
        work = f"MNIST to 99.0 %, {images:,} images, batch {batch}"
        ours, rung = self.bound_or_not(lambda e: self.ours("cnn-seconds", environment=e), work)
        torch, layout = self.bound_or_not(lambda e: self.torch("cnn-seconds", work, e, json.dumps(self.rung)), work)
        rates = self.measure(work, [(ours, rung), (torch, layout)])
        self.add_peers(work, "s", rates, {"PyTorch": None}, shown=lambda rate: images / rate)
        close(ours, torch)

    def cnn_inference(self):
        work = "CNN inference, 10,000 images"
        self.run_ours("export", self.folder)
        onnx = self.onnx(work)
        ours, batch = self.bound_or_not(lambda e: self.ours("cnn-inference", environment=e), work)
        torch, setting = self.bound_or_not(lambda e: self.torch("cnn-inference", work, e), work,
                                           TORCH_INFERENCE_QUICK if self.quick else None)
        rates = self.measure(work, [(ours, batch), (onnx, self.fastest(onnx, work)), (torch, setting)])
        self.add_peers(work, "images/s", rates, {"ONNX Runtime": 1.2, "PyTorch": None})
        close(ours, torch, onnx)

    def onnx(self, work):
        try:
            subprocess.run([sys.executable, f"{HERE}/peer_torch.py", "export", self.folder], check=True,
                           timeout=TIMEOUT, capture_output=True, text=True)
        except (subprocess.SubprocessError, OSError) as problem:
            output = (getattr(problem, "stderr", None) or str(problem)).strip().splitlines()
            self.leave_out("ONNX Runtime", work, f"PyTorch, which exports the model, says: {output[-1]}")
            return None
        return self.peer("ONNX Runtime", work, ["node", f"{HERE}/peer_onnx.js", self.folder],
                         environment={"NODE_PATH": f"{self.folder}/node_modules"})

    def against_torch(self, program, work, unit, shown):
        ours, variant = self.bound_or_not(lambda e: self.ours(program, environment=e), work)
        torch, layout = self.bound_or_not(lambda e: self.torch(program, work, e), work)
        rates = self.measure(work, [(ours, variant), (torch, layout)])
        self.add_peers(work, unit, rates, {"PyTorch": 5}, shown=shown)
        self.megabytes[program] = {worker.name: worker.megabytes for worker in (ours, torch) if worker}
        close(ours, torch)

    def gan_step(self):
        self.against_torch("gan-step", "GAN step, batch 256", "s", lambda rate: 1 / rate)

    def autoencoder(self):
        self.against_torch("autoencoder-training", "autoencoder, batch 32, an epoch of 60,000", "s", epoch_seconds)

    # ---- in a browser ------------------------------------------------------------------------------------------------

    def webassembly(self):
        """What a page computes with, in Node: one thread, in 32-bit floats. TensorFlow.js's other back ends use a graphics card."""
        def ours():
            return self.peer("ours", work, ["node", f"{HERE}/ours_wasm.js", f"{self.folder}/../wasm/float/networks.module.js", f"{HERE}/../data/mnist"])

        def tfjs(backend):
            return self.peer(f"TensorFlow.js, {backend}", work, ["node", f"{HERE}/peer_tfjs.js", self.folder, backend],
                             environment={"NODE_PATH": f"{self.folder}/node_modules"})

        self.run_ours("export", self.folder)
        for work, kind in (("CNN training in WebAssembly, batch 32", "training"), ("CNN inference in WebAssembly", "inference")):
            module, peers = ours(), [tfjs("wasm"), tfjs("cpu")]
            if module:
                variants = [variant for variant in module.variants if variant.startswith(kind)]
                fastest = [(peer, self.fastest(peer, work, [v for v in peer.variants if v.startswith(kind)] if peer else None)) for peer in peers]
                rates = self.measure(work, [(module, variants[0]), *fastest], rounds=2 if kind == "training" else None)
                self.add_peers(work, "images/s", rates, {"TensorFlow.js, wasm": None, "TensorFlow.js, cpu": None})
            close(module, *peers)

    # ---- the matrix product ------------------------------------------------------------------------------------------

    def products(self):
        """Every product of the three networks against OpenBLAS, on one thread and on all."""
        self.data["products"] = []
        for threads in sorted({1, self.threads}):
            work = f"matrix_product, {threads} thread{'s' if threads > 1 else ''}"
            ours, openblas = self.ours("products", threads), self.openblas(work, threads)
            if not openblas:
                close(ours)
                return
            say(f"{work}, {len(ours.variants)} shapes")
            seconds, pause = 0.02 if self.quick else 0.1, 0.05 if threads > 1 else 0
            shapes = [(name, *alternate([(ours, name), (openblas, name)], 2 if self.quick else 3, seconds,
                                         pause=pause))
                      for name in ours.variants]
            close(ours, openblas)
            shapes = [(name, [rate / 1e9 for rate in mine], [rate / 1e9 for rate in theirs])
                      for name, mine, theirs in shapes]
            self.data["products"] += [{"name": name, "threads": threads, "ours": mine, "OpenBLAS": theirs}
                                      for name, mine, theirs in shapes]
            self.add_product_rows(work, shapes)

    def add_product_rows(self, work, shapes):
        """Over all shapes: the geometric mean of each round, and the shape where we do worst."""
        def mean_by_round(values):
            return [geometric_mean(shapes_of_a_round) for shapes_of_a_round in zip(*values)]
        self.add(f"{work}, {len(shapes)} shapes", "mean GFLOP/s", mean_by_round([mine for _, mine, _ in shapes]),
                 "OpenBLAS", mean_by_round([theirs for _, _, theirs in shapes]), goal=1.0)
        name, mine, theirs = min(shapes, key=lambda shape: statistics.median(ratios(shape[1], shape[2])))
        self.add(f"  the worst: {name}", "GFLOP/s", mine, "OpenBLAS", theirs, goal=0.8)

    def openblas(self, work, threads):
        """OpenBLAS with its own choice of kernel, or with another if that is faster on this processor."""
        if self.kernel is None:
            say("OpenBLAS: which kernel")
            flags = cpu_flags()
            names = ["", *(["SkylakeX"] if "avx512f" in flags else []), *(["Haswell", "Zen"] if "avx2" in flags else [])]
            speeds = {name: self.kernel_speed(name) for name in names}
            self.tried["matrix products, OpenBLAS, GFLOP/s by OPENBLAS_CORETYPE"] = speeds
            self.kernel = max(speeds, key=speeds.get)
        worker = self.peer("OpenBLAS", work, [f"{self.folder}/peer_openblas"], threads, kernel_environment(self.kernel))
        if worker and threads == 1:
            version = worker.about["config"].split(" NO_")[0]
            self.settings.append(f"matrix products, {version}: its kernel for {worker.about['kernel']}")
        return worker

    def kernel_speed(self, name):
        samples = ["cnn conv2d_1 forward", "cnn conv2d_1 kernel gradient", "cnn dense input gradient",
                   "generator conv2d_transpose_1 input gradient"]
        try:
            worker = Worker("OpenBLAS", [f"{self.folder}/peer_openblas"], 1, kernel_environment(name))
            speed = geometric_mean([worker.rate(sample, 0.1) / 1e9 for sample in samples])
            worker.close()
            return speed
        except Unavailable as problem:
            if name:  # if its own choice fails too the caller will say so
                say(f"OpenBLAS's kernel for {name}: {problem}")
            return 0.0

    # ---- threads, definitions, memory, growth ------------------------------------------------------------------------

    def scaling(self):
        if self.threads == 1:
            return
        for program, variant, images in (("cnn-training", "batch 32", 1), ("gan-step", "batch 256", 256)):
            work = f"{program.replace('cnn', 'CNN').replace('gan', 'GAN').replace('-', ' ')}, {variant}, " \
                   f"{self.threads} threads against one"
            every, one = self.ours(program), self.ours(program, 1, name="one thread")
            rates = self.measure(work, [(every, variant), (one, variant)])
            self.add(work, "images/s", [images * rate for rate in rates["ours"]],
                     "one thread", [images * rate for rate in rates["one thread"]],
                     goal=1.9 if self.threads == 2 else None)
            close(every, one)

    def definition(self):
        for kind in ("forward", "backward"):
            work = f"Conv2D, the CNN's second, {kind}, one thread"
            layer, literal = self.ours("second-layer", 1), self.ours("second-layer", 1, name="literal loops")
            rates = self.measure(work, [(layer, f"{kind}, layer"), (literal, f"{kind}, definition")], self.seconds / 3)
            self.add_peers(work, "images/s", rates, {"literal loops": None})
            close(layer, literal)

    def memory(self):
        say("memory")
        run = self.run_ours("run")
        self.data["run"] = run
        self.add("CNN training run of 60,000 + 10,000 images, its epoch", "s", [run["seconds"]])
        self.add("  memory", "MB", [run["megabytes"]], at_most=500)
        if "gan-step" in self.megabytes:
            theirs = self.megabytes["gan-step"].get("PyTorch")
            self.add("GAN step, batch 256, memory", "MB", [self.megabytes["gan-step"]["ours"]],
                     "PyTorch" if theirs else "", [theirs] if theirs else [], ratio=[], at_most=2000)

    def growth(self):
        """Seconds for an image as batch, threads and images grow; for the figures."""
        say("growth")
        seconds, rounds = (0.3, 2) if self.quick else (1, 3)  # quick: every second point

        def measure(program, variants=None, threads=None):
            worker = self.ours(program, threads)
            rates = {variant: alternate([(worker, variant)], rounds, seconds, pause=0)[0]
                     for variant in variants or worker.variants[::2 if self.quick else 1]}
            close(worker)
            return {variant.split()[-1]: [1 / rate for rate in rates[variant]] for variant in rates}
        self.data["batch"] = measure("cnn-training")
        self.data["size"] = measure("cnn-training-by-size")
        self.data["threads"] = {threads: measure("cnn-training", ["batch 32"], threads)["32"]
                                for threads in range(1, self.threads + 1)}

    def layers(self):
        """Where a step's time goes."""
        say("layers")
        for network, batch, steps in (("cnn", 32, 1000), ("autoencoder", 32, 1000), ("generator", 256, 12),
                                      ("discriminator", 256, 30)):
            steps = max(3, steps // 5) if self.quick else steps
            self.data["layers"][f"{network}, batch {batch}"] = {
                threads: self.layer_times(network, batch, steps, threads) for threads in sorted({1, self.threads})}

    def layer_times(self, network, batch, steps, threads):
        return self.run_ours("layers", network, str(batch), str(steps), threads=threads)

    # ---- oneDNN, layer by layer --------------------------------------------------------------------------------------

    def onednn(self):
        """The layers of the CNN and of the GAN's networks, each pass as a primitive of oneDNN with its fastest setting."""
        self.data["oneDNN"] = []
        for network, title, batch, steps in (("cnn", "CNN", 32, 20), ("generator", "generator", 256, 2),
                                             ("discriminator", "discriminator", 256, 3)):
            for threads in sorted({1, self.threads}):
                work = f"{title}'s layers, a step of {batch}, {threads} thread{'s' if threads > 1 else ''}"
                times = self.against_onednn(work, network, batch, steps, threads)
                if times:
                    self.data["oneDNN"] += times
                    ours, theirs = (1 / sum(entry[name] for entry in times) for name in ("ours", "oneDNN"))
                    self.add(work, "ms", [ours], "oneDNN", [theirs], shown=lambda rate: 1000 / rate)

    def against_onednn(self, work, network, batch, steps, threads):
        """Seconds of each layer, forward and backward, the least of all rounds; ours and the peer alternate."""
        def start():
            return self.peer("oneDNN", work, [f"{self.folder}/peer_onednn"], threads, BOUND if threads > 1 else None)

        say(work)
        peer, ours, theirs = start(), {}, {}
        variants = [variant for variant in (peer.variants if peer else []) if variant.startswith(network + " ")]
        for variant in variants:
            answer = self.layer_times(network, batch, steps, threads)
            for direction in ("forward", "backward"):
                for layer, seconds in zip(answer["layers"], answer[direction]):
                    key = f"{network} {layer} {direction}"
                    ours[key] = min(seconds, ours.get(key, seconds))
            try:
                theirs[variant] = min(peer.measure(variant, self.seconds / 50)["least"] for _ in range(3 * self.rounds))
            except Unavailable as problem:  # this setting does not exist here, or its results are wrong
                self.leave_out("oneDNN", variant, problem)
                peer = start()
        close(peer)
        self.tried[f"{work}, oneDNN, seconds"] = theirs
        theirs = fastest_passes(variants, theirs)
        return [{"layer": key, "threads": threads, "ours": seconds, "oneDNN": theirs[key]}
                for key, seconds in ours.items() if key in theirs]

    # ---- the result --------------------------------------------------------------------------------------------------

    def text(self):
        peak = statistics.median(self.data["peak of one thread"]) / 1e9
        text = [f"{cpu_name()}, {self.threads} threads, {vectors()}; g++ {self.compiler}; 32-bit floats throughout.",
                f"Ours and its peer alternate, {self.rounds} rounds. Each number is the median, with half the range between",
                "the least and the greatest. The ratio says how many times as fast we are: the median over the",
                "rounds, the least and the greatest. A multiplication and an addition are two operations (FLOP); one",
                f"thread that does nothing else makes {number(peak)} GFLOP/s.", "", *rows_text(self.rows)]
        for title, entries in (("Settings, the fastest of several:", self.settings), ("Left out:", self.left_out)):
            if entries:
                text += ["", title] + [f"  {entry}" for entry in entries]
        if self.data["products"]:
            text += ["", *products_text(self.data["products"])]
        if self.data["oneDNN"]:
            text += ["", *onednn_text(self.data["oneDNN"])]
        if self.data["layers"]:
            text += ["", "Layer by layer: the least times over many steps, without the loss and the copy of the mini-batch. The first",
                     "layer computes no input gradient; the optimizer zeroes the gradients and takes Adam's step."]
        for network, by_threads in self.data["layers"].items():
            text += ["", *layers_text(network, by_threads)]
        return "\n".join(text) + "\n"

    def json(self):
        return {"processor": cpu_name(), "threads available": self.threads, "vectors": vectors(),
                "compiler": self.compiler, "quick": self.quick, "rows": [row.json() for row in self.rows],
                "settings": self.settings, "tried": self.tried, "left out": self.left_out, **self.data}


def kernel_environment(name):
    return {"OPENBLAS_CORETYPE": name} if name else None


def write(bench, build, figures):
    text = bench.text()
    print(text, end="")
    for name, content in (("bench.json", json.dumps(bench.json(), indent=1) + "\n"), ("bench.txt", text)):
        path = os.path.join(build, name)
        with open(path + ".part", "w", encoding="utf-8") as file:
            file.write(content)
        os.replace(path + ".part", path)
    os.makedirs(figures, exist_ok=True)
    shutil.copy(os.path.join(build, "bench.txt"), figures)
    subprocess.run([f"{bench.folder}/figures", os.path.join(build, "bench.json"), figures], check=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default="build")
    parser.add_argument("--figures", default="build/figures")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds")
    parser.add_argument("--only", nargs="+", metavar="PART", help="only these parts, and nothing is written")
    options = parser.parse_args()
    start, bench = time.monotonic(), Bench(options.build, options.quick)
    parts = {part.__name__: part for part in (bench.cnn_training, bench.cnn_seconds, bench.cnn_inference, bench.gan_step, bench.autoencoder,
                                              bench.webassembly, bench.products, bench.scaling, bench.definition, bench.memory, bench.growth,
                                              bench.layers, bench.onednn)}
    wrong = [name for name in options.only or [] if name not in parts]
    if wrong:
        parser.error(f"no part is called {wrong[0]}; there are {', '.join(parts)}")
    for name in options.only or parts:
        parts[name]()
    if options.only:
        tables = onednn_text(bench.data["oneDNN"]) if bench.data.get("oneDNN") else []
        print("\n".join(rows_text(bench.rows) + bench.settings + bench.left_out + tables))
    else:
        write(bench, options.build, options.figures)
        say(f"took {(time.monotonic() - start) / 60:.1f} minutes")


if __name__ == "__main__":
    try:
        main()
    except (Unavailable, subprocess.CalledProcessError) as problem:  # one of ours: peers are left out
        sys.exit(f"bench: {problem}")
