"""What a learner may hand in, and what is said to it."""

import subprocess
import sys
import threading
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from lrcourse.exercises import calling, check, get, hint, judge, show_solution

ROOT = Path(__file__).resolve().parents[2]


class Hostile:
    """Raises whatever is asked of it, and equals everything."""

    def __eq__(self, other):
        return True

    __hash__ = None

    def __getattr__(self, name):
        raise RuntimeError(name)

    def __repr__(self):
        raise RuntimeError

    def __float__(self):
        raise RuntimeError


RIGHT = [
    0.00172175,
    0.001722,
    0.001721,
    np.float64(0.00172175),
    np.float32(0.00172175),
    np.array(0.00172175),
    Fraction(172175, 10**8),
    Decimal("0.00172175"),
]


@pytest.mark.parametrize("answer", RIGHT, ids=repr)
def test_right_answers_to_8_8_2(answer):
    verdict = check("8.8.2", answer)
    assert verdict.correct and bool(verdict)
    assert verdict.text.startswith("8.8.2 right: 0.00172175. ")
    assert "0.001721 (section 8.8, step 2)" in verdict.text
    assert "cut" in verdict.text


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [
        (..., "to do", "to do"),
        (None, "type", "None"),
        ("0.001", "type", "Without the quotation marks"),
        ("0,001", "type", "a point instead of the comma"),
        ("0.17 %", "type", "percent"),
        ("high", "type", "'high'"),
        (True, "type", "yes or no"),
        (np.bool_(False), "type", "yes or no"),
        (0.001 + 0j, "type", "complex"),
        (float("nan"), "not finite", "NaN"),
        (np.nan, "not finite", "NaN"),
        (float("inf"), "not finite", "infinite"),
        (10**400, "not finite", "infinite"),
        ([0.00172175], "type", "answer[0]"),
        (np.array([0.00172175]), "type", "answer[0]"),
        ((0, 1722), "type", "0.5, not 0,5"),
        ([0.1, 0.2, 0.3], "type", "3 values"),
        ({"t": 1}, "type", "dictionary"),
        ({0.1}, "type", "curly"),
        (lambda t: t, "type", "f(t)"),
        (float, "type", "still to be called"),
        (object(), "type", "of type object"),
        (b"0.001", "type", "of type bytes"),
        (Hostile, "type", "Hostile"),
        (0.0017218, "right", "0.00172175"),
        (0.00172, "near", "right to 3 digits"),
        (0.0017, "near", "right to 2 digits"),
        (0.0016, "misconception", "floor"),
        (0.00162, "misconception", "floor"),
        (0.001622, "misconception", "floor"),
        (0.00155, "misconception", "degrees"),
        (0.00181, "misconception", "eta_max - eta_min"),
        (0.001525, "misconception", "straight line"),
        (1.722, "unit", "1000 times too large"),
        (0.172175, "unit", "percent"),
        (0.000172175, "unit", "10 times too small"),
        (-0.001722, "wrong", "sign"),
        (580.8, "wrong", "upside down"),
        (0.002, "wrong", "that is eta_max"),
        (0.0005, "wrong", "not yet"),
        (7.0, "wrong", "cannot be"),
        (0, "wrong", "cannot be"),
    ],
    ids=lambda value: None if not isinstance(value, str) else value[:20],
)
def test_answers_to_8_8_2(answer, kind, said):
    verdict = check("8.8.2", Hostile() if answer is Hostile else answer)
    assert verdict.kind == kind, verdict
    assert said in verdict.text
    assert verdict.correct == (kind == "right")
    assert repr(verdict) == str(verdict)
    assert repr(verdict).split() == verdict.text.split()
    assert all(len(line) <= 88 for line in repr(verdict).splitlines())


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [
        ([1e-3, 1e-4, 1e-4, 1e-5], "right", "right"),
        ((1e-3, 1e-4, 1e-4, 1e-5), "right", ""),
        (np.array([1e-3, 1e-4, 1e-4, 1e-5]), "right", ""),
        ({999: 1e-3, 1000: 1e-4, 1999: 1e-4, 2000: 1e-5}, "type", "in a list with square brackets"),
        ([..., ..., ..., ...], "to do", "to do"),
        ([1e-3, ..., ..., ...], "type", "Number 2 of your list still has"),
        ([1e-3, "1e-4", 1e-4, 1e-5], "type", "Number 2 of your list is the text"),
        ([1e-3, float("nan"), 1e-4, 1e-5], "not finite", "Number 2"),
        ([1e-3, 1e-4, 1e-4], "shape", "3 numbers, too few"),
        ([1e-3] * 5, "shape", "too many"),
        (np.ones((2, 2)), "shape", "2 × 2"),
        (1e-3, "shape", "4 (four) are asked for"),
        (np.array(1e-3), "shape", "4 (four) are asked for"),
        ([[1e-3, 1e-4, 1e-4, 1e-5]], "shape", "nested"),
        ("1e-3, 1e-4", "type", "in a list"),
        (None, "type", "None"),
        ({1e-3, 1e-4, 1e-5}, "type", "no order"),
        ((x for x in [1, 2, 3, 4]), "type", "generator"),
        (Hostile, "type", "Hostile"),
        ([1e-3, 1e-3, 1e-4, 1e-4], "misconception", "AT t = s"),
        ([1e-3, 1e-3, 1e-4, 1e-5], "misconception", "AT t = s"),
        ([1e-5, 1e-4, 1e-4, 1e-3], "wrong", "reverse"),
        ([1e-4, 1e-3, 1e-5, 1e-4], "wrong", "another order"),
        ([0.01, 0.001, 0.001, 0.0001], "unit", "10 times too large"),
        ([1, 0.1, 0.1, 0.01], "misconception", "eta_0"),
        ([1e-3, 1e-4, 1e-4, 7e-5], "wrong", "number 4"),
    ],
    ids=lambda value: None if not isinstance(value, str) else value[:20],
)
def test_lists_of_numbers(answer, kind, said):
    verdict = check("8.5.1", Hostile() if answer is Hostile else answer)
    assert verdict.kind == kind, verdict
    assert said in verdict.text


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [
        (4603, "right", "4603"),
        (4603.0, "right", ""),
        (np.int64(4603), "right", ""),
        (4602, "misconception", "Round up"),
        (4602.87, "wrong", "whole number"),
        (4604, "wrong", "one too many"),
        (4606, "misconception", "log"),
        (2302, "misconception", "loss"),
    ],
)
def test_whole_numbers(answer, kind, said):
    verdict = check("8.2.2", answer)
    assert verdict.kind == kind, verdict
    assert said in verdict.text


