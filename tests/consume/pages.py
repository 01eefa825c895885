#!/usr/bin/env python3
"""Checks that the pages (README.md, here and in the folders, CONTRIBUTING.md, CHANGELOG.md) show only what is tested:
pages.py SOURCE_DIR COMPILER [PROGRAM].

A code block after a comment with the name of a file has the text of that file: for a program all of it but the comment
at its head, otherwise lines that stand in it in this order, those with a <placeholder> left out. A block after the
comment `painters plan` is what PROGRAM prints. The pictures of combinators and the table of plan texts are compiled.
Commands have only options that PROGRAM knows. Tables of presets, options and examples are complete, and links lead to
files and headings."""
import json
import pathlib
import re
import shlex
import subprocess
import sys

root, compiler = pathlib.Path(sys.argv[1]), sys.argv[2]
program = sys.argv[3] if len(sys.argv) > 3 else None
wrong = []
pages = {}
for pattern in ("*.md", "include/**/README.md", "cmake/README.md", "examples/**/README.md", "benchmarks/README.md"):
    for path in sorted(root.glob(pattern)):
        pages[path.relative_to(root)] = path.read_text(encoding="utf-8")


def page(name):
    return pages.get(pathlib.Path(name), "")


def check_block(place, name, block):
    file = root / name
    if not file.is_file():
        wrong.append(f"{place} names {name}: expected a file, found none")
    elif file.suffix == ".cpp":
        text = re.sub(r"\A(//[^\n]*\n)+", "", file.read_text(encoding="utf-8"))
        if text != block:
            wrong.append(f"the program in {place} is not that of {name}: copy it")
    else:
        lines = iter(file.read_text(encoding="utf-8").splitlines())
        for line in block.splitlines():
            if not re.search(r"<[a-z ]+>", line) and line not in lines:
                wrong.append(f"{place} has the line\n  {line}\nexpected it in {name} too, after the lines before it")


def check_output(place, block):
    command, expected = block.split("\n", 1)
    found = subprocess.run([program] + shlex.split(command)[2:], text=True, capture_output=True)
    if found.stdout != expected:
        wrong.append(f"{place} shows what `{command[2:]}` prints: expected\n{expected}found\n{found.stdout}{found.stderr}")


def assertions(place, pictures, texts):
    """Static assertions for the pictures and for the table of plan texts."""
    code = ["#include <painters/painters.hpp>", "using namespace painters;", "constexpr auto five = Sequence<5>{};"]
    count = 0
    for line in pictures.splitlines():
        found = re.match(r"\| (\S.*?\}\)?) +(?=\S*\d).*?\s{2,}(\S[^─]*)$", line)
        if found:
            code.append(f'static_assert((five | {found[1]}) == "{found[2]}"_plan, "{place}: {found[1]} is not {found[2]}");')
            count += 1
            # Where nothing runs side by side the picture names the layers in their order.
            layers = re.findall(r"\d", line[len(found[1]) + 2:line.rindex(found[2])])
            if "┼" not in line and "┤" not in line and "half" not in line:
                code.append(f'static_assert(calls(five | {found[1]}) == {len(layers)}, "{place}: the picture of {found[1]}");')
        elif line.startswith("|"):
            wrong.append(f"{place}: expected combinator, picture and plan in the line {line}")
    for row in re.findall(r"^\| (`.*?) \|", texts, flags=re.M):
        for plan in re.findall(r"`([^`]+)`", row):
            code.append(f'static_assert(calls(parse_plan("{plan}", 32)) <= 64, "{plan}");')
            count += 1
    if count < 25:
        wrong.append(f"{place}: expected pictures of combinators and a table of plan texts, found {count} plans in them")
    return "\n".join(code) + "\n"


def check_plans(name):
    pictures = re.search(r"<!-- pictures -->\n```\w*\n(.*?)```\n", page(name), flags=re.S)
    texts = re.search(r"<!-- plan texts, 32 layers -->\n(.*?)\n\n", page(name), flags=re.S)
    if not pictures or not texts:
        return wrong.append(f"{name}: expected the pictures of combinators and the table of plan texts, found not both")
    compiled = subprocess.run([compiler, "-std=c++20", "-fsyntax-only", f"-I{root}/include", "-x", "c++", "-"],
                              input=assertions(name, pictures[1], texts[1]), text=True, capture_output=True)
    if compiled.returncode != 0:
        wrong.append(compiled.stderr)


