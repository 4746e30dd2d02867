"""Which question pays for what: a fault costs one, answers already given stay, and the rest is run without it."""

from __future__ import annotations

import pytest
from attacks.world import EVERYTHING

from lrcourse.grading.pool import Fault, Pool, Step
from lrcourse.grading.repair import Part, Work
from lrcourse.grading.running import OWN_FAILURES, SETUP, run, steps_of
from lrcourse.grading.sandbox.wire import decode

if not EVERYTHING:
    pytest.skip("what hangs takes its time: make test-grading runs these", allow_module_level=True)


@pytest.fixture(scope="module")
def pool(level):
    with Pool(level, 1.0) as started:
        yield started


def cells(*sources):
    """Steps from "a: code", question a's last cell, "a+ code", one of its earlier ones, and ": code", nobody's."""
    steps = [Step("run", SETUP, {"source": "import numpy as np"}, essential=True)]
    for number, told in enumerate(sources):
        name, last, source = told[:1].strip(":"), told[:2].endswith(":") or told[:1] == ":", told[2:].strip()
        steps.append(Step("run", name or f"\0own {number}", {"source": source}))
        if name and last:
            steps.append(Step("answer", name, {"name": name}))
    return steps


def got(results):
    return {name: ran.ended or decode(ran.told["value"]) for name, ran in results.answers.items()}


def test_all_is_well(pool):
    results = run(pool, cells(": h = 20", "a: a = h", "b: b = a + 1"))
    assert got(results) == {"a": 20, "b": 21} and not results.errors and not results.notes


@pytest.mark.parametrize("fault, how", [("while True: pass", "timeout"), ("import os; os._exit(1)", "crashed")])
def test_a_fault_costs_one_question_wherever_it_stands(pool, fault, how):
    for place in range(3):
        sources = ["a: a = 1", "b: b = 2", "c: c = 3"]
        sources[place] = f"{'abc'[place]}: {fault}"
        want = {"a": 1, "b": 2, "c": 3} | {"abc"[place]: how}
        assert got(run(pool, cells(*sources))) == want


def test_an_answer_given_stays_though_its_cell_fails_the_next_time(pool):
    """The second child runs a's cell again; that it hangs now, for its file is there, costs nothing."""
    fuse = "a: import time; a = 1; time.sleep(0.9)"
    results = run(pool, cells(fuse, "b: import os; os._exit(1)", "c: c = 3"))
    assert got(results) == {"a": 1, "b": "crashed", "c": 3}


def test_an_error_is_told_and_costs_nothing_else(pool):
    results = run(pool, cells("a: 1 / 0", "b: b = 2"))
    assert got(results) == {"a": ..., "b": 2}
    assert results.errors["a"][0] == "ZeroDivisionError"


def test_a_fuse_laid_by_one_question_does_not_cost_the_next(pool):
    fuse = "a: import sys, os; a = 1; sys.setprofile(lambda f, *_: f.f_code.co_name == 'hit' and os._exit(1))"
    results = run(pool, cells(fuse, "b: def hit(): return 2\nb = hit()", "c: c = 3"))
    assert got(results) == {"a": 1, "b": 2, "c": 3}
    assert any("b was run alone" in note for note in results.notes)


def test_memory_that_one_question_holds_does_not_cost_the_next(pool):
    hoard = "a: a = 1\nh = []\ntry:\n  while True: h.append(bytearray(1 << 25))\nexcept MemoryError: pass"
    results = run(pool, cells(hoard, "b: b = len(bytearray(1 << 27))"))
    assert got(results)["b"] == 1 << 27


def test_threads_do_not_reach_the_next_question(pool):
    late = "a: import threading, time\na = 1\ndef f():\n  while True: globals().update(b=0)\n"
    late += "threading.Thread(target=f, daemon=True).start()"
    assert got(run(pool, cells(late, "b: b = 2", "c: c = b"))) == {"a": 1, "b": 2, "c": 2}


def test_threads_in_half_an_answer(pool):
    half = "a+ import threading, time; threading.Thread(target=time.sleep, args=(99,), daemon=True).start()"
    assert got(run(pool, cells(half, "b: b = 2", "a: a = 1"))) == {"a": "threads", "b": 2}


def test_own_cells_that_hang_are_left_out_and_in_the_end_all_of_them(pool):
    results = run(pool, cells(*[": while True: pass"] * (OWN_FAILURES + 3), "a: a = 1"))
    assert got(results) == {"a": 1} and len(results.notes) == OWN_FAILURES


def test_own_cells_after_the_last_answer_are_not_waited_for(pool):
    assert got(run(pool, cells("a: a = 1", ": while True: pass"))) == {"a": 1}


def test_the_whole_has_an_end(pool, monkeypatch):
    monkeypatch.setattr("lrcourse.grading.running.WHOLE_SECONDS", 1.2)
    sources = [f"{name}: import time; time.sleep(0.7)" for name in "abcd"]
    assert set(got(run(pool, cells(*sources))).values()) >= {"late"}


def test_our_own_cell_that_fails_is_a_fault(pool):
    for source in ("1 / 0", "import os; os._exit(1)"):
        steps = [Step("run", SETUP, {"source": source}, essential=True), *cells("a: a = 1")[1:]]
        with pytest.raises(Fault, match="first cell"):
            run(pool, steps)


def test_a_function_is_asked_for_outcomes_and_nothing_of_what_is_expected():
    from lrcourse.exercises import get

    work = Work([Part("8.4.1", "x", True), Part("", "y")])
    _setup, cell, answer, own = steps_of("", work, {"8.4.1": get("8.4.1")}, 4.0)
    assert set(answer.told) == {"name", "signature", "calls", "seconds"} and cell.told == {"source": "x"}
    assert own.question.startswith("\0own")


def test_nothing_to_run_is_no_trouble(pool):
    assert got(run(pool, cells())) == {}
