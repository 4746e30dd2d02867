"""Stored results: current, reproducible in a slice, and saying what the course says they say."""

import ast

import numpy as np
import pytest

from lrcourse.lab import load
from lrcourse.lab import results as module
from lrcourse.lab.compare import shape
from lrcourse.lab.engine import train
from lrcourse.lab.fields import field, four
from lrcourse.lab.results import about, digest, names, stored
from lrcourse.lab.takeaways import takeaways


@pytest.mark.parametrize("name", names())
def test_every_result_is_stored_and_current(name):
    record = stored(name)
    assert record["digest"] == digest(name), f"out of date: python -m lrcourse.lab.results {name}"
    assert record["section"].startswith("8.") and about(name)


def test_nothing_is_stored_without_a_recipe():
    from importlib.resources import files

    kept = {file.name for file in files("lrcourse.lab.results").iterdir() if file.name.endswith(".json")}
    assert kept == {f"{name}.json" for name in names()}


@pytest.mark.parametrize(
    ("name", "schedules", "labels"),
    [("cosine_vs_constant", four, ["const", "linear"]), ("field_text_adam", field, ["const", "cosine"]),
     ("field_digits_sgd", field, ["WSD 20 %"])],
)  # fmt: skip
def test_a_slice_run_again_gives_the_stored_numbers(name, schedules, labels):
    found = load(name)
    rates = np.stack([found.peaks[k] * shape(schedules(found.steps)[k], found.steps) for k in labels])
    again = train(found.task, rates, found.seeds[:2], optimizer=found.optimizer, evaluate_at=[found.steps])
    expected = np.array([found.finals[k][:2] for k in labels]).T
    # Another processor rounds differently, and 1000 steps carry that on; its mean effect is small.
    np.testing.assert_allclose(again.final, expected, rtol=0.05)


def test_the_tree_ignores_words_and_layout_but_not_numbers():
    def tree(text):
        return module._tree(ast.parse(text))

    plain = tree("def f(x):\n    return x + 1\n")
    assert tree('def f(x):\n    """Words."""\n    # more words\n    return (x\n            + 1)\n') == plain
    assert tree("def f(x):\n    return x + 2\n") != plain and tree("def f(x):\n    return x - 1\n") != plain


def test_the_digest_depends_on_parameters_code_and_rates(monkeypatch):
    from lrcourse.lab.results.recipes import RECIPES, Recipe

    name = "cosine_vs_constant"
    before = digest(name)
    old = RECIPES[name]
    monkeypatch.setitem(RECIPES, name, Recipe(old.make, old.section, {**old.parameters, "seeds": 21}))
    assert digest(name) != before
    monkeypatch.setitem(RECIPES, name, Recipe(RECIPES["faster"].make, old.section, old.parameters))
    assert digest(name) != before
    monkeypatch.setitem(RECIPES, name, old)
    assert digest(name) == before
    monkeypatch.setattr(module, "_shared", lambda: "another engine")
    assert digest(name) != before


def test_unknown_names_are_refused():
    with pytest.raises(ValueError, match="there is no result 'x'; there are high_low_scheduled"):
        load("x")


# -- what the lessons say, as signs and intervals ----------------------------------------------------
def sign(pair):
    return int(pair[0] - pair[1] > 0) - int(pair[0] + pair[1] < 0)


def test_8_2_high_and_low_are_worse_than_the_best_and_a_same_peak_comparison_shows_anything():
    found = load("high_low_scheduled")
    assert found.ranking() == [["cosine"], ["best fixed"], ["low"], ["high"]]
    signs = [sign(pair) for pair in load("u_curves")["diff"]["cosine"]]
    assert signs[0] == 1 and signs[-1] == -1 and signs == sorted(signs, reverse=True)


def test_8_3_the_floor_is_where_theory_puts_it():
    found = load("noise_floor")
    for theory, (mean, half) in zip(found["theory"], found["measured"]["replace"], strict=True):
        assert abs(mean - theory) < half + 0.1 * theory  # the theory is of first order
    for replaced, shuffled in zip(found["measured"]["replace"], found["measured"]["shuffle"], strict=True):
        assert shuffled[0] + shuffled[1] < replaced[0] - replaced[1]
    for theory, (mean, half) in zip(found["bowl"]["theory"], found["bowl"]["measured"], strict=True):
        assert abs(mean - theory) < 2 * half


def test_8_3_a_fixed_rate_converges_where_noise_is_absent_or_dies_out():
    found = load("noiseless_and_realizable")
    assert found["no gradient noise"]["const"][-1] < 1e-12 and found["realizable"]["const"][-1] < 1e-12
    assert found["realizable"]["const"][-1] < found["realizable"]["cosine"][-1]
    assert found["noisy labels"]["const"][-1] > 1e-3 > 0
    limit = load("stability_limit")
    for share, loss in zip(limit["shares"], limit["loss"], strict=True):
        assert (loss[-1] < loss[0]) == (share < 1)


def test_8_4_and_8_5_what_the_tables_show():
    four = load("cosine_vs_constant")
    assert all(four.difference(label).sign == -1 for label in four.labels[1:])
    sgd, adam = load("field_text_sgd"), load("field_text_adam")
    for found in (sgd, adam):
        assert [found.gain(label).sign for label in ("WSD 20 %", "one cycle", "linear")] == [1, 1, 1]
        assert found.gain("exponential to 1 %").sign == -1
        assert len(found.ranking()[0]) >= 6
    assert len(load("field_digits_sgd").ranking()) == 1
    warmup = load("warmup_transformer")
    assert sign(warmup["diff"][-1][-1]) == -1 and sign(warmup["diff"][-1][0]) == 0


def test_8_6_sentence_by_sentence():
    five = load("five_percent")
    best = max(five.gain(label).high for label in five.labels[1:])
    assert 3 < best < 100 * (2.15 - 2.05) / 2.15  # less than the text's figure, and of its size
    horizon, batch = load("horizon"), load("batch_size")
    assert sign(horizon["adam"][0]) == -1 and sign(horizon["adam"][-1]) == 1
    assert [sign(pair) for pair in batch["sgd"]][-1] == -1
    rises = load("stability")["share of rises, %"]
    assert rises["validation"]["const"][0] - rises["validation"]["cosine"][0] > 10
    assert abs(rises["minibatch"]["const"][0] - rises["minibatch"]["cosine"][0]) < 10
    assert sign(load("averaging")["diff"]["averaged - const"]) == -1


def test_8_9_grades_follow_from_cells():
    grades = {item.claim: item.grade for item in takeaways()}
    assert grades["Scheduling adjusts the learning rate during training"] == "always"
    assert grades["Starts high, ends low"] == "sometimes"
    assert grades["Improves convergence and final performance"] == "sometimes"
    assert grades["Essential for optimal training"] == "false"
    assert set(grades.values()) <= {"always", "sometimes", "false"}
