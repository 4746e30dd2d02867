"""Similarity: copies are found, honest work is not named, own numbers are evidence, any text is survived."""

import importlib.util
import os
import random
from functools import cache
from pathlib import Path

import pytest
from office_class import SECRET

from lrcourse import exercises
from lrcourse.exercises import judge
from lrcourse.grading import page, similarity
from lrcourse.grading.model import Assignment
from lrcourse.grading.similarity import LOOK, STRONG, Found, Handed, Pair, compare_work, fingerprints, tokens
from lrcourse.grading.similarity_report import CAUTION, as_json, as_page, as_text, reasons

spec = importlib.util.spec_from_file_location(
    "bench_similarity", Path(__file__).resolve().parents[2] / "benchmarks" / "bench_similarity.py"
)
bench = importlib.util.module_from_spec(spec)
spec.loader.exec_module(bench)

EVERYTHING = "LRCOURSE_GRADING" in os.environ  # make test-grading
IDS = ("8.8.2", "8.8.4", "8.8.6", "8.7.1")
numbers = Assignment("numbers", IDS)


@cache
def own(student):
    return numbers.for_student(student, SECRET)


def answered(student, whose=None, sources=None, change=None):
    """A student who hands in the right answers to `whose` numbers, their own where nobody is named."""
    drawn = {e.id: e for e in own(student)}
    answers = {e.id: e.answer for e in own(whose or student)} | (change or {})
    verdicts = {id: judge(drawn[id], answer).kind for id, answer in answers.items()}
    return Handed(student, sources or {}, answers, verdicts)


def crowd(count=20):
    return [answered(f"honest{i}") for i in range(count)]


def named(found):
    return {frozenset((pair.a, pair.b)): pair.level for pair in found.pairs}


def test_answers_that_are_right_for_another_students_numbers_are_strong_evidence():
    found = compare_work(numbers, [*crowd(), answered("cyd", "honest7")], SECRET)
    assert named(found) == {frozenset(("cyd", "honest7")): STRONG}
    assert len(found.pairs[0].numbers) == len(IDS)


def test_right_answers_wrong_roads_and_the_texts_own_numbers_are_no_evidence():
    text = {id: exercises.get(id).answer for id in IDS}
    wrong = {e.id: e.wrong_answers[0] for e in own("dee")}
    work = [*crowd(), answered("cyd", change=text), answered("eve", change=text), answered("dee", change=wrong)]
    assert compare_work(numbers, work, SECRET).pairs == []


def test_one_such_answer_alone_names_nobody():
    theirs = {e.id: e.answer for e in own("honest3")}
    work = [*crowd(), answered("cyd", change={"8.8.2": theirs["8.8.2"]})]
    assert compare_work(numbers, work, SECRET).pairs == []


def test_shared_numbers_are_no_evidence_where_everyone_has_the_same():
    shared = Assignment("numbers", IDS, own_numbers=False)
    assert compare_work(shared, [answered("cyd", "honest7"), answered("honest7")], b"").pairs == []


def test_the_same_file_is_worth_a_look_where_something_is_answered_in_it_and_few_have_it():
    def handed(name, file, verdict="right"):
        return Handed(name, verdicts=dict.fromkeys(IDS, verdict), file=file)

    shared = Assignment("numbers", IDS, own_numbers=False)
    others = [handed(f"h{number}", f"{number}") for number in range(20)]
    found = compare_work(shared, [*others, handed("cyd", "x"), handed("dee", "x")], SECRET)
    assert named(found) == {frozenset(("cyd", "dee")): LOOK}
    assert reasons(found.pairs[0]) == ["both handed in the same file, byte for byte"]
    assert not compare_work(shared, [*others, handed("cyd", "x", "to do"), handed("dee", "x", "to do")], SECRET).pairs
    assert not compare_work(shared, [*others, *(handed(name, "x") for name in "abcd")], SECRET).pairs


def test_odd_answers_are_survived():
    odd = (None, "x", [], [1, 2, 3], float("nan"), float("inf"), True, {"a": 1}, 10**400, 1j, ...)
    wrong = dict.fromkeys(IDS, "wrong")
    strange = [Handed(f"odd{number}", {}, dict.fromkeys(IDS, each), wrong) for number, each in enumerate(odd)]
    assert compare_work(numbers, [*crowd(5), *strange], SECRET).pairs == []


