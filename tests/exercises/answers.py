#!/usr/bin/env python3
"""answers.py > answers.cpp

One program of all answers to the exercises, so that the headers are read once: the solutions in this folder, and each
answer of answers.txt in place of a solution's own lines, in a namespace of its own. `answers` lists them, a line each
with tabs between: number of the exercise, name, "right" or "wrong", what the check should say. `answers 7` runs the
seventh, from 0."""

import pathlib
import re

FOLDER = pathlib.Path(__file__).parent
OWN_LINES = re.compile(r"(\n *// Your lines here.*?\n).*?( *// End of your lines)", re.DOTALL)


def solution(number):
    (path,) = FOLDER.glob(f"{number}_*.cpp")
    return path.read_text()


def given(text):
    """Exercise, name, right or not, what is said, lines."""
    for block in re.split(r"^== ", text, flags=re.MULTILINE)[1:]:
        heading, *lines = block.strip().split("\n")
        number, name = heading.split(" ", 1)
        said = [line[6:] for line in lines if line.startswith("says: ")]
        code = [line for line in lines if line != "right" and not line.startswith("says: ")]
        yield number, name, "right" in lines, said, "\n".join(code) + "\n"


def main():
    answers = [(str(n), "the solution", True, [], solution(n)) for n in range(1, 9)]
    for number, name, right, said, lines in given((FOLDER / "answers.txt").read_text()):
        program = OWN_LINES.sub(lambda match: match[1] + lines + match[2], solution(number))
        answers.append((number, name, right, said, program))
    includes = sorted({line for *_, program in answers for line in program.split("\n") if line.startswith("#include")})
    print("// Made by answers.py.", *includes, "#include <iostream>", sep="\n")
    rows = []
    for k, (number, name, right, said, program) in enumerate(answers):
        body = re.sub(r"^#include.*\n", "", program, flags=re.MULTILINE)
        body = body.replace("\nint main() {", "\nint run() {")
        print(f"namespace answer_{k} {{  // {name}\n{body}}}")
        row = "\t".join([number, name, "right" if right else "wrong", *said])
        rows.append(f"  {{R\"({row})\", answer_{k}::run}},")
    print("struct Answer { const char* row; int (*run)(); };", "const Answer answers[] = {", *rows, "};", sep="\n")
    print("int main(int count, char** words) {")
    print("  if (count > 1) return answers[std::stoi(words[1])].run();")
    print("  for (const Answer& answer : answers) std::cout << answer.row << '\\n';\n}")


main()
