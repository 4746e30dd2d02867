"""The forms of the site that check answers: right, wrong, odd, and silent about what is right."""

import json
import math
import re

import pytest

from lrcourse.exercises import all_exercises

CHECKED = [one for one in all_exercises() if not callable(one.answer)]


@pytest.fixture(scope="module")
def checking(site, browser):
    """A page for each notebook, opened when first asked for."""
    context, pages = browser.new_context(offline=True), {}

    def opened(exercise):
        section = exercise.section
        if section not in pages:
            (path,) = site[0].glob(f"{section}_*.html")
            pages[section] = context.new_page()
            pages[section].goto(path.as_uri())
        return pages[section]

    yield opened
    context.close()


def typed(answer):
    return ", ".join(map(repr, map(float, answer))) if isinstance(answer, (list, tuple)) else repr(float(answer))


def answered(page, exercise, answer):
    """Give an answer to the page's form and return the verdict."""
    form = page.locator(".check-form", has=page.get_by_role("button", name=f"Check {exercise.id}", exact=True))
    if isinstance(answer, dict):
        for i, kind in enumerate(answer.values()):
            form.locator("select").nth(i).select_option(kind)
    elif isinstance(answer, str):
        form.locator("select").select_option(answer)
    else:
        form.locator("input").fill(typed(answer))
    form.get_by_role("button").click()
    verdict = form.locator(".verdict").element_handle()
    page.wait_for_function("(one) => /^[✓✗]/.test(one.textContent)", arg=verdict)
    said = verdict.text_content()
    verdict.evaluate("(one) => { one.textContent = '' }")
    return said


@pytest.mark.parametrize("exercise", CHECKED, ids=lambda one: one.id)
def test_the_answer_is_right_and_wrong_roads_are_named(checking, exercise):
    page = checking(exercise)
    assert answered(page, exercise, exercise.answer).startswith("✓ Right")
    if isinstance(exercise.answer, dict):
        wrong = {item: next(c for c in exercise.categories if c != kind) for item, kind in exercise.answer.items()}
        assert answered(page, exercise, wrong).startswith("✗ Not yet: 0 of")
        return
    for value, found in zip(exercise.wrong_answers, exercise.misconceptions):
        numbers = value if isinstance(value, list) else [value]
        if isinstance(value, str) or all(math.isfinite(float(v)) for v in numbers):
            said = answered(page, exercise, value)
            assert said.startswith("✗") and " ".join(found.message.split()) in " ".join(said.split())
            break


@pytest.mark.parametrize("exercise", [one for one in CHECKED if one.four_digits], ids=lambda one: one.id)
def test_four_digits_are_enough_as_the_question_says(checking, exercise):
    answer = exercise.answer
    rounded = [float(f"{v:.4g}") for v in answer] if isinstance(answer, list) else float(f"{answer:.4g}")
    assert answered(checking(exercise), exercise, rounded).startswith("✓ Right")


@pytest.mark.parametrize("exercise", CHECKED, ids=lambda one: one.id)
def test_the_form_does_not_tell_the_answer(checking, exercise):
    """Neither the answer nor the words that go with it stand in what the page holds for checking."""
    page = checking(exercise)
    raw = page.content()
    sheets = [one for one in re.findall(r'data-sheet="([^"]*)"', raw)]
    mine = [one for one in sheets if f'"{exercise.id}"' in one.replace("&quot;", '"')]
    assert len(mine) == 1
    sheet = json.loads(mine[0].replace("&quot;", '"').replace("&amp;", "&").replace("&#x27;", "'"))
    for found in exercise.misconceptions:
        assert found.message not in json.dumps(sheet, ensure_ascii=False)
    if isinstance(exercise.answer, float) and exercise.answer:
        numbers = [float(x) for x in re.findall(r"-?\d+\.\d+(?:e-?\d+)?", mine[0])]
        assert all(abs(x / exercise.answer - 1) > 1e-3 for x in numbers)


@pytest.mark.parametrize(("text", "said"), [
    ("", "Type your answer"), ("abc", "no number"), ("0,5", "with a point"), ("0,001", "with a point"),
    ("50%", "percent"), ("50 %", "percent"), ("0.002 nats", "Leave out the unit: 0.002."),
    ("0x10", "no number"), ("1e999", "no number"),
    ("1/3", "no number"), ("NaN", "no number"), ("Infinity", "no number"), ("1e-3", "✗ Not yet"), (".5", "✗ Not yet"),
    ("123456", "✗ Not yet"), ("10 000", "✗ Not yet")])
def test_what_is_no_answer_is_told(checking, text, said):
    exercise = next(one for one in CHECKED if one.id == "8.8.2")
    page = checking(exercise)
    form = page.locator(".check-form", has=page.get_by_role("button", name="Check 8.8.2", exact=True))
    form.locator("input").fill(text)
    form.locator("input").press("Enter")
    page.wait_for_function("([one, said]) => one.textContent.includes(said)",
                           arg=[form.locator(".verdict").element_handle(), said])


def test_commas_between_numbers_and_in_them_are_told_apart(checking):
    exercise = next(one for one in CHECKED if one.id == "8.6.4")
    page = checking(exercise)
    form = page.locator(".check-form", has=page.get_by_role("button", name="Check 8.6.4", exact=True))
    verdict = form.locator(".verdict").element_handle()
    for text, said in (("0,02; -0,015; 0,055", "with a point"), ("0,02, -0,015", "you gave 4. Decimals have a point"),
                       ("0.02nats, 1, 2", "Leave out the unit: 0.02."), ("0.02, x, 2", "no number")):
        form.locator("input").fill(text)
        form.locator("input").press("Enter")
        page.wait_for_function("([one, said]) => one.textContent.includes(said)", arg=[verdict, said])
    mean, low, high = exercise.answer
    for text in (f"[{mean}, {low}, {high}]", f"({mean}; {low}; {high})", f"{mean} {low} {high}".replace("-", "−")):
        form.locator("input").fill(text)
        form.locator("input").press("Enter")
        page.wait_for_function("(one) => one.textContent.startsWith('✓')", arg=verdict)
        verdict.evaluate("(one) => { one.textContent = '' }")


def test_the_last_answer_has_the_last_word(checking):
    """A wrong answer takes longer to check than a right one given right after it."""
    exercise = next(one for one in CHECKED if one.id == "8.8.2")
    page = checking(exercise)
    form = page.locator(".check-form", has=page.get_by_role("button", name="Check 8.8.2", exact=True))
    form.locator("input").fill("123456")
    form.locator("input").press("Enter")
    form.locator("input").fill(repr(exercise.answer))
    form.locator("input").press("Enter")
    verdict = form.locator(".verdict")
    page.wait_for_function("(one) => /^[✓✗]/.test(one.textContent)", arg=verdict.element_handle())
    page.wait_for_timeout(1_500)
    assert verdict.text_content().startswith("✓")


def test_a_wrong_road_is_named_though_rounded(checking):
    exercise = next(one for one in CHECKED if one.id == "8.8.2")
    value, found = exercise.wrong_answers[0], exercise.misconceptions[0]
    rounded = float(f"{value:.3g}")
    assert rounded != value
    assert " ".join(found.message.split()) in " ".join(answered(checking(exercise), exercise, rounded).split())
