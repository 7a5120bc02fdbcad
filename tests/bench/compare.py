#!/usr/bin/env python3
"""Is this version as fast as an earlier one? `make bench BASE=COMMIT` builds both and calls it.

    compare.py BASE [--build build] [--rounds 15]

BASE is the folder of the earlier version; its `ours` is in BASE/build/bench. The two alternate, each for some tenths
of a second. The least time of all rounds counts: whatever disturbs a measurement makes it longer. What seems
slower is measured again, for as many rounds. The exit status is 1 if something is.
"""
import argparse
import contextlib
import json
import os
import subprocess
import sys
import time

from table import in_columns
from worker import BOUND, Unavailable, Worker

TOLERATED = 0.95   # of the earlier speed
TOO_SHORT = 20e-6  # seconds; what takes less is shown, but not held to it
IN_A_ROW = 5       # rounds; then both versions start anew, with their memory elsewhere
REPEATS = 3        # at most, for what seems slower
SLEEP = 0.02       # seconds between the two, until the idle threads of the one before sleep
VERSIONS = ("before", "after")


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


class Version:
    """`ours` of one version, which is started in the folder that it was built in."""

    def __init__(self, program, folder):
        self.program, self.folder = os.path.abspath(program), folder

    @staticmethod
    def environment(threads):
        """A single thread goes wherever a processor is free; several are bound."""
        return {"OMP_NUM_THREADS": str(threads), **(BOUND if threads > 1 else {})}

    def start(self, workload, threads):
        return Worker("ours", [self.program, workload], threads, self.environment(threads), self.folder)

    def layers(self, network, batch, steps, threads):
        return json.loads(subprocess.run([self.program, "layers", network, str(batch), str(steps)], check=True,
                                         cwd=self.folder, env={**os.environ, **self.environment(threads)},
                                         stdout=subprocess.PIPE).stdout)


def seconds_of_unit(answer, threads):
    """One thread's time is processor time, which stops while other programs run."""
    return answer["processor seconds" if threads == 1 else "seconds"] / answer["count"]


# What is measured. Called with a version and threads, each of these gives a function that runs it once and
# returns its seconds by row of the table.

def workload(row, name, variant, units):
    """A number of units of one of the workloads of `ours`."""
    @contextlib.contextmanager
    def started(version, threads):
        worker = version.start(name, threads)
        worker.measure(variant, 0)  # sets it up
        yield lambda: {row: units * seconds_of_unit(worker.measure(variant, 0), threads)}
        worker.close()
    return started


def layers(network, batch, steps):
    """Each layer in a training step, forward and backward; the least of some steps."""
    def times(version, threads):
        answer = version.layers(network, batch, steps, threads)
        rows = {f"{network} {layer} {direction}": seconds for direction in ("forward", "backward")
                for layer, seconds in zip(answer["layers"], answer[direction])}
        return {**rows, f"{network} optimizer": answer["optimizer"]}

    @contextlib.contextmanager
    def started(version, threads):
        yield lambda: times(version, threads)
    return started


WORKLOADS = (workload("CNN training, 3,200 images", "cnn-training", "batch 32", 3200),
             workload("CNN inference, 10,000 images", "cnn-inference", "batch 128", 10000),
             workload("autoencoder training, 6,400 images", "autoencoder-training", "batch 32", 6400),
             workload("GAN step, batch 256", "gan-step", "batch 256", 1),
             layers("cnn", 32, 15), layers("autoencoder", 32, 15), layers("generator", 256, 3),
             layers("discriminator", 256, 5))


class Comparison:
    def __init__(self, before, after):
        self.versions = {"before": before, "after": after}
        self.least = {}  # by (row, threads) and version: seconds
        self.workloads = {}  # by (row, threads): how to measure it

    def measure(self, workloads, rounds):
        """Measures each (workload, threads) in each round: before, after; after, before ..."""
        for first in range(0, rounds, IN_A_ROW):
            last = min(rounds, first + IN_A_ROW)
            say(f"rounds {first + 1} to {last} of {rounds}")
            for started, threads in workloads:
                with contextlib.ExitStack() as stack:
                    once = {name: stack.enter_context(started(version, threads))
                            for name, version in self.versions.items()}
                    for number in range(first, last):
                        for name in VERSIONS[::1 if number % 2 == 0 else -1]:
                            time.sleep(SLEEP if threads > 1 else 0)
                            self.note(name, once[name](), (started, threads))

    def note(self, version, times, workload):
        for row, seconds in times.items():
            key = row, workload[1]
            least = self.least.setdefault(key, {})
            least[version] = min(seconds, least.get(version, seconds))
            self.workloads[key] = workload

    def speed(self, key):
        """Of the version after, relative to the one before; None if only one of them has this row."""
        least = self.least[key]
        return least["before"] / least["after"] if len(least) == 2 else None

    def slower(self):
        return [key for key, least in self.least.items()
                if len(least) == 2 and self.speed(key) < TOLERATED and least["after"] > TOO_SHORT]

    def text(self, threads):
        head = ["least times, ms"] + [text for n in threads for text in (f"before, {n} thr.", "after", "speed")]
        lines = []
        for row in dict.fromkeys(row for row, _ in self.least):
            cells = [row]
            for key in ((row, n) for n in threads):
                least, speed = self.least[key], self.speed(key)
                cells += [f"{1000 * least[version]:.3f}" if version in least else "" for version in VERSIONS]
                cells += ["" if speed is None else f"{speed:.2f}" + (" <" if key in self.slower() else "  ")]
            lines.append(cells)
        return "\n".join(in_columns([head, *lines], right=range(1, len(head))))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base")
    parser.add_argument("--build", default="build")
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error(f"--rounds must be 1 or more, got {options.rounds}")

    comparison = Comparison(Version(f"{options.base}/build/bench/ours", options.base),
                            Version(f"{options.build}/bench/ours", "."))
    threads = sorted({1, len(os.sched_getaffinity(0))})
    comparison.measure([(started, n) for started in WORKLOADS for n in threads], options.rounds)
    for _ in range(REPEATS):
        if not comparison.slower():
            break
        say("what seems slower is measured again")
        comparison.measure(list(dict.fromkeys(comparison.workloads[key] for key in comparison.slower())), options.rounds)
    print(comparison.text(threads))
    slower = comparison.slower()
    for row, n in slower:
        print(f"slower: {row}, {n} thread{'s' if n > 1 else ''}: {comparison.speed((row, n)):.2f} times as fast as before")
    print(f"{len(slower)} of {len(comparison.least)} are slower than {TOLERATED} times before")
    return 1 if slower else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (Unavailable, subprocess.CalledProcessError) as problem:
        sys.exit(f"bench: {problem}")
