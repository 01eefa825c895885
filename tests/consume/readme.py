#!/usr/bin/env python3
"""What README.md shows is what is tested: readme.py SOURCE_DIR COMPILER.

A code block after a comment with the name of a file has the text of that file: for a program all of it but the comment
at its head, otherwise lines that stand in it in this order, those with a <placeholder> left out. The pictures of
combinators and the table of plan texts are compiled. Links lead to files."""
import pathlib
import re
import subprocess
import sys

root, compiler = pathlib.Path(sys.argv[1]), sys.argv[2]
text = (root / "README.md").read_text(encoding="utf-8")
wrong = []


def blocks():
    """The files named by comments, and the blocks after them."""
    found = re.findall(r"<!-- ([^\n]*) -->\n```\w*\n(.*?)```\n", text, flags=re.S)
    if len(found) < 6:
        sys.exit(f"expected six marked blocks or more in README.md, found {len(found)}")
    return found


def check_block(name, block):
    file = root / name
    if not file.is_file():
        wrong.append(f"README.md names {name}: expected a file, found none")
    elif file.suffix == ".cpp":
        program = re.sub(r"\A(//[^\n]*\n)+", "", file.read_text(encoding="utf-8"))
        if program != block:
            wrong.append(f"the program in README.md is not that of {name}: copy it")
    else:
        lines = iter(file.read_text(encoding="utf-8").splitlines())
        for line in block.splitlines():
            if not re.search(r"<[a-z ]+>", line) and line not in lines:
                wrong.append(f"README.md has the line\n  {line}\nexpected it in {name} too, after the lines before it")


def assertions(pictures):
    """Static assertions for the pictures and for the table of plan texts."""
    code = ["#include <painters/painters.hpp>", "using namespace painters;", "constexpr auto five = Sequence<5>{};"]
    count = 0
    for line in pictures.splitlines():
        found = re.match(r"\| (\S.*?\}\)?) +(?=\S*\d).*?\s{2,}(\S[^─]*)$", line)
        if found:
            code.append(f'static_assert((five | {found[1]}) == "{found[2]}"_plan, "README.md: {found[1]} is not {found[2]}");')
            count += 1
            # Where nothing runs side by side the picture names the layers in their order.
            layers = re.findall(r"\d", line[len(found[1]) + 2:line.rindex(found[2])])
            if "┼" not in line and "┤" not in line and "half" not in line:
                code.append(f'static_assert(calls(five | {found[1]}) == {len(layers)}, "README.md: the picture of {found[1]}");')
        elif line.startswith("|"):
            wrong.append(f"README.md: expected combinator, picture and plan in the line {line}")
    table = text[text.index("## Plans as text"):]
    rows = [row for row in re.findall(r"^\| (`.*?) \|", table[:table.index("\n## ", 5)], flags=re.M)]
    for plan in (p for row in rows for p in re.findall(r"`([^`]+)`", row)):
        code.append(f'static_assert(calls(parse_plan("{plan}", 32)) <= 64, "{plan}");')
        count += 1
    if count < 25:
        wrong.append(f"README.md: expected pictures of combinators and a table of plan texts, found {count} plans in them")
    return "\n".join(code) + "\n"


for name, block in blocks():
    if name == "pictures":
        compiled = subprocess.run([compiler, "-std=c++20", "-fsyntax-only", f"-I{root}/include", "-x", "c++", "-"],
                                  input=assertions(block), text=True, capture_output=True)
        if compiled.returncode != 0:
            wrong.append(compiled.stderr)
    else:
        check_block(name, block)
for document in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
    prose = re.sub(r"^```.*?^```", "", (root / document).read_text(encoding="utf-8"), flags=re.M | re.S)
    for link in re.findall(r"\]\(([^)#:]+)\)", prose):
        if not (root / link).exists():
            wrong.append(f"{document} links to {link}: expected a file or folder, found none")
if wrong:
    sys.exit("\n".join(wrong))