CODE = """def answer_8_4_1(t, eta_max, eta_min, T_max):
    # my own way: turn the clock, then squeeze it into the two rates
    clock = np.pi * np.asarray(t, dtype=float) / T_max
    squeezed = np.cos(clock / 2) ** 2
    both = np.stack([eta_max * squeezed, eta_min * (1 - squeezed)])
    weird = sum(part for part in both)
    return weird if np.ndim(t) else float(weird)
"""


def test_a_rare_passage_is_found_and_marked_and_what_all_have_is_not():
    common = "def answer_8_4_1(t, eta_max, eta_min, T_max):\n    return eta_min + (eta_max - eta_min) * t\n"
    work = [Handed(f"h{i}", {"8.4.1": common}) for i in range(40)]
    two = [Handed(name, {"8.4.1": CODE, "8.1.4": CODE.replace("clock", "hand")}) for name in ("cyd", "dee")]
    found = compare_work(Assignment("a", ("8.4.1", "8.1.4"), own_numbers=False), [*work, *two], b"")
    assert named(found) == {frozenset(("cyd", "dee")): STRONG}
    assert found.pairs[0].lines["8.4.1"][0] >= {2, 3, 4}
    shown = as_page(found)
    assert "<mark>    clock = np.pi" in shown and page.POLICY in shown


@pytest.mark.parametrize(
    "source", ["", "\0", "'" * 10_000, "(" * 50_000, "é名\u202e" * 5_000, "a" * 10**6, '"""' * 3_001]
)
def test_any_text_can_be_read(source):
    list(tokens(source))
    fingerprints(source)


def test_new_names_and_spaces_leave_the_normal_form_as_it_is():
    one, other = ("rate = eta_max*t  # so\nreturn rate + 12", "r=eta_max * tt\nreturn r+3.5")
    assert [t for t, _, _ in tokens(one) if t] == [t for t, _, _ in tokens(other) if t]


@pytest.mark.parametrize("name", ["schedules_by_hand", "implement_and_compose"][: 2 if EVERYTHING else 1])
def test_no_honest_pair_of_a_simulated_class_is_called_strong(name):
    assignment, work, _ = bench.simulate(name, 150 if EVERYTHING else 12, seed=5)
    assert [pair for pair in compare_work(assignment, work, bench.SECRET).pairs if pair.level == STRONG] == []


@pytest.fixture(scope="module")
def copying_class():
    assignment, work, copies = bench.simulate("schedules_by_hand", 24, seed=6, copies=6)
    return assignment, work, copies, compare_work(assignment, work, bench.SECRET)


def test_copies_of_own_number_work_are_found_in_a_simulated_class(copying_class):
    _, _, copies, compared = copying_class
    levels = named(compared)
    found = [who for who, (whose, _) in copies.items() if levels.get(frozenset((who, whose)))]
    assert len(found) >= 4  # who copied mostly right roads to wrong answers may escape
    assert len(levels) <= 6 + 15  # those who copied the same work agree with each other too


def test_the_order_of_the_class_does_not_matter(copying_class):
    assignment, work, _, compared = copying_class
    turned = work[:]
    random.Random(1).shuffle(turned)
    assert compared.pairs and as_json(compared) == as_json(compare_work(assignment, turned, bench.SECRET))


def found_pair():
    pair = Pair("<b>ada</b>", "bob", [("8.8.2", "<b>ada</b>", "bob", 8.0), ("8.8.4", "<b>ada</b>", "bob", 9.0)])
    return Found("numbers", 40, True, [pair], {})


def test_the_report_is_careful_and_says_what_it_saw():
    text = as_text(found_pair())
    assert "2 answers are wrong for <b>ada</b>'s own numbers and right for bob's: 8.8.2, 8.8.4" in text
    assert CAUTION in " ".join(text.split()) and "not a finding of misconduct" in text
    lower = text.lower()
    assert not any(word in lower for word in ("cheat", "plagiar", "guilty", "stole"))
    shown = as_page(found_pair())
    assert "<b>ada" not in shown and "&lt;b&gt;ada" in shown


def test_nothing_found_says_so():
    assert "no pair agrees" in as_text(Found("numbers", 3, True, [], {}))


def test_the_bound_on_common_passages_keeps_large_classes_quick(monkeypatch):
    """Work grows with the number of pairs that share something rare, not with all pairs."""
    counted = []
    original = similarity._pair
    monkeypatch.setattr(similarity, "_pair", lambda *told: counted.append(1) or original(*told))
    work = [Handed(f"h{i}", {"8.4.1": CODE}) for i in range(300)]
    compare_work(Assignment("a", ("8.4.1",), own_numbers=False), work, b"")
    assert counted == []
