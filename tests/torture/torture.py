#!/usr/bin/env python3
"""Faults over and over: kills, full disks, neighbours, damaged files. Prints fault | trials | lost.

A trial runs sections of chapter 8 on a small part of the sample, lets a fault happen, looks at every file, runs the
program again without the fault, and compares what there is then with an undisturbed run, byte by byte. A trial is lost if
  - a file is not whole (a PNG without its end, JSON that does not parse, tensors beyond the end of their file),
  - an epoch that had been reported was not kept,
  - a run that ended well has not come to the result of the undisturbed one,
  - an error did not name a file, or the status is another than the convention's,
  - the next run fails, comes to another result, or leaves a temporary file.

With --defect something that the program relies on is broken from outside, another thing for each row, to show that the row
can fail: there "lost" must not be 0.
"""
import argparse
import csv
import gzip
import hashlib
import json
import multiprocessing
import os
import random
import re
import resource
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

SECTIONS = {"8.4": 22, "8.5": 58, "8.6": 15, "8.7": 3, "8.8": 2}  # of 100 runs: the longer it takes, the fewer
STOPS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
TRAINING = re.compile("kept after every epoch|going on after epoch")
IMAGES = {"train": 40, "t10k": 20}  # two mini-batches, the second smaller; section 8.8 needs 20 test images


class Lost(Exception):
    """What a trial has lost."""


# ---- the program -----------------------------------------------------------------------------------------------------

def small_data(sample, folder):
    """The first images of the sample, as data sets of their own."""
    for name in ("mnist", "fashion-mnist"):
        (folder / name).mkdir(parents=True)
        for file in (sample / name).glob("*.gz"):
            count = IMAGES[file.name.split("-")[0]]
            data = gzip.decompress(file.read_bytes())
            header, size = (16, 784) if "images" in file.name else (8, 1)
            part = data[:4] + struct.pack(">I", count) + data[8:header + count * size]
            (folder / name / file.name).write_bytes(gzip.compress(part))


def draw_section(sections=tuple(SECTIONS)):
    return random.choices(sections, [SECTIONS[section] for section in sections])[0]


class Program:
    """chapter8 as the trials call it."""

    def __init__(self, build, data, scratch, defect):
        self.command = [str(build / "chapter8"), "--data", str(data), "--epochs", "2", "--threads", "1"]
        self.scratch, self.defect = scratch, defect
        self.environment = dict(os.environ, OMP_WAIT_POLICY="passive")
        self.processes = []
        self.expected, self.seconds = {}, {}

    def start(self, out, section, limit=None, environment=None):
        """A process of a group of its own. Its messages, which are short, wait in a pipe: a file could be full."""
        def before():
            os.setsid()
            for number in STOPS:  # which nohup, or this script, may ignore
                signal.signal(number, signal.SIG_DFL)
            if limit is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        process = subprocess.Popen(self.command + ["--out", str(out), "--section", section],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace",
                                   preexec_fn=before, env=environment or self.environment)
        self.processes.append(process)
        return process

    def end(self):
        """Kills what is still running."""
        for process in self.processes:
            if process.poll() is None:
                kill_group(process)
                process.wait()
        self.processes.clear()

    def broken(self, defect):
        """The environment with the defect, if the trials are to be lost; `gnuplot` is one that hides its own death."""
        if not self.defect:
            return self.environment
        if defect == "gnuplot":
            return dict(self.environment, PATH=f"{self.scratch / 'bin'}:{os.environ['PATH']}")
        return dict(self.environment, LD_PRELOAD=str(self.scratch / "defect.so"), DEFECT=defect)

    def run(self, out, section):
        """To its end, without a fault: fails only if something was lost."""
        process = self.start(out, section)
        status, errors = finish(process)
        if status != 0:
            raise Lost(f"the next run ended with status {status}: {errors[-300:]}")
        return errors

    def learn(self, pool):
        """What an undisturbed run of each section comes to, and how long it takes while as many run as in trials."""
        for section, expected, seconds in pool.map(undisturbed, [(self, section) for section in SECTIONS]):
            self.expected[section], self.seconds[section] = expected, seconds

    def require_as_undisturbed(self, out, sections, spoilt=None):
        require_whole(out, spoilt)
        found = outcome(out, sections)
        expected = {}
        for section in sections:
            expected.update(self.expected[section])
        for name in sorted(expected.keys() | found.keys()):
            if found.get(name) != expected.get(name):
                state = "missing" if name not in found else "left over" if name not in expected else "another"
                raise Lost(f"{name} is {state}")
        for file in out.rglob(".*"):
            raise Lost(f"{file.name} was left")


def undisturbed(program_and_section):
    program, section = program_and_section
    with tempfile.TemporaryDirectory(dir=program.scratch) as name:
        out = Path(name) / "out"
        start = time.monotonic()
        program.run(out, section)
        seconds = time.monotonic() - start
        require_whole(out)  # a kind of file that is not known here would fail every trial
        return section, outcome(out, [section]), seconds