def check_table(name, what, expected):
    """The first cells of a table of the page name these things, and nothing else of that kind."""
    table = re.search(re.escape(what) + r".*?^(\|.*?)(?:\n\n|\Z)", page(name), flags=re.M | re.S)
    found = re.findall(r"^\| \[?`?(\w+)`?", table[1] if table else "", flags=re.M)[1:]
    for missing in sorted(set(expected) - set(found)):
        wrong.append(f"{name}: expected {missing} in the table under {what!r}, found no row of it: add one")
    for extra in sorted(set(found) - set(expected)):
        wrong.append(f"{name}: the table under {what!r} has {extra}, which does not exist: remove it")


def check_daily_tasks(test):
    """The right column of the README's table of daily tasks is code of a test."""
    table = re.search(r"\n\| in transformers.*\n\|---\|---\|\n((?:\|.*\n)+)", page("README.md"))
    rows = table.group(1).splitlines() if table else []
    if len(rows) < 15:
        wrong.append(f"README.md: expected a table of fifteen daily tasks, found {len(rows)}")
    for row in rows:
        for code in re.findall(r"`([^`]+)`", re.split(r"(?<!\\)\|", row)[2]):
            if code.replace("\\|", "|") not in test:
                wrong.append(f"README.md shows a daily task that no test runs: {code}")


def check_options(place, text):
    """Those of the commands in code, long form, are in the help of the command."""
    text = text.replace("\\\n", " ")
    commands = re.findall(r"^(?:\$ )?painters ([a-z]+) ([^\n]*)$", text, flags=re.M)
    commands += re.findall(r"`painters ([a-z]+) ([^`]*)`", text)
    for command, arguments in commands:
        for option in re.findall(r"(?<!\S)--[a-z-]+", re.sub(r'"[^"]*"', '""', arguments)):
            if option not in helps.setdefault(command, help_of(command)):
                wrong.append(f"{place}: painters {command} has no {option}: correct the command")


helps = {}


def help_of(command):
    found = subprocess.run([program, command, "--help"], text=True, capture_output=True)
    return set(re.findall(r"--[a-z-]+", found.stdout)) if found.returncode == 0 else set()


def anchors(text):
    """Of the headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", text, flags=re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


marked = 0
for place, text in pages.items():
    for name, block in re.findall(r"<!-- ([^\n]*) -->\n```\w*\n(.*?)```\n", text, flags=re.S):
        marked += 1
        if name == "painters plan":
            if program:
                check_output(place, block)
        elif name != "pictures":
            check_block(place, name, block)
    if program:
        check_options(place, text)
    prose = re.sub(r"`[^`\n]*`", "code", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S))
    for link in re.findall(r"\]\(([^):]+)\)", prose):
        target, _, anchor = link.partition("#")
        file = (root / place.parent / target).resolve() if target else (root / place).resolve()
        if not file.exists():
            wrong.append(f"{place} links to {link}: expected a file or folder, found none")
        elif anchor and anchor not in anchors(file.read_text(encoding="utf-8")):
            wrong.append(f"{place} links to {link}: expected a heading of that name, found none")
if marked < 8:
    wrong.append(f"expected eight marked blocks or more in the pages, found {marked}")

check_plans("include/painters/plan/README.md")
presets = json.loads((root / "CMakePresets.json").read_text(encoding="utf-8"))["configurePresets"]
check_table("cmake/README.md", "## Presets", [p["name"] for p in presets if not p.get("hidden")])
check_table("cmake/README.md", "## Options", re.findall(r"^(?:option|set)\((PAINTERS_\w+)", (
    root / "cmake/PaintersOptions.cmake").read_text(encoding="utf-8"), flags=re.M))
check_table("examples/README.md", "# Examples", [p.stem for p in root.glob("examples/[0-9]*.cpp")])
check_daily_tasks((root / "tests/front/daily_tasks_test.cpp").read_text(encoding="utf-8"))
readme = page("README.md").count("\n")
if readme > 250:
    wrong.append(f"README.md has {readme} lines, expected at most 250: move what one looks up to the pages that it links to")
if wrong:
    sys.exit("\n".join(wrong))
