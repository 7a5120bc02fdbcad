#!/usr/bin/env python3
"""Do the tests notice? Makes single changes in src/, builds the tests with each, and sees whether one fails.

    tests/mutants/mutants.py --build build --count 700 [--shard K/N] [--changed COMMIT] [--list] [--table]

A mutant is one token changed: a sign, a bound, a comparison, a constant, a line left out, += made =, a flag turned, a
derivative left out. They are drawn with a fixed seed, from every folder of src/ but plotting/ in proportion to its size, so a
second run makes the same ones. Each is built in a copy of the tree; the tests that include the changed file's header run
first, and the first failure ends it. Only those that nothing in double has noticed are tried with dual numbers and in float.

What came of each mutant is a line of tests/mutants/results.jsonl: a run that was stopped resumes, and several,
each with its own --shard, share the work. Begin with an empty file to try all of them anew. tests/mutants/judged.txt names those
that no test can or should notice, which are not tried any further:
    ID equivalent FILE: REASON   no input tells it from the original
    ID speed FILE: REASON        only the time differs
"""
import argparse
import collections
import hashlib
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
JUDGED = Path(__file__).resolve().parent / "judged.txt"
RESULTS = Path(__file__).resolve().parent / "results.jsonl"
SEED = 1
LEAST_OF_FOLDER = 12

# name, what is looked for, what takes its place. Groups that are kept stand in the replacement.
OPERATORS = [
    ("sign", r"(?<=[\w)\]] )\+(?= [\w(-])", "-"),
    ("sign", r"(?<=[\w)\]] )-(?= [\w(])", "+"),
    ("sign", r"(?<=[(,=] )-(?=[\w(])|(?<=\()-(?=[\w(])|(?<=return )-(?=[\w(])", ""),
    ("operation", r"(?<=[\w)\]] )\*(?= [\w(-])", "/"),
    ("operation", r"(?<=[\w)\]] )/(?= [\w(-])", "*"),
    ("operation", r"(?<=[\w)\]] )%(?= [\w(-])", "/"),
    ("operation", r"\bstd::max\b", "std::min"),
    ("operation", r"\bstd::min\b", "std::max"),
    ("comparison", r"(?<=[\w)\]] )<(?= [\w(-])", "<="),
    ("comparison", r"(?<=[\w)\]] )<=(?= [\w(-])", "<"),
    ("comparison", r"(?<=[\w)\]] )>(?= [\w(-])", ">="),
    ("comparison", r"(?<=[\w)\]] )>=(?= [\w(-])", ">"),
    ("comparison", r"(?<= )==(?= )", "!="),
    ("comparison", r"(?<= )!=(?= )", "=="),
    ("logic", r"(?<= )&&(?= )", "||"),
    ("logic", r"(?<= )\|\|(?= )", "&&"),
    ("logic", r"(?<=[( ])!(?=[\w(])", ""),
    ("bound", r"(for \([^;]*= )0(?=;)", r"\g<1>1"),
    ("bound", r"(for \([^;]*; \w+ < [^;]+?)(?=;)", r"\g<1> - 1"),
    ("index", r"\[(?:\w+)\](?=[^(]*;)", "[0]"),
    ("constant", r"(?<![\w.\[\"])0(?![\w.])", "1"),
    ("constant", r"(?<![\w.\[\"])1(?![\w.])", "2"),
    ("constant", r"(?<![\w.\[\"])2(?![\w.])", "3"),
    ("constant", r"(?<![\w.])(\d+\.\d+(?:e-?\d+)?|\d+e-?\d+)(?![\w.])", r"(2 * \g<1> + 1)"),
    ("assignment", r"(?<= )\+=(?= )", "="),
    ("assignment", r"(?<= )-=(?= )", "+="),
    ("flag", r"\btrue\b", "false"),
    ("flag", r"\bfalse\b", "true"),
    ("flag", r"\bPadding::same\b", "Padding::valid"),
    ("flag", r"\bAccumulate::yes\b", "Accumulate::no"),
    ("flag", r"\bMode::training\b", "Mode::inference"),
    ("derivative", r"\bderivative\(([^()]*(?:\([^()]*\))?[^()]*)\)(?=[,; ])", "Real(1)"),
    ("line", r"^(\s+)(?!return|break|continue|throw|using|case|default|if|for|while|else|const |auto |static |public|private)"
             r"[A-Za-z_][\w.:>\-\[\]()*, ]*(?:\([^;]*\)| [+\-*/]?= [^;]*);$", r"\g<1>;"),
    ("line", r"^(\s+)throw [^;]*;$", r"\g<1>;"),
    ("line", r"^(\s+)(?:break|continue);$", r"\g<1>;"),
]