def finish(process):
    _, errors = process.communicate()
    return process.returncode, errors


# ---- files -----------------------------------------------------------------------------------------------------------

def require_whole(out, spoilt=None):
    """Every file but `spoilt`, which a trial has damaged, and which no run has needed since."""
    for file in out.rglob("*"):
        if file.is_dir() or file.name.startswith(".") or file == spoilt:
            continue
        data = file.read_bytes()
        try:
            if file.suffix == ".png":
                whole = data.startswith(b"\x89PNG\r\n\x1a\n") and data.endswith(b"IEND\xaeB`\x82")
            elif file.suffix == ".gif":
                whole = data.startswith(b"GIF8") and data.endswith(b";")
            elif file.suffix == ".svg":
                whole = data.startswith(b"<?xml") and data.rstrip().endswith(b"</svg>")
            elif file.suffix == ".json":
                whole = isinstance(json.loads(data), dict)
            elif file.suffix == ".csv":
                whole = data.endswith(b"\n") and len({len(row) for row in csv.reader(data.decode().splitlines())}) == 1
            elif file.suffix == ".gz":
                whole = len(gzip.decompress(data)) > 0
            elif file.suffix == ".lock":
                whole = data == b""
            elif file.suffix == ".safetensors":
                length, = struct.unpack("<Q", data[:8])
                header = json.loads(data[8:8 + length])
                ends = [t["data_offsets"][1] for name, t in header.items() if name != "__metadata__"]
                whole = len(data) == 8 + length + max(ends)
            else:
                whole = False
        except (ValueError, struct.error, EOFError, OSError, zlib.error):
            whole = False
        if not whole:
            raise Lost(f"{file.name} is not whole")


def outcome(out, sections):
    """Figures, tables and numbers; durations, which differ from run to run, left out."""
    files = {}
    for file in out.rglob("*"):
        name = str(file.relative_to(out))
        if file.suffix in (".png", ".svg", ".gif"):
            files[name] = file.read_bytes()
        elif file.suffix == ".csv":
            rows = list(csv.reader(file.read_text().splitlines()))
            keep = [i for i, title in enumerate(rows[0]) if "seconds" not in title]
            files[name] = [[row[i] for i in keep] for row in rows]
    results = json.loads((out / "results.json").read_bytes())
    for section in sections:
        for entry, value in results.get(section, {}).items():
            if "seconds" not in entry and "time" not in entry:
                files[f"results.json, {section}, {entry}"] = value
    return files


def require_kept(before, after):
    """Every epoch that the first run has reported is there for the second: it goes on after it."""
    reported = {}
    for title, epoch in re.findall(r"^(.+?)  epoch (\d+)/\d+", before, re.MULTILINE):
        reported[title] = max(reported.get(title, 0), int(epoch))
    for title, epoch in reported.items():
        again = re.search(rf"^{re.escape(title)}: going on after epoch (\d+)", after, re.MULTILINE)
        anew = f"{title}: kept after every epoch" in after  # neither: it is recorded, killed before it said so
        if anew or (again is not None and int(again[1]) < epoch):
            raise Lost(f"{title}: epoch {epoch} was reported and not kept")


# ---- faults: each a trial --------------------------------------------------------------------------------------------

def moment(program, section):
    return random.uniform(0, 1.05 * program.seconds[section])


def stopped(program, out, stop, statuses, defect):
    """Up to three runs are stopped, one after another."""
    section = draw_section()
    before = ""
    for _ in range(random.choice([1, 1, 2, 3])):
        process = program.start(out, section, environment=program.broken(defect))
        time.sleep(moment(program, section))
        stop(process)
        status, before = finish(process)
        if status not in statuses + [0]:
            raise Lost(f"status {status}: {before[-300:]}")
        if -status in STOPS and TRAINING.search(before):
            raise Lost(f"ended by signal {-status} in the middle of a training")
        if status == 0:
            program.require_as_undisturbed(out, [section])
            break
        if out.exists():
            require_whole(out)
    after = program.run(out, section)
    if status != 0:
        require_kept(before, after)
    program.require_as_undisturbed(out, [section])


def kill_group(process):
    os.killpg(process.pid, signal.SIGKILL)


def killed(program, out):
    stopped(program, out, kill_group, [-signal.SIGKILL], "rename")


def signalled(program, out):
    number = random.choice(STOPS)
    # In its first moments a process ends as any other; a shell calls both 128 + number.
    whom = os.killpg if number == signal.SIGINT else os.kill
    stopped(program, out, lambda process: whom(process.pid, number), [128 + number, -number], "signal")


