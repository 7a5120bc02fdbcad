#!/usr/bin/env python3
"""Runs the benchmark: ours and every peer in turns, one table. `make bench` builds what it needs and calls it.

    run.py --build build --figures build/figures [--quick]

Writes BUILD/bench.json (every measurement), BUILD/bench.txt (what it prints) and the growth figures.
"""
import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time

from contest import PATIENCE, Unavailable, Worker, geometric_mean, ratios, take_turns
from table import Row, lines, number, percent

HERE = os.path.dirname(os.path.abspath(__file__))
EPOCH = 60000


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


class Bench:
    def __init__(self, build, quick):
        self.folder = os.path.abspath(os.path.join(build, "bench"))
        self.quick = quick
        self.threads = len(os.sched_getaffinity(0))
        self.rounds = 3 if quick else 5
        self.rows, self.left_out, self.settings, self.tried, self.data = [], [], [], {}, {}
        self.gan_memory = {}

    def ours(self, work, threads=None):
        return Worker("ours", [f"{self.folder}/ours", work], threads or self.threads)

    def torch(self, work):
        return self.peer("PyTorch", work, [sys.executable, f"{HERE}/peer_torch.py", work, self.folder])

    def peer(self, name, work, command, threads=None, environment=None):
        """A peer that is ready, or None and a word why not."""
        try:
            return Worker(name, command, threads or self.threads, environment)
        except Unavailable as problem:
            self.leave_out(name, work, problem)
            return None

    def leave_out(self, name, work, problem):
        say(f"{name} left out: {problem}")
        self.left_out.append(f"{name} ({work}): {problem}")

    def fastest(self, worker, work, seconds, variants=None):
        """The variant to measure; notes what the others came to. None if the peer fails."""
        if worker is None:
            return None
        try:
            best, rates = worker.fastest(variants or worker.variants, seconds)
        except Unavailable as problem:
            self.leave_out(worker.name, work, problem)
            return None
        self.tried[f"{work}, {worker.name}"] = rates
        if len(rates) > 1:
            self.settings.append(f"{work}: {worker.name} {best}")
        return best

    def contest(self, work, contestants, seconds):
        """Rates of the contestants that can be had, by name. Each is (worker, variant); ours comes first."""
        say(work)
        ready = [(worker, variant) for worker, variant in contestants if worker and variant]
        rates = take_turns(ready, self.rounds, seconds, lambda worker, problem: self.leave_out(worker.name, work, problem))
        return {worker.name: measured for (worker, _), measured in zip(ready, rates) if measured}

    # ---- what is measured --------------------------------------------------------------------------------------------

    def cnn_training(self):
        work, seconds = "CNN training, batch 32", 0.7 if self.quick else 3
        ours, torch = self.ours("cnn-training"), self.torch("cnn-training")
        dlib = self.peer("dlib", work, [f"{self.folder}/peer_dlib"])
        peak, peak_one = self.ours("peak"), self.ours("peak", 1)
        peak.name, peak_one.name = "peak", "peak of one thread"
        rates = self.contest(work, [(ours, "batch 32"), (torch, self.fastest(torch, work, seconds / 2)),
                                    (dlib, self.fastest(dlib, work, seconds / 2)),
                                    (peak, "multiply-adds"), (peak_one, "multiply-adds")], seconds)
        for name, goal in (("PyTorch", 5), ("dlib", None)):
            if name in rates:
                self.add(work, "images/s", rates["ours"], name, rates[name], goal=goal)
                self.add("  an epoch of 60,000 images", "s", rates["ours"], name, rates[name], shown=lambda rate: EPOCH / rate, ratio=[])
        if not {"PyTorch", "dlib"} & set(rates):
            self.add(work, "images/s", rates["ours"])
        operations = ours.about["operations"]["cnn"]
        self.data["operations per image"] = ours.about["operations"]
        self.data["peak of one thread"] = rates["peak of one thread"]
        self.add("  its share of the multiply-add peak", "GFLOP/s", [rate * operations / 1e9 for rate in rates["ours"]],
                 "the peak", [rate / 1e9 for rate in rates["peak"]], goal=0.6, write_ratio=percent)
        self.compiler = ours.about["compiler"]
        self.close(ours, torch, dlib, peak, peak_one)

    def cnn_inference(self):
        work, seconds = "CNN inference, 10,000 images", 0.6 if self.quick else 2
        subprocess.run([f"{self.folder}/ours", "export", self.folder], check=True)
        ours, torch = self.ours("cnn-inference"), self.torch("cnn-inference")
        onnx = self.onnx(work) if torch else None
        if not torch:
            self.leave_out("ONNX Runtime", work, "its model is exported by PyTorch")
        chosen = [v for v in torch.variants if v.endswith((" 32", " 128"))] if torch and self.quick else None
        contestants = [(ours, self.fastest(ours, work, seconds / 3)), (onnx, self.fastest(onnx, work, seconds / 3)),
                       (torch, self.fastest(torch, work, seconds / 3, chosen))]
        rates = self.contest(work, contestants, seconds)
        for name, goal in (("ONNX Runtime", 1.2), ("PyTorch", None)):
            if name in rates:
                self.add(work, "images/s", rates["ours"], name, rates[name], goal=goal)
        if len(rates) == 1:
            self.add(work, "images/s", rates["ours"])
        self.close(ours, torch, onnx)

    def onnx(self, work):
        try:
            subprocess.run([sys.executable, f"{HERE}/peer_torch.py", "export", self.folder], check=True, timeout=PATIENCE,
                           capture_output=True, text=True)
        except (subprocess.SubprocessError, OSError) as problem:
            said = (getattr(problem, "stderr", None) or "").strip().splitlines()
            self.leave_out("ONNX Runtime", work, said[-1] if said else problem)
            return None
        return self.peer("ONNX Runtime", work, ["node", f"{HERE}/peer_onnx.js", self.folder],
                         environment={"NODE_PATH": f"{self.folder}/node_modules"})

    def against_torch(self, program, work, unit, shown, goal, seconds):
        ours, torch = self.ours(program), self.torch(program)
        best = self.fastest(torch, work, seconds / 2)
        rates = self.contest(work, [(ours, ours.variants[0]), (torch, best)], seconds)
        self.add(work, unit, rates["ours"], "PyTorch", rates.get("PyTorch", []), goal=goal, shown=shown)
        memory = {worker.name: worker.megabytes for worker in (ours, torch) if worker}
        self.close(ours, torch)
        return memory

    def gan_step(self):
        self.gan_memory = self.against_torch("gan-step", "GAN step, batch 256", "s", lambda rate: 1 / rate, 5,
                                             0.7 if self.quick else 3)

    def autoencoder(self):
        self.against_torch("autoencoder-training", "autoencoder, batch 32, an epoch of 60,000", "s",
                           lambda rate: EPOCH / rate, 5, 0.7 if self.quick else 3)

    def products(self):
        """Every product of the three networks against OpenBLAS, on one thread and on all."""
        self.data["products"] = []
        for threads in sorted({1, self.threads}):
            ours, openblas = self.ours("products", threads), self.openblas(threads)
            if not openblas:
                self.close(ours)
                return
            work = f"matrix_product, {threads} thread{'s' * (threads > 1)}"
            say(f"{work}: {len(ours.variants)} shapes")
            shapes = [(name, *take_turns([(ours, name), (openblas, name)], 3, 0.02 if self.quick else 0.1))
                      for name in ours.variants]
            self.close(ours, openblas)
            for name, mine, theirs in shapes:
                self.data["products"].append({"name": name, "threads": threads, "ours": [rate / 1e9 for rate in mine],
                                              "OpenBLAS": [rate / 1e9 for rate in theirs]})
            self.add_product_rows(work, shapes)

    def add_product_rows(self, work, shapes):
        """Over all shapes: the geometric mean of each round, and the shape where we do worst."""
        rounds = list(zip(*[ratios(mine, theirs) for _, mine, theirs in shapes]))
        self.add(f"{work}, {len(shapes)} shapes", "mean GFLOP/s",
                 [geometric_mean(rates) / 1e9 for rates in zip(*[mine for _, mine, _ in shapes])], "OpenBLAS",
                 [geometric_mean(rates) / 1e9 for rates in zip(*[theirs for _, _, theirs in shapes])], goal=1.0,
                 ratio=[geometric_mean(values) for values in rounds])
        name, mine, theirs = min(shapes, key=lambda shape: statistics.median(ratios(shape[1], shape[2])))
        self.add(f"  the worst: {name}", "GFLOP/s", [rate / 1e9 for rate in mine], "OpenBLAS",
                 [rate / 1e9 for rate in theirs], goal=0.8)

    def openblas(self, threads):
        """OpenBLAS with its own choice of kernel, or with another if that is faster on this processor."""
        if not hasattr(self, "kernel"):
            say("OpenBLAS: which kernel")
            flags = cpu_flags()
            names = [""] + (["SkylakeX"] if "avx512f" in flags else []) + (["Haswell", "Zen"] if "avx2" in flags else [])
            speeds = {name: self.kernel_speed(name) for name in names}
            self.tried["matrix products, OpenBLAS (GFLOP/s by OPENBLAS_CORETYPE)"] = speeds
            self.kernel = max(speeds, key=speeds.get)
        environment = {"OPENBLAS_CORETYPE": self.kernel} if self.kernel else None
        worker = self.peer("OpenBLAS", "matrix products", [f"{self.folder}/peer_openblas"], threads, environment)
        if worker and threads == 1:
            self.settings.append(f"matrix products: {worker.about['config'].split(' NO_')[0]}, its kernel for {worker.about['kernel']}")
        return worker

    def kernel_speed(self, name):
        samples = ["cnn conv2d_1 forward", "cnn conv2d_1 kernel gradient", "cnn dense input gradient",
                   "generator conv2d_transpose_1 input gradient"]
        try:
            worker = Worker("OpenBLAS", [f"{self.folder}/peer_openblas"], 1, {"OPENBLAS_CORETYPE": name} if name else None)
            speed = geometric_mean([worker.rate(sample, 0.1) / 1e9 for sample in samples])
            worker.close()
            return speed
        except Unavailable as problem:
            if name:  # if its own choice fails too the caller says so
                say(f"OpenBLAS's kernel for {name}: {problem}")
            return 0.0

    def scaling(self):
        if self.threads == 1:
            return
        for program, variant, work in (("cnn-training", "batch 32", "CNN training"), ("gan-step", "batch 256", "GAN step")):
            all_threads, one = self.ours(program), self.ours(program, 1)
            one.name = "1 thread"
            rates = self.contest(f"{work}, threads", [(all_threads, variant), (one, variant)], 0.7 if self.quick else 3)
            images = int(variant.split()[1]) if program == "gan-step" else 1
            self.add(f"{work}, {self.threads} threads against one", "images/s", [images * rate for rate in rates["ours"]],
                     "1 thread", [images * rate for rate in rates["1 thread"]], goal=1.9 if self.threads == 2 else None)
            self.close(all_threads, one)

    def definition(self):
        for kind in ("forward", "backward"):
            layer, literal = self.ours("second-layer", 1), self.ours("second-layer", 1)
            literal.name = "definition"
            work = f"Conv2D, the CNN's second, {kind}, 1 thread"
            rates = self.contest(work, [(layer, f"{kind}, layer"), (literal, f"{kind}, definition")],
                                 0.3 if self.quick else 1)
            self.add(work, "images/s", rates["ours"], "literal loops", rates["definition"])
            self.close(layer, literal)

    def growth(self):
        """Seconds per image as batch, threads and images grow; for the figures."""
        say("growth")
        seconds, rounds = (0.3, 2) if self.quick else (1, 3)

        def per_image(worker, variant):
            return [1 / rate for rate in take_turns([(worker, variant)], rounds, seconds)[0]]
        batch = self.ours("cnn-training")
        self.data["batch"] = {v.split()[1]: per_image(batch, v) for v in batch.variants}
        size = self.ours("cnn-training-by-size")
        self.data["size"] = {v: per_image(size, v) for v in size.variants}
        self.data["operations by size"] = size.about["operations by size"]
        self.close(batch, size)
        self.data["threads"] = {}
        for threads in range(1, self.threads + 1):
            worker = self.ours("cnn-training", threads)
            self.data["threads"][str(threads)] = per_image(worker, "batch 32")
            self.close(worker)

    def memory(self):
        say("memory")
        environment = {**os.environ, "OMP_NUM_THREADS": str(self.threads)}
        run = json.loads(subprocess.run([f"{self.folder}/ours", "run"], check=True, capture_output=True, text=True,
                                        env=environment).stdout)
        self.data["run"] = run
        self.add("CNN training run, 60,000 + 10,000 images, memory", "MB", [run["megabytes"]], ratio=[])
        self.add("  its epoch", "s", [run["seconds"]], ratio=[])
        if self.gan_memory:
            theirs = [self.gan_memory["PyTorch"]] if "PyTorch" in self.gan_memory else []
            self.add("GAN step, batch 256, memory", "MB", [self.gan_memory["ours"]], "PyTorch" if theirs else "", theirs, ratio=[])

    # ---- the result --------------------------------------------------------------------------------------------------

    def add(self, *arguments, **named):
        self.rows.append(Row(*arguments, **named))

    @staticmethod
    def close(*workers):
        for worker in workers:
            if worker:
                worker.close()

    def text(self):
        peak = statistics.median(self.data["peak of one thread"]) / 1e9
        text = [f"{cpu_name()}, {self.threads} threads, {vectors()}; g++ {self.compiler}; 32-bit floats throughout.",
                f"Ours and its peer take turns, {self.rounds} rounds; each number is the median, with half the distance from the least to the greatest.",
                "The ratio says how many times as fast we are: the median over the rounds, the least and the greatest.",
                f"A multiplication and an addition count as two operations (FLOP); one thread alone can do {number(peak)} GFLOP/s.", ""]
        text += lines(self.rows)
        if self.settings:
            text += ["", "The settings that were fastest:"] + [f"  {setting}" for setting in self.settings]
        if self.left_out:
            text += ["", "Left out:"] + [f"  {name}" for name in self.left_out]
        return "\n".join(text + self.products_text()) + "\n"

    def products_text(self):
        products = self.data.get("products")
        if not products:
            return []

        def cell(product):
            mine, theirs = product["ours"], product["OpenBLAS"]
            return [f"{statistics.median(mine):.0f}", f"{statistics.median(theirs):.0f}",
                    f"{statistics.median(ratios(mine, theirs)):.2f}"]
        kinds = sorted({product["threads"] for product in products})
        table = [["GFLOP/s"] + [text for t in kinds for text in (f"{t} thr.", "OpenBLAS", "ratio")]]
        for name in dict.fromkeys(product["name"] for product in products):
            table.append([name] + [text for p in products if p["name"] == name for text in cell(p)])
        width = max(len(line[0]) for line in table)
        return ["", "Matrix products, one by one"] + [
            line[0].ljust(width) + "".join(text.rjust(10) for text in line[1:]) for line in table]

    def json(self):
        return {"machine": {"processor": cpu_name(), "threads": self.threads, "vectors": vectors(), "compiler": self.compiler,
                            "system": platform.system() + " " + platform.release()},
                "quick": self.quick, "rounds": self.rounds, "rows": [row.json() for row in self.rows],
                "settings": self.settings, "tried": self.tried, "left out": self.left_out, **self.data}