def without_comments_and_strings(line):
    """Of the same length, so that places agree."""
    line = re.sub(r'"(?:[^"\\]|\\.)*"', lambda m: '"' + " " * (len(m[0]) - 2) + '"', line)
    line = re.sub(r"'(?:[^'\\]|\\.)+'", lambda m: "'" + " " * (len(m[0]) - 2) + "'", line)
    return re.sub(r"//.*", lambda m: " " * len(m[0]), line)


def candidates():
    """Every change there is: (file, line number, operator, the line, the line as it becomes)."""
    found = []
    for file in sorted((ROOT / "src").rglob("*.[ch]pp")):
        name = str(file.relative_to(ROOT))
        if name.startswith("src/plotting/"):
            continue
        for number, line in enumerate(file.read_text().splitlines(), 1):
            code = without_comments_and_strings(line)
            if re.match(r"\s*(#|//|namespace|template|enum|\*)", code) or "static_assert" in code:
                continue
            for operator, pattern, replacement in OPERATORS:
                for match in re.finditer(pattern, code):
                    changed = line[:match.start()] + match.expand(replacement) + line[match.end():]
                    if operator == "line":
                        changed = match.expand(replacement)
                    if changed != line:
                        found.append((name, number, operator, line, changed))
    return found


def identity(name, line, operator, changed):
    """The same as long as the line is: not its number, which changes with every line above."""
    return hashlib.sha256(f"{name}|{line.strip()}|{operator}|{changed.strip()}".encode()).hexdigest()[:10]


def folder_of(name):
    parts = Path(name).parts
    return "/".join(parts[1:-1])


def place(mutant):
    """Where a mutant stands in the draw: by its own identity, so that a line changed elsewhere draws no others."""
    return hashlib.sha256(f"{SEED} {mutant['id']}".encode()).hexdigest()


def drawn(count):
    """From each folder in proportion to what there is to change in it."""
    by_folder, known = collections.defaultdict(list), set()
    for name, number, operator, line, changed in candidates():
        key = identity(name, line, operator, changed)
        if key not in known:
            known.add(key)
            by_folder[folder_of(name)].append(dict(id=key, file=name, line=number, operator=operator, old=line.strip(),
                                                   new=changed.strip(), text=changed))
    total = sum(len(each) for each in by_folder.values())
    chosen = []
    for folder in sorted(by_folder):
        each = by_folder[folder]
        share = max(LEAST_OF_FOLDER, round(count * len(each) / total))
        chosen += sorted(each, key=place)[:share]
    return sorted(chosen, key=place)


# Of the processor, for one program of tests, by engine.
SECONDS_OF_TESTS = {"fast": 150, "plain": 900}


def engine_of(mutant):
    """A file of the plain engine is compiled and tested only where that engine is chosen."""
    return "plain" if mutant["file"].startswith("src/engine/plain/") else "fast"


# Boost.Test's status if a suite that was asked for is not in the program: no test has run.
NOT_RUN = 200


def suites():
    """Of each test file of build/tests its suites, and which headers it includes."""
    found = []
    for file in sorted((ROOT / "tests").rglob("test_*.cpp")):
        if {"float", "dual"} & set(file.relative_to(ROOT).parts):  # programs of their own
            continue
        text = file.read_text()
        found.append((re.findall(r"BOOST_(?:AUTO|FIXTURE)_TEST_SUITE\((\w+)", text), set(re.findall(r'#include "([^"]+)"', text))))
    return found


# What computes by the engine, which few tests call by its name.
ENGINE = ["definitions", "layer_definitions", "convolution", "layers"]


def topic(name):
    """The suites that include the header of this file, and those that include another of its folder."""
    header = re.sub(r"\.cpp$", ".hpp", name.removeprefix("src/"))
    own = [suite for names, headers in suites() if header in headers for suite in names]
    near = [suite for names, headers in suites() if any(str(Path(h).parent) == str(Path(header).parent) for h in headers) for suite in names]
    return list(dict.fromkeys(own)), list(dict.fromkeys(near + (ENGINE if name.startswith("src/engine/") else [])))