def require_named(status, errors, out):
    """An error that says which file it is about."""
    error = errors[errors.rfind("chapter8: "):]  # what was kept stands below it
    if status == 1 and (str(out) in error or "standard output" in error):
        return
    raise Lost(f"status {status}, and no file is named: {error[:300]}")


def after_error(program, out, section, status, errors):
    if status == 0:  # there was no fault
        return program.require_as_undisturbed(out, [section])
    require_named(status, errors, out)
    if out.exists():
        require_whole(out)
    program.run(out, section)
    program.require_as_undisturbed(out, [section])


def file_size_limit(program, out):
    section = draw_section()
    limit = int(2 ** random.uniform(4, 23))
    process = program.start(out, section, limit=limit, environment=program.broken("write"))
    after_error(program, out, section, *finish(process))


def full_disk(program, out):
    section = draw_section()
    out.mkdir()
    size = int(2 ** random.uniform(13, 23))
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(out)], check=True)
    try:
        status, errors = finish(program.start(out, section, environment=program.broken("write")))
        subprocess.run(["mount", "-o", "remount,size=64m", str(out)], check=True)
        after_error(program, out, section, status, errors)
    finally:
        subprocess.run(["umount", "-l", str(out)], check=True)


def neighbours(program, out, count):
    """Each runs a section, some of them the same, into one folder; half the time short ones that end together."""
    together = random.random() < 0.5
    sections = [draw_section(("8.4", "8.5", "8.6")) if together else draw_section() for _ in range(count)]
    longest = max(program.seconds[section] for section in sections)
    starts = sorted((longest - program.seconds[section] if together else random.uniform(0, 1), section)
                    for section in sections)
    begin, processes = time.monotonic(), []
    for start, section in starts:
        time.sleep(max(0, begin + start - time.monotonic()))
        processes.append(program.start(out, section, environment=program.broken("lock")))
    for status, errors in [finish(process) for process in processes]:
        if status != 0:
            raise Lost(f"status {status}: {errors[-300:]}")
    program.require_as_undisturbed(out, set(sections))


def two_processes(program, out):
    neighbours(program, out, 2)


def four_processes(program, out):
    neighbours(program, out, 4)


def gnuplots_below(pid):
    """The processes that run gnuplot for this one."""
    found = []
    try:
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            found += [int(child)] if Path(f"/proc/{child}/exe").readlink().name.startswith("gnuplot") else []
            found += gnuplots_below(child)
    except OSError:  # it has ended
        pass
    return found


def gnuplot_killed(program, out):
    section = draw_section()
    process = program.start(out, section, environment=program.broken("gnuplot"))
    begin = time.monotonic() + moment(program, section)
    done = False
    while process.poll() is None and not done:
        if time.monotonic() > begin:
            for pid in gnuplots_below(process.pid):
                try:
                    os.kill(pid, signal.SIGKILL)
                    done = True
                except ProcessLookupError:
                    pass
        time.sleep(0.002)
    after_error(program, out, section, *finish(process))


def damage(file):
    data = bytearray(file.read_bytes())
    kind = random.choice(["cut", "bit", "zeros", "longer", "empty"])
    at = random.randrange(len(data))
    if kind == "cut":
        data = data[:at]
    elif kind == "bit":
        data[at] ^= 1 << random.randrange(8)
    elif kind == "zeros":
        data[at:at + 64] = bytes(len(data[at:at + 64]))
    elif kind == "longer":
        data += random.randbytes(64)
    else:
        data = data[:0]
    file.write_bytes(data)


def damaged(program, out):
    """A run is killed when some files are there, and one of them damaged. The next run either does not need the file or
    names it, and comes to the usual end once it is removed."""
    section = draw_section()
    process = program.start(out, section)
    time.sleep(random.uniform(0.4, 1) * program.seconds[section])
    kill_group(process)
    finish(process)
    files = [file for file in out.rglob("*") if file.is_file() and file.stat().st_size > 0] if out.exists() else []
    if files:
        file = random.choice(files)
        damage(file)
        status, errors = finish(program.start(out, section, environment=program.broken("status")))
        if status == 0:
            unread = file if file.name.endswith("-finished.safetensors") else None  # its record is enough
            return program.require_as_undisturbed(out, [section], unread)
        require_named(status, errors, file)
        file.unlink()
    program.run(out, section)
    program.require_as_undisturbed(out, [section])


FAULTS = {
    "killed (-9) at any moment": killed,
    "stopped by INT, TERM, HUP": signalled,
    "files that may not grow": file_size_limit,
    "disk full": full_disk,
    "two processes, one folder": two_processes,
    "four processes, one folder": four_processes,
    "gnuplot killed": gnuplot_killed,
    "a file damaged": damaged,
}

# ---- the table -------------------------------------------------------------------------------------------------------

