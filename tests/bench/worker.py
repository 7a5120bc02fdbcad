"""The programs that are measured, and how they alternate. Their requests and answers: worker.hpp."""
import json
import os
import statistics
import subprocess
import tempfile
import threading
import time

TIMEOUT = 300  # seconds beyond those requested; then a program counts as hanging
PAUSE = 0.15   # seconds between two programs: the idle threads of the one before spin for a while before they sleep

# Each thread of an OpenMP program keeps to a processor of its own. That may be twice as fast, or make no difference.
BOUND = {"OMP_PROC_BIND": "true"}


class Unavailable(Exception):
    """A program that cannot be started or fails, and the reason."""


class Worker:
    """A program that has been started and waits for work."""

    def __init__(self, name, command, threads, environment=None, folder=None):
        self.name, self.threads = name, threads
        if not (os.path.exists(command[0]) or "/" not in command[0]):
            raise Unavailable("it could not be built")
        settings = {**os.environ, "OMP_NUM_THREADS": str(threads), "OPENBLAS_NUM_THREADS": str(threads)}
        # A kernel chosen for the whole machine would hold back whatever computes with OpenBLAS: it chooses for itself.
        settings.pop("OPENBLAS_CORETYPE", None)
        settings.pop("OPENBLAS_L2_SIZE", None)
        settings.update(environment or {})
        self.errors = tempfile.TemporaryFile(mode="w+")
        try:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors,
                                            text=True, env=settings, cwd=folder)
        except OSError as problem:
            raise Unavailable(str(problem)) from None
        self.about = self.answer(0)
        self.variants = self.about["variants"]
        self.megabytes = 0.0

    def answer(self, seconds):
        timer = threading.Timer(seconds + TIMEOUT, self.process.kill)
        timer.start()
        line = self.process.stdout.readline()
        timer.cancel()
        if line:
            return json.loads(line)
        self.process.wait()
        self.errors.seek(0)
        messages = [text.strip() for text in self.errors if text.strip() and not text.startswith("Node.js")]
        raise Unavailable(messages[-1] if messages else f"it ended with status {self.process.returncode}")

    def measure(self, variant, seconds):
        """The answer to a request: worker.hpp."""
        try:
            self.process.stdin.write(f"{seconds} {variant}\n")
            self.process.stdin.flush()
        except OSError:
            pass  # it has ended: answer() reports why
        answer = self.answer(seconds)
        self.megabytes = answer["megabytes"]
        return answer

    def rate(self, variant, seconds):
        """Units of work in a second, measured for at least this many seconds."""
        answer = self.measure(variant, seconds)
        return answer["count"] / answer["seconds"]

    def fastest(self, variants, seconds):
        """Tries the variants. Returns the fastest and the rates of all; one that fails is not counted."""
        rates = {variant: self.rate(variant, seconds) for variant in variants}
        return max(rates, key=rates.get), rates

    def close(self):
        try:
            self.process.stdin.close()
        except OSError:
            pass  # it has ended before
        self.process.wait()
        self.process.stdout.close()
        self.errors.close()


def alternate(workers, rounds, seconds, on_failure=None, pause=PAUSE):
    """Rates of each (worker, variant), round by round: ours, peer, ours, peer ... A peer that fails is
    reported to on_failure and gets none; without on_failure it is an error."""
    rates = {worker: [] for worker in workers}
    for _ in range(rounds):
        for worker, variant in list(rates):
            time.sleep(pause)
            try:
                rates[worker, variant].append(worker.rate(variant, seconds))
            except Unavailable as problem:
                if worker.name == "ours" or not on_failure:
                    raise
                del rates[worker, variant]
                on_failure(worker, problem)
    return [rates.get(worker, []) for worker in workers]


def ratios(ours, peer):
    """How many times as fast, round by round."""
    return [a / b for a, b in zip(ours, peer)]


def geometric_mean(values):
    return statistics.geometric_mean(values) if values else float("nan")