class Tree:
    """A copy of the sources with a build of its own."""

    def __init__(self, folder):
        self.folder = folder
        files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
        for name in filter(None, files):
            if name.startswith(("figures/", "docs/")) and not name.endswith((".mk", ".md", ".py", ".sh", ".list")):
                continue
            source, target = ROOT / name, folder / name
            if source.exists() and (not target.exists() or target.read_bytes() != source.read_bytes()):
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, target)
                os.utime(target)

    def make(self, engine, *targets):
        build = f"build/{engine}"
        return subprocess.run(["nice", "make", "-s", "-j2", f"BUILD={build}", f"ENGINE={engine}", "PACKAGES=",
                               *[f"{build}/{t}" for t in targets]], cwd=self.folder, capture_output=True, text=True)

    def fails(self, engine, program, run, limit):
        """Runs tests until the first failure. @return what failed, "" if nothing did. Loops without end are seen by the
        processor's time, of which all tests in double take half a minute, whatever else the machine does; `limit` is of real time."""
        def before():
            resource.setrlimit(resource.RLIMIT_CPU, 2 * (SECONDS_OF_TESTS[engine],))
        command = [f"build/{engine}/{program}", "--color_output=no", "--log_level=error", "--catch_system_errors=no"] + ([f"--run_test={run}"] if run else [])
        environment = dict(os.environ, PLAINGRAD_BUILD=f"build/{engine}", OMP_WAIT_POLICY="passive")  # others may compute beside it
        process = subprocess.Popen(command, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment,
                                   start_new_session=True, preexec_fn=before)
        os.set_blocking(process.stdout.fileno(), False)
        end, text = time.time() + limit, ""
        try:
            while True:
                ended = process.poll() is not None
                text += (process.stdout.read() or b"").decode(errors="replace")
                if found := re.search(r": (?:fatal )?error: in \"([^\"]*)\"", text):
                    return found[1]
                if ended and process.returncode == NOT_RUN:
                    raise RuntimeError(f"{program} has no test {run}")
                if ended:
                    return "" if process.returncode == 0 else f"status {process.returncode}"
                if time.time() > end:
                    return "time"
                time.sleep(0.02)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, 9)
                process.wait()

    def judge(self, mutant, quick):
        file, engine = self.folder / mutant["file"], engine_of(mutant)
        original = file.read_text()
        lines = original.split("\n")
        lines[mutant["line"] - 1] = mutant["text"]
        file.write_text("\n".join(lines))
        try:
            first = "tests_dual" if mutant["file"] == "src/math/dual.hpp" else "tests"  # the others know nothing of it
            if self.make(engine, first).returncode != 0:
                return "does not compile", ""
            if first == "tests_dual" and (killer := self.fails(engine, first, "", 2000)):
                return "killed", f"{first}: {killer}"
            own, near = topic(mutant["file"])
            near = [suite for suite in near if suite not in own]
            for run in filter(None, [":".join(own), ":".join(near)] if first == "tests" else []):
                if killer := self.fails(engine, "tests", run, 2000):
                    return "killed", killer
            if quick:
                return "undecided", ""
            if self.make(engine, "tests").returncode != 0:
                return "does not compile", "tests"
            if killer := self.fails(engine, "tests", "", 2000):
                return "killed", killer
            for program, also in [("tests_dual", []), ("tests_float", programs())]:
                if self.make(engine, program, *also).returncode != 0:
                    return "does not compile", program
                if killer := self.fails(engine, program, "", 2000):
                    return "killed", f"{program}: {killer}"
            return "survived", ""
        finally:
            file.write_text(original)


def programs():
    """What the tests run."""
    return ["answers", "gradient_check"] + sorted({path.name.split("_")[0] for path in (ROOT / "chapters").glob("chapter*_*.cpp")})


def judged():
    found = {}
    if JUDGED.exists():
        for line in JUDGED.read_text().splitlines():
            if line.strip() and not line.startswith("#"):
                key, kind, reason = line.split(maxsplit=2)
                found[key] = (kind, reason)
    return found