@pytest.mark.parametrize("answer", ["b", "B", " b)", "(b)", "b.", get("8.6.2").options["b"]])
def test_a_choice_may_be_written_in_many_ways(answer):
    assert check("8.6.2", answer).correct


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [
        ("a", "misconception", "term by term"),
        ("z", "type", "not one of the choices"),
        (2, "type", "letter"),
        (["b"], "type", "letter"),
        (None, "type", "letter"),
    ],
)
def test_choices(answer, kind, said):
    verdict = check("8.6.2", answer)
    assert verdict.kind == kind, verdict
    assert said in verdict.text


FATES = {"0.5": "monotone", "1": "one step", "1.5": "oscillating", "2": "perpetual", "2.5": "diverging"}


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [
        (FATES, "right", ""),
        (list(FATES.values()), "type", "is a list. Keep the dictionary"),
        ({0.5: "Monotone", 1: " one step", 1.5: "oscillates", 2.0: "perpetual", 2.5: "diverges"}, "right", ""),
        (dict.fromkeys(FATES, ...), "to do", ""),
        ({**FATES, "2": ...}, "shape", "Still open, missing or left out: 2."),
        ({k: v for k, v in FATES.items() if k not in ("1", "2")}, "shape", "Still open, missing or left out: 1 and 2."),
        ({**FATES, "2": "oscillating"}, "misconception", "|1 - 2| = 1"),
        ({**FATES, "2": "oscillating"}, "misconception", "(4 of 5 are right.)"),
        ({**FATES, "2": "converges"}, "type", "not one of the categories"),
        ({**FATES, "0.5": "diverging"}, "misconception", "factor is +0.5"),
        (dict.fromkeys(FATES, "diverging"), "misconception", "(1 of 5 are right.)"),
        ("monotone", "type", "dictionary"),
        (None, "type", "dictionary"),
        ({**FATES, "2": object()}, "type", "not one of the categories"),
    ],
)
def test_classifications(answer, kind, said):
    verdict = check("8.3.2", answer)
    assert verdict.kind == kind, verdict
    assert said in verdict.text


