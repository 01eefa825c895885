#!/usr/bin/env python3
"""Checks the evaluation suite in examples/suite: format, size, balance, limits of length, duplicates.

Usage: check_suite.py [FOLDER]. Prints every fault with its file and line; the exit status is 1 if there is any.
No program can tell whether an answer is *right*; this one finds the slips that a reader overlooks.
"""
import collections
import itertools
import json
import pathlib
import re
import sys

MIN_ITEMS = 130
MAX_SHARE_OFF = 0.05  # how far the share of a gold position may be from even
MAX_JACCARD = 0.2  # of the word 5-grams of two items; independent items share almost none
MAX_LONGEST = 0.15  # by how much picking the longest choice may beat chance

faults = []


def fault(where, text):
    faults.append(f"{where}: {text}")


def words(text):
    return text.split()


def require(condition, where, text):
    if not condition:
        fault(where, text)
    return condition


def is_text(value):
    return isinstance(value, str) and value != "" and value == value.strip() and "  " not in value


def has_fields(item, fields, where):
    return require(isinstance(item, dict) and set(item) == set(fields), where, f"expects exactly the fields {sorted(fields)}")


def check_choices(choices, count, where):
    """True for a list of `count` different texts."""
    good = isinstance(choices, list) and len(choices) == count and all(map(is_text, choices))
    good = good and len({choice.lower() for choice in choices}) == count
    return require(good, where, f"expects {count} different choices without stray spaces")


# Each checker returns (text that must be unique, choices, gold index) or None after a fault.


def check_lambada(item, where):
    if not has_fields(item, ["text"], where) or not require(is_text(item["text"]), where, "stray or missing spaces"):
        return None
    count = len(words(item["text"]))
    require(25 <= count <= 70, where, f"{count} words, expects 25 to 70")
    require(re.search(r"\S [^\W\d_]+$", item["text"]), where, "must end with one plain word after a single space")
    return item["text"], None, None


def check_arc(item, where):
    if not has_fields(item, ["id", "question", "choices", "answerKey"], where):
        return None
    if not has_fields(item["choices"], ["text", "label"], where) or not check_choices(item["choices"]["text"], 4, where):
        return None
    require(item["choices"]["label"] == list("ABCD"), where, "labels must be A, B, C, D")
    if not require(item["answerKey"] in list("ABCD"), where, "answerKey must be one of the labels"):
        return None
    require(is_text(item["question"]) and item["question"].endswith("?"), where, "the question must end with a question mark")
    require(len(words(item["question"])) <= 25, where, "the question has more than 25 words")
    return item["question"] + " " + item["choices"]["text"]["ABCD".index(item["answerKey"])], item["choices"]["text"], "ABCD".index(item["answerKey"])


def check_hellaswag(item, where):
    fields = ["ind", "activity_label", "ctx_a", "ctx_b", "ctx", "endings", "label", "split", "source_id"]
    if not has_fields(item, fields, where) or not check_choices(item["endings"], 4, where):
        return None
    if not require(type(item["label"]) is int and 0 <= item["label"] < 4, where, "label must be 0, 1, 2 or 3"):
        return None
    require(item["ctx"] == item["ctx_a"] + " " + item["ctx_b"], where, "ctx must be ctx_a, a space and ctx_b")
    require(all(is_text(item[key]) for key in ["activity_label", "ctx_a", "ctx_b"]), where, "stray or missing spaces")
    require(len(words(item["ctx"])) <= 35, where, "the context has more than 35 words")
    require(all(len(words(ending)) <= 16 for ending in item["endings"]), where, "an ending has more than 16 words")
    require(item["split"] == "val", where, "split must be val")
    return item["ctx"] + " " + item["endings"][item["label"]], item["endings"], item["label"]


def check_winogrande(item, where):
    if not has_fields(item, ["sentence", "option1", "option2", "answer"], where):
        return None
    options = [item["option1"], item["option2"]]
    if not check_choices(options, 2, where) or not require(item["answer"] in ["1", "2"], where, "answer must be 1 or 2"):
        return None
    if not require(is_text(item["sentence"]) and item["sentence"].count("_") == 1, where, "expects one _ in the sentence"):
        return None
    before, after = item["sentence"].split("_")
    require(len(words(after)) >= 2, where, "expects at least two words after the blank: they are what is scored")
    require(len(words(item["sentence"])) <= 25, where, "the sentence has more than 25 words")
    for option in options:
        require(option.lower() in before.lower(), where, f"'{option}' is not named before the blank")
    return item["sentence"], options, int(item["answer"]) - 1


def five_grams(text):
    tokens = re.findall(r"\w+", text.lower())
    return {tuple(tokens[i : i + 5]) for i in range(len(tokens) - 4)}


def check_duplicates(unique, task):
    """unique: (line, text). Short texts without a 5-gram are compared as a whole."""
    lines = collections.defaultdict(list)
    grams = {}
    for line, text in unique:
        lines[re.sub(r"\W+", " ", text.lower()).strip()].append(line)
        grams[line] = five_grams(text)
    for same in lines.values():
        require(len(same) == 1, f"{task}.jsonl:{same[-1]}", f"the same text as line {same[0]}")
    for (a, grams_a), (b, grams_b) in itertools.combinations(grams.items(), 2):
        shared = len(grams_a & grams_b)
        if shared and shared / len(grams_a | grams_b) > MAX_JACCARD:
            fault(f"{task}.jsonl:{b}", f"nearly the same as line {a}")


def check_balance(gold, choices, task):
    """No position and no length may give the answer away."""
    count = len(choices[0])
    for position in range(count):
        share = gold.count(position) / len(gold)
        require(abs(share - 1 / count) <= MAX_SHARE_OFF, task, f"choice {position + 1} is right in {share:.0%} of the items")
    if count > 2:
        lengths = [([len(text) for text in item], right) for item, right in zip(choices, gold)]
        hits = sum((each[right] == max(each)) / each.count(max(each)) for each, right in lengths) / len(gold)
        require(hits <= 1 / count + MAX_LONGEST, task, f"who picks the longest choice is right in {hits:.0%} of the items")


def check_task(folder, task, check):
    unique, choices, gold, ids = [], [], [], []
    path = folder / f"{task}.jsonl"
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        where = f"{path.name}:{number}"
        try:
            item = json.loads(line)
        except json.JSONDecodeError as error:
            fault(where, f"not JSON: {error}")
            continue
        result = check(item, where)
        if result is None:
            continue
        unique.append((number, result[0]))
        ids += [item[key] for key in ["id", "source_id"] if key in item]
        if result[1] is not None:
            choices.append(result[1])
            gold.append(result[2])
    require(len(unique) >= MIN_ITEMS, task, f"{len(unique)} good items, expects at least {MIN_ITEMS}")
    require(len(set(ids)) == len(ids), task, "an id occurs twice")
    check_duplicates(unique, task)
    if gold:
        check_balance(gold, choices, task)
    print(f"{task}: {len(unique)} items")


def main():
    default = pathlib.Path(__file__).resolve().parents[2] / "examples" / "suite"
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else default
    tasks = {"lambada": check_lambada, "arc": check_arc, "hellaswag": check_hellaswag, "winogrande": check_winogrande}
    for task, check in tasks.items():
        check_task(folder, task, check)
    for text in faults:
        print(text, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