def print_table(mutants, results):
    """folder | mutants | killed | equivalent | score, of those that have been tried."""
    opinion, rows = judged(), collections.defaultdict(collections.Counter)
    for mutant in mutants:
        outcome = results.get(mutant["id"], {}).get("outcome", "undecided")
        if outcome in ("survived", "undecided"):
            outcome = opinion.get(mutant["id"], (outcome,))[0]
        if outcome == "undecided":
            continue
        rows[folder_of(mutant["file"])][outcome] += 1
    total = collections.Counter()
    for row in rows.values():
        total.update(row)
    print(f"{'folder':16}{'mutants':>9}{'killed':>9}{'survived':>10}{'equivalent':>12}{'speed only':>12}{'score':>9}")
    for folder, row in [*sorted(rows.items()), ("together", total)]:
        tried = row["killed"] + row["survived"]
        score = f"{100 * row['killed'] / tried:.1f} %" if tried else ""
        print(f"{folder:16}{sum(row.values()) - row['does not compile']:>9}{row['killed']:>9}{row['survived']:>10}{row['equivalent']:>12}"
              f"{row['speed']:>12}{score:>9}")
    left = sum(1 for mutant in mutants
               if results.get(mutant["id"], {}).get("outcome", "undecided") == "undecided" and mutant["id"] not in opinion)
    if left:
        print(f"\nNot tried yet: {left} of {len(mutants)}.")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--build", default="build", type=Path)
    options.add_argument("--count", default=700, type=int)
    options.add_argument("--shard", default="1/1")
    options.add_argument("--quick", action="store_true", help="only the suites of its topic; what they do not notice is left undecided")
    options.add_argument("--again", action="store_true", help="with --quick: those that were left undecided, too")
    options.add_argument("--changed", metavar="COMMIT", help="only files that differ from that commit")
    options.add_argument("--list", action="store_true", help="prints the mutants and tries none")
    options.add_argument("--table", action="store_true", help="prints the table of what has been tried")
    options.add_argument("--survivors", action="store_true", help="prints those that survived and are not judged")
    given = options.parse_args()

    mutants = drawn(given.count)
    if given.changed:
        changed = subprocess.run(["git", "diff", "--name-only", given.changed], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
        mutants = [mutant for mutant in mutants if mutant["file"] in changed]
    folder = given.build / "mutants"
    folder.mkdir(parents=True, exist_ok=True)
    results = {}
    if RESULTS.exists():
        for entry in map(json.loads, RESULTS.read_text().splitlines()):
            results[entry["id"]] = entry
    if given.list:
        for mutant in mutants:
            print(f"{mutant['id']} {mutant['file']}:{mutant['line']} [{mutant['operator']}]\n    {mutant['old']}\n    {mutant['new']}")
        return 0
    if given.survivors:
        for mutant in mutants:
            if results.get(mutant["id"], {}).get("outcome") in ("survived", "undecided") and mutant["id"] not in judged():
                print(f"{mutant['id']} {mutant['file']}:{mutant['line']} [{mutant['operator']}]\n    {mutant['old']}\n    {mutant['new']}")
        return 0
    if given.table:
        print_table(mutants, results)
        return 0

    shard, shards = map(int, given.shard.split("/"))
    mine = [mutant for at, mutant in enumerate(mutants) if at % shards == shard - 1 and mutant["id"] not in judged()
            and results.get(mutant["id"], {}).get("outcome") in ((None,) if given.quick and not given.again else (None, "undecided"))]
    tree = Tree(folder.resolve() / f"tree{shard}")
    for engine in sorted({engine_of(mutant) for mutant in mine}):
        for program in ["tests"] if given.quick else ["tests", "tests_dual", "tests_float"]:
            built = tree.make(engine, program, *([] if given.quick else programs())).returncode == 0
            failure = "it cannot be built" if not built else "" if given.quick else tree.fails(engine, program, "", 2000)
            if failure:
                print(f"mutants: {program} fails before anything is changed: {failure}", file=sys.stderr)
                return 1
    start = time.time()
    for at, mutant in enumerate(mine, 1):
        outcome, killer = tree.judge(mutant, given.quick)
        with RESULTS.open("a") as file:
            file.write(json.dumps(dict(id=mutant["id"], file=mutant["file"], outcome=outcome, killer=killer)) + "\n")
        left = (time.time() - start) / at * (len(mine) - at) / 60
        print(f"{at}/{len(mine)} {outcome:17}{mutant['id']} {mutant['file']}:{mutant['line']} {mutant['old'][:60]} -> {mutant['new'][:60]}"
              f"  {killer}  {left:.0f} min left", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