def cosine(t, eta_max, eta_min, T_max):
    return eta_min + (eta_max - eta_min) * (1 + np.cos(np.pi * t / T_max)) / 2


def mutating(t, eta_max, eta_min, T_max):
    if isinstance(t, np.ndarray):
        t *= 1
        t[0] += 1
    return cosine(t, eta_max, eta_min, T_max)


def printing(t, eta_max, eta_min, T_max):
    print("so far so good")
    return cosine(t, eta_max, eta_min, T_max)


def scalar_only(t, eta_max, eta_min, T_max):
    import math

    return eta_min + (eta_max - eta_min) * (1 + math.cos(math.pi * t / T_max)) / 2


def yielding(t, eta_max, eta_min, T_max):
    yield t


def endless(t, eta_max, eta_min, T_max):
    while True:
        try:  # noqa: SIM105
            t = t + 1
        except:  # noqa: E722
            pass


def recursive(t, eta_max, eta_min, T_max):
    return recursive(t, eta_max, eta_min, T_max)


def leaving(t, eta_max, eta_min, T_max):
    sys.exit(3)


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [
        (cosine, "right", "right"),
        (printing, "right", "right"),
        (lambda *a: cosine(*a).tolist(), "right", ""),
        (lambda t, eta_max, eta_min, T_max, extra=1: cosine(t, eta_max, eta_min, T_max), "right", ""),
        (lambda *a: ..., "to do", "write the function"),
        (..., "to do", "write the function"),
        (0.5, "type", "def …(t, eta_max, eta_min, T_max)"),
        (None, "type", "NoneType"),
        (lambda t: t, "call", "its own line says otherwise: f(t)"),
        (lambda *a: None, "type", "without `return`"),
        (lambda *a: print(1), "type", "None"),
        (lambda *a: "0.5", "type", "the text '0.5'"),
        (lambda *a: float("nan"), "not finite", "NaN"),
        (lambda *a: [None], "type", "something else than numbers"),
        (lambda *a: 1 / 0, "call", "ZeroDivisionError: division by zero"),
        (lambda *a: undefined_name, "call", "NameError"),  # noqa: F821
        (mutating, "call", "changed its input"),
        (scalar_only, "misconception", "np.cos takes arrays"),
        (lambda *a: float(cosine(*a)), "misconception", "Right for one step"),
        (yielding, "type", "return` instead of `yield"),
        (recursive, "call", "calls itself without end"),
        (leaving, "call", "SystemExit"),
        (lambda *a: np.ones(3), "shape", "a single number"),
        (lambda *a: np.round(cosine(*a), 5), "near", "Don't round inside"),
        (lambda *a: 2 * cosine(*a), "wrong", "every value is 2 times what it should give"),
        (lambda *a: 0.1 + cosine(*a), "wrong", "every value is too large"),
        (lambda *a: np.sin(a[0]), "wrong", "and should give"),
        (lambda *a: Hostile(), "type", "Hostile"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_functions(answer, kind, said, capsys):
    verdict = check("8.4.1", answer)
    assert verdict.kind == kind, verdict
    assert said in verdict.text
    assert capsys.readouterr().out == ""


@pytest.fixture
def short_patience(monkeypatch):
    monkeypatch.setattr(calling, "SECONDS", 0.2)


def test_a_function_without_end_is_stopped(short_patience):
    verdict = check("8.4.1", endless)
    assert verdict.kind == "call"
    assert "did not end within 0.2 seconds" in verdict.text


def test_it_is_stopped_in_another_thread_too(short_patience):
    verdicts = []

    def loop(t, eta_max, eta_min, T_max):
        while True:
            t = t + 1

    thread = threading.Thread(target=lambda: verdicts.append(check("8.4.1", loop)))
    thread.start()
    thread.join(10)
    assert "did not end" in verdicts[0].text


def test_the_alarm_of_others_is_left_as_it_was():
    import signal

    if not hasattr(signal, "setitimer"):
        pytest.skip("no alarms here")
    rung = []
    before = signal.signal(signal.SIGALRM, lambda *_: rung.append(True))
    try:
        signal.setitimer(signal.ITIMER_REAL, 30)
        check("8.4.1", cosine)
        left, _ = signal.setitimer(signal.ITIMER_REAL, 0)
        assert 25 < left <= 30
        assert signal.getsignal(signal.SIGALRM) is not before
    finally:
        signal.signal(signal.SIGALRM, before)


def test_the_learners_own_interrupt_is_let_through():
    def stopped(t, eta_max, eta_min, T_max):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check("8.4.1", stopped)


def test_a_function_that_needs_an_array_meets_its_own_misconception():
    verdict = check("8.3.1", lambda t, eta_0: [eta_0] * len(t))
    assert verdict.kind == "misconception"
    assert "len()" in verdict.text


def test_a_function_with_a_memory_is_told_so_however_often_it_was_called():
    rate = [2.0]

    def decay(t):
        rate[0] *= 0.9
        return rate[0]

    assert "Calling it changes it" in check("8.7.3", decay).text
    again = check("8.7.3", decay).text
    assert "calling it changes it: f(0) gave" in again and "and later" in again


@pytest.mark.parametrize("id", ["8.8.22", "8.10.1", "nonsense", "", 8.8, None, ["8.8.2"]])
def test_an_unknown_id_says_which_are_near(id):
    for verdict in (check(id, 1), hint(id)):
        assert verdict.kind == "unknown"
        assert "8." in verdict.text


def test_near_ids_are_really_near():
    assert "8.8.2" in check("8.8.22", 1).text


def test_a_class_of_their_own_reaches_the_same_judgement():
    """An answer is judged alike with and without the notebook around it."""
    exercise = get("8.8.2")
    assert judge(exercise, 0.0016).text == check("8.8.2", 0.0016).text


def test_a_solution_that_drifts_is_an_error():
    shown = show_solution("8.8.2", 0.00172175)
    assert shown.correct
    page = shown._repr_html_()  # folded, so that Run All gives nothing away
    assert page.startswith("<details><summary>") and "0.00172175" not in page.partition("</summary>")[0]
    assert "0.00172175" in page.partition("</summary>")[2]
    with pytest.raises(AssertionError, match=r"solution of 8\.8\.2"):
        show_solution("8.8.2", 0.0016)


def test_without_the_answer_key_it_says_so_kindly(tmp_path):
    """As installed from a wheel: the package alone, and some other folder called exercises beside it."""
    (tmp_path / "lrcourse").symlink_to(ROOT / "lrcourse")
    script = (
        "from lrcourse.exercises import check, hint, progress, show_solution\n"
        "print(check('8.8.2', 0.0017)); print(hint('8.8.2')); print(progress()); print(show_solution('8.8.2', 0.5))"
    )
    for other in (None, tmp_path / "exercises"):
        if other:
            other.mkdir()
        # -P and -I keep the repository off the path, which an editable install would put there
        run = [sys.executable, "-I", "-S", "-c", f"import sys; sys.path[:0] = {[str(tmp_path), *_site()]!r}\n{script}"]
        out = subprocess.run(run, capture_output=True, text=True, timeout=60)
        assert out.returncode == 0, out.stderr
        assert out.stdout.count("your teacher's grader marks the answers") == 3
        assert "8.8.2 solution: 0.5" in out.stdout


def _site():
    """The folders that hold NumPy and its like, without this repository."""
    return [p for p in sys.path if "site-packages" in p or "dist-packages" in p]
