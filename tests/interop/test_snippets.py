"""What the appendix shows is short, and what it draws of the bugs is what happened. No framework needed."""

import ast

import numpy as np
import pytest

from lrcourse.interop import snippets
from lrcourse.schedules import CosineAnnealing, Fixed, MultiStep, StepDecay

MEANT = {"discard": CosineAnnealing(0.1, 50), "plot": MultiStep(0.1, [15, 30], 0.5), "resume": CosineAnnealing(0.1, 50),
         "nested": Fixed(0.025).until(4) >> Fixed(0.05).until(4) >> StepDecay(0.1, 6, 0.5)}


def test_all_scripts_are_there():
    assert {name for name in snippets.NAMES if name.startswith("with_")} == {
        "with_pytorch", "with_lambda", "with_optax", "with_keras", "with_huggingface"}
    assert set(snippets.RECORDED) == {f"{kind}_{bug}" for kind in ("bug", "fix") for bug in MEANT}


@pytest.mark.parametrize("name", [name for name in snippets.NAMES if name.startswith("with_")])
def test_nine_lines_beside_the_imports(name):
    body = ast.parse(snippets.code(name).text).body
    lines = [line for node in body if not isinstance(node, ast.Import | ast.ImportFrom)
             for line in range(node.lineno, node.end_lineno + 1)]
    assert len(lines) <= 9


@pytest.mark.parametrize("bug", MEANT)
def test_the_fix_gives_what_was_meant_and_the_bug_does_not(bug):
    wrong, right = (np.array(snippets.recorded(f"{kind}_{bug}")) for kind in ("bug", "fix"))
    meant = MEANT[bug].values(len(right))
    np.testing.assert_allclose(right, meant, rtol=1e-14)
    assert np.abs(wrong - meant).max() > 0.02


def test_what_goes_wrong_in_each_bug():
    bug = {name: np.array(snippets.recorded(f"bug_{name}")) for name in MEANT}
    np.testing.assert_allclose(bug["discard"], MEANT["discard"].values(50) / 100, rtol=1e-12)  # 1 % of the rate
    np.testing.assert_array_equal(bug["plot"], 0.025)  # what was left at the end of the plot
    too_high = 0.1 / MEANT["resume"](20)  # it goes on from the full rate, and stays too high by this factor
    np.testing.assert_allclose(bug["resume"][20:], MEANT["resume"].values(50)[20:] * too_high, rtol=1e-9)
    np.testing.assert_allclose(bug["nested"][:8], [0.025] * 3 + [0.05] * 5)  # one update early


def test_an_unknown_name_is_refused():
    with pytest.raises(ValueError, match="name must be one of bug_discard, "):
        snippets.code("with_tensorflow")
    assert snippets.recorded_with().startswith("PyTorch 2.")
    assert "<pre" in snippets.code("bug_plot")._repr_html_() and "&gt;" in snippets.code("fix_nested")._repr_html_()