# Draws as gnuplot does; when that is killed it draws something else, and says that all went well.
LYING_GNUPLOT = r"""#!/bin/bash
script=$(mktemp)
cat >"$script"
GNUPLOT "$@" <"$script" || {
  sed -i 's/^plot /set label 99 "something else" at screen 0.5, screen 0.5 front\n&/' "$script"
  GNUPLOT "$@" <"$script"
}
rm -f "$script"
"""


def prepare_defects(scratch, source):
    subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", scratch / "defect.so", source, "-ldl"], check=True)
    (scratch / "bin").mkdir()
    (scratch / "bin/gnuplot").write_text(LYING_GNUPLOT.replace("GNUPLOT", shutil.which("gnuplot")))
    (scratch / "bin/gnuplot").chmod(0o755)


def can_mount(scratch):
    probe = scratch / "probe"
    probe.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(probe)], capture_output=True).returncode == 0
    if mounted:
        subprocess.run(["umount", str(probe)], check=True)
    return mounted


def attempt(work):
    """One trial. @return its number, and what was lost: empty if nothing was"""
    program, fault, number, seed = work
    random.seed(f"{seed}, {fault}, {number}")
    problem = ""
    with tempfile.TemporaryDirectory(dir=program.scratch, ignore_cleanup_errors=True) as name:
        try:
            FAULTS[fault](program, Path(name) / "out")
        except (Lost, OSError, ValueError) as error:
            problem = str(error) or repr(error)
        finally:
            program.end()
    return number, problem


def end_on_signals():
    """Ending this way unmounts and removes everything, and kills what has been started."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))


def start_worker():
    end_on_signals()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the first process's, which ends its workers


class Record:
    """A file with a line for each trial, so that a run that was stopped goes on; removed when all is done."""

    def __init__(self, path, program):
        """Lines of another program, which has been compiled anew since then, do not count."""
        self.path, self.program, self.problems = path, program, {}
        if path and path.exists():
            for line in path.read_text().splitlines():
                of, fault, number, problem = json.loads(line)
                if of == program:
                    self.problems[fault, number] = problem

    def add(self, fault, number, problem):
        self.problems[fault, number] = problem
        if self.path:
            with self.path.open("a") as file:
                file.write(json.dumps([self.program, fault, number, problem]) + "\n")

    def remove(self):
        if self.path:
            self.path.unlink(missing_ok=True)


def count_lost(program, fault, arguments, record, pool):
    numbers = [number for number in range(1, arguments.trials + 1) if (fault, number) not in record.problems]
    if numbers:
        program.learn(pool)  # anew for each fault: other programs slow this machine down more or less
    for number, problem in pool.imap_unordered(attempt, [(program, fault, n, arguments.seed) for n in numbers]):
        record.add(fault, number, problem)
        if problem:
            print(f"{fault}, trial {number} of seed {arguments.seed}: {problem}", file=sys.stderr)
    return sum(record.problems[fault, number] != "" for number in range(1, arguments.trials + 1))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, default=Path("build"), help="folder of chapter8")
    parser.add_argument("--trials", type=int, default=100, help="for each fault")
    parser.add_argument("--jobs", type=int, default=1, help="trials at a time")
    parser.add_argument("--seed", type=int, default=time.time_ns(), help="of the moments and files (default: the time)")
    parser.add_argument("--fault", default="", help="only the faults whose name contains this")
    parser.add_argument("--record", type=Path, help="a file that keeps the trials so far: the next run resumes")
    parser.add_argument("--defect", action="store_true", help="with something broken: every row must lose")
    arguments = parser.parse_args()
    end_on_signals()
    root = Path(__file__).resolve().parents[2]
    with tempfile.TemporaryDirectory(prefix="torture.") as name:
        scratch = Path(name)
        small_data(root / "tests/data", scratch / "data")
        if arguments.defect:
            prepare_defects(scratch, root / "tests/torture/defect.c")
        program = Program(arguments.build.resolve(), scratch / "data", scratch, arguments.defect)
        digest = hashlib.sha256((arguments.build / "chapter8").read_bytes()).hexdigest()
        record = Record(arguments.record, digest + (" with defects" if arguments.defect else ""))
        faults = [fault for fault in FAULTS if arguments.fault in fault]
        if "disk full" in faults and not can_mount(scratch):
            print("NOTE: no tmpfs can be mounted here; the row for files that may not grow stands for it",
                  file=sys.stderr)
            faults.remove("disk full")
        rows = []
        print(f"{'fault':<30}| trials | lost", flush=True)
        with multiprocessing.Pool(arguments.jobs, start_worker) as pool:
            for fault in faults:
                rows.append(count_lost(program, fault, arguments, record, pool))
                print(f"{fault:<30}| {arguments.trials:>6} | {rows[-1]:>4}", flush=True)
    record.remove()
    good = all(rows) if arguments.defect else not any(rows)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