def cpu_info(key):
    try:
        with open("/proc/cpuinfo") as file:
            found = [line.split(":", 1)[1].strip() for line in file if line.split(":", 1)[0].strip() == key]
    except OSError:
        found = []
    return found[0] if found else ""


def cpu_flags():
    return set(cpu_info("flags").split())


def cpu_name():
    return cpu_info("model name") or platform.machine()


def vectors():
    flags = cpu_flags()
    return "AVX-512" if "avx512f" in flags else "AVX2" if "avx2" in flags else "AVX" if "avx" in flags else "128-bit vectors"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default="build")
    parser.add_argument("--figures", default="build/figures")
    parser.add_argument("--quick", action="store_true", help="about two minutes: fewer and shorter rounds")
    parser.add_argument("--only", nargs="*", metavar="PART", help="only these parts; nothing is written")
    options = parser.parse_args()
    bench, start = Bench(options.build, options.quick), time.monotonic()
    parts = [bench.cnn_training, bench.cnn_inference, bench.gan_step, bench.autoencoder, bench.products, bench.scaling,
             bench.definition, bench.memory, bench.growth]
    known = {part.__name__: part for part in parts}
    if options.only is not None:
        for name in options.only:
            if name not in known:
                parser.error(f"no part is called {name}: " + ", ".join(known))
            known[name]()
        print("\n".join(lines(bench.rows) + bench.settings + bench.left_out + bench.products_text()))
        return
    for part in parts:
        part()
    bench.data["seconds"] = time.monotonic() - start
    write(bench, options)
    say(f"took {bench.data['seconds'] / 60:.1f} minutes")


def write(bench, options):
    text = bench.text()
    print(text, end="")
    os.makedirs(options.figures, exist_ok=True)
    for name, content in (("bench.json", json.dumps(bench.json(), indent=1) + "\n"), ("bench.txt", text)):
        path = os.path.join(options.build, name)
        with open(path + ".part", "w") as file:
            file.write(content)
        os.replace(path + ".part", path)
    shutil.copy(os.path.join(options.build, "bench.txt"), os.path.join(options.figures, "bench.txt"))
    subprocess.run([os.path.join(options.build, "bench", "figures"), os.path.join(options.build, "bench.json"), options.figures],
                   check=True)


if __name__ == "__main__":
    try:
        main()
    except Unavailable as problem:  # one of ours: peers are left out
        sys.exit(f"bench: {problem}")
