"""A log of plausible answers, written by people who had only seen the questions.

Each line of wrong_answers.jsonl holds `exercise`, an answer, and `expected_diagnosis_keywords`: words of which at
least one should stand in what is said to it; a right answer has the one keyword "right". The answer is `answer`
(JSON), or `code` (source that defines a function called `answer`), or `python` (an expression, for what JSON
cannot hold, such as float("nan")).

Nothing wrong may be accepted and nothing right refused. At least four fifths must get the diagnosis that belongs
to them. Run this file with Python to see the table.
"""

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from lrcourse.exercises import get, judge

LOG = Path(__file__).with_name("wrong_answers.jsonl")
AIM = 0.8


def read_log():
    if not LOG.exists():
        return []
    return [json.loads(line) for line in LOG.read_text(encoding="utf-8").splitlines() if line.strip()]


def handed_in(entry):
    if "code" in entry:
        namespace = {"np": np}
        exec(entry["code"], namespace)
        return namespace["answer"]
    if "python" in entry:
        return eval(entry["python"], {"np": np})
    return entry["answer"]


def is_right(entry):
    return [word.casefold() for word in entry["expected_diagnosis_keywords"]] == ["right"]


def outcome(entry):
    """One of: accepted, refused (as they should be), diagnosed, undiagnosed, false accept, false reject."""
    verdict = judge(get(entry["exercise"]), handed_in(entry))
    if is_right(entry):
        return "accepted" if verdict.correct else "false reject", verdict
    if verdict.correct:
        return "false accept", verdict
    told = verdict.text.casefold()
    found = any(word.casefold() in told for word in entry["expected_diagnosis_keywords"])
    return ("diagnosed" if found else "undiagnosed"), verdict


log = pytest.mark.skipif(not LOG.exists(), reason="the log of answers is not written yet")


@log
def test_nothing_wrong_is_accepted_and_nothing_right_refused():
    seen = [(outcome(entry), entry) for entry in read_log()]
    assert [(entry, verdict) for (kind, verdict), entry in seen if kind.startswith("false")] == []


@log
def test_the_log_is_long_and_most_of_it_gets_its_own_diagnosis():
    kinds = Counter(outcome(entry)[0] for entry in read_log())
    wrong = kinds["diagnosed"] + kinds["undiagnosed"]
    assert wrong >= 150
    assert kinds["diagnosed"] / wrong >= AIM, kinds


if __name__ == "__main__":
    counts = Counter()
    for entry in read_log():
        kind, verdict = outcome(entry)
        counts[kind] += 1
        if kind not in ("accepted", "diagnosed"):
            shown = entry.get("code") or entry.get("python") or entry.get("answer")
            print(f"{kind}: {entry['exercise']} {shown!r} {entry['expected_diagnosis_keywords']}\n    {verdict.text}")
    print(dict(counts))
