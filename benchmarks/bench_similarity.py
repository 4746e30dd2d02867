"""`lrcourse similar` on simulated classes: how often honest work is named, how many copies are found, how fast.

    python benchmarks/bench_similarity.py [STUDENTS] [CLASSES]

An honest student answers from one of a few usual solutions, in words, names and order of their own, and errs in the
usual ways: a known wrong road, a rounding, a number misread, the text's numbers, a slip. A copier takes another's
work and changes nothing, the names, or names and comments. Real classes are less tidy than these.
"""

import random
import re
import sys
import time
from collections import Counter

import numpy as np

from lrcourse import exercises
from lrcourse.exercises import judge
from lrcourse.exercises.words import literal
from lrcourse.grading.model import read_assignment
from lrcourse.grading.similarity import LOOK, STRONG, Handed, compare_work

SECRET = b"a simulated class"
PEOPLE = {"lr": ["lr", "rate", "eta", "r", "value", "learning_rate", "out", "res", "result", "y"],
          "ang": ["angle", "ang", "phi", "theta", "x", "a", "arg", "phase"],
          "sc": ["scale", "s", "factor", "f", "w", "weight", "share", "c"],
          "fr": ["frac", "p", "progress", "u", "done", "tau", "part", "q"]}  # fmt: skip
REMARKS = [
    "the formula from the text", "see section 8.4", "half a cosine", "goes from max to min", "radians!",
    "check: t=0 gives the peak", "vectorised", "works for arrays", "linear part", "hold after the end",
    "as in the lecture", "TODO tidy up", "first the angle", "then scale it", "should be ok", "no loop needed",
    "same as pytorch",
]  # fmt: skip
USUAL = {
    "8.4.1": [
        "{ang} = np.pi * t / T_max\nreturn eta_min + (eta_max - eta_min) * (1 + np.cos({ang})) / 2",
        "{lr} = eta_min + (eta_max - eta_min) * (1 + np.cos(np.pi * t / T_max)) / 2\nreturn {lr}",
        "return eta_min + 0.5 * (eta_max - eta_min) * (1 + np.cos(np.pi * t / T_max))",
        "{fr} = t / T_max\n{sc} = 0.5 * (1 + np.cos(np.pi * {fr}))\nreturn eta_min + (eta_max - eta_min) * {sc}",
        "{fr} = np.asarray(t) / T_max\n{sc} = (1 + np.cos(np.pi * {fr})) / 2\n"
        "{lr} = eta_max * {sc} + eta_min * (1 - {sc})\nreturn {lr}",
    ],
    "8.3.1": [
        "return eta_0 + 0 * t",
        "return np.full_like(np.asarray(t, dtype=float), eta_0)",
        "{lr} = np.ones_like(np.asarray(t, dtype=float)) * eta_0\nreturn {lr}",
        "{fr} = np.asarray(t, dtype=float)\nreturn np.full({fr}.shape, eta_0)",
    ],
    "8.1.4": [
        "{fr} = np.clip(t / T, 0, 1)\nreturn end + (start - end) * (1 + np.cos(np.pi * {fr})) / 2",
        "if t >= T:\n    return end\n{ang} = np.pi * t / T\nreturn end + (start - end) * (1 + np.cos({ang})) / 2",
        "{fr} = min(t, T) / T\n{sc} = (1 + np.cos(np.pi * {fr})) / 2\n{lr} = end + (start - end) * {sc}\nreturn {lr}",
        "{ang} = np.pi * min(t, T) / T\nreturn start + (end - start) * (1 - np.cos({ang})) / 2",
    ],
    "8.7.2": [
        "if T_warmup == 0:\n    return 1.0\nreturn min(1.0, t / T_warmup)",
        "if t >= T_warmup:\n    return 1.0\nreturn t / T_warmup",
        "{sc} = 1.0 if t >= T_warmup else t / T_warmup\nreturn {sc}",
        "if t < T_warmup:\n    {fr} = t / T_warmup\nelse:\n    {fr} = 1.0\nreturn {fr}",
    ],
    "8.7.3": [
        "return rate * gamma ** t",
        "{lr} = rate * gamma ** t\nreturn {lr}",
        "{sc} = gamma ** t\nreturn rate * {sc}",
    ],
}


def styled(code, chance):
    """Code in a student's own names, with remarks of their own."""
    names = {what: chance.choice(words) for what, words in PEOPLE.items()}
    lines = code.format(**names).split("\n") if "{" in code else code.split("\n")
    told = []
    for line in lines:
        if chance.random() < 0.25:
            told.append(re.match(r"\s*", line)[0] + "# " + chance.choice(REMARKS))
        told.append(line)
    return "\n".join(told)


def answer_code(exercise, value, chance):
    """How a student writes an answer down."""
    if exercise.id in USUAL and callable(exercise.answer):
        body = styled(chance.choice(USUAL[exercise.id]), chance).replace("\n", "\n    ")
        return f"def {exercise.name}({exercise.signature}):\n    {body}\n"
    if chance.random() < 0.5 or isinstance(value, str | dict):
        return f"{exercise.name} = {literal(value) if not isinstance(value, dict) else value!r}\n"
    body = exercise.worked_text()
    for old in set(re.findall(r"^(\w+) =", body, re.MULTILINE)):
        body = re.sub(rf"\b{old}\b", chance.choice(chance.choice(list(PEOPLE.values()))), body)
    body = "\n".join(line if chance.random() < 0.3 else re.sub(r"\s*#.*", "", line) for line in body.split("\n"))
    given = "".join(f"{name} = {literal(number)}\n" for name, number in exercise.given.items())
    return f"{given}{body.replace('return ', f'{exercise.name} = ', 1)}\n" if "return " in body else f"{given}{body}\n"


def honest_value(exercise, chance):
    """An answer as an honest student gives it, with the usual errors."""
    wanted, roll = exercise.answer, chance.random()
    if callable(wanted) or roll < 0.62:
        return wanted
    if isinstance(wanted, str | dict):
        return wanted
    if roll < 0.74:
        return chance.choice(exercise.wrong_answers)
    if roll < 0.79:
        return _each(wanted, lambda v: float(f"{v:.2g}"))
    if roll < 0.87 and exercise.vary:
        return _misread(exercise, chance)
    if roll < 0.91:
        return exercises.get(exercise.id).answer
    if roll < 0.96:
        factor = chance.choice([10, 0.1, 100, -1, 2, 0.5])
        return _each(wanted, lambda v: v * factor)
    return _each(wanted, lambda v: v * (1 + chance.gauss(0, 0.3)))


def _misread(exercise, chance):
    """The right road with one number that is not one's own."""
    others = exercises.variant(exercise.id, str(chance.random()), b"anyone").given
    name = chance.choice(list(exercise.vary))
    try:
        return exercise.with_numbers({**exercise.given, name: others[name]}).answer
    except (ArithmeticError, ValueError):
        return exercise.answer


def _each(value, change):
    return [change(v) for v in value] if isinstance(value, list) else change(value)


def honest(assignment, student, chance):
    sources, answers = {}, {}
    for exercise in assignment.for_student(student, SECRET):
        value = honest_value(exercise, chance)
        sources[exercise.id] = answer_code(exercise, value, chance)
        answers[exercise.id] = None if callable(value) else value
    return handed(assignment, student, sources, answers)


def handed(assignment, student, sources, answers):
    """The work, judged for the student's own numbers."""
    drawn = assignment.for_student(student, SECRET)
    verdicts = {e.id: "right" if callable(e.answer) else judge(e, answers[e.id]).kind for e in drawn}
    return Handed(student, sources, answers, verdicts)


def copied(assignment, student, whose, disguise, chance):
    """Another's work under one's own name, with some of it changed."""
    sources = dict(whose.sources)
    if disguise:
        for id, source in sources.items():
            for words in PEOPLE.values():
                for word in set(words) & set(re.findall(r"\b\w+\b", source)):
                    source = re.sub(rf"\b{word}\b", chance.choice(words), source)
            sources[id] = re.sub(r"#.*", "", source) if disguise > 1 else source
    return handed(assignment, student, sources, whose.answers)


def simulate(name, students, seed, copies=0):
    """A class with so many copies in it; returns the work and who copied whom."""
    chance, assignment = random.Random(seed), read_assignment(name)
    work = [honest(assignment, f"s{seed}-{i}", chance) for i in range(students - copies)]
    pairs = {}
    for i in range(copies):
        whose = chance.choice(work[: students - copies])
        theirs = copied(assignment, f"c{seed}-{i}", whose, i % 3, chance)
        pairs[theirs.student] = (whose.student, i % 3)
        work.append(theirs)
    return assignment, work, pairs


def measure(name, students, classes):
    """False alarms in honest classes, and what is found where a tenth copies, by disguise."""
    wrong, found, there, seconds = Counter(), Counter(), Counter(), []
    for seed in range(classes):
        assignment, work, _ = simulate(name, students, seed)
        began = time.perf_counter()
        wrong.update(pair.level for pair in compare_work(assignment, work, SECRET).pairs)
        seconds.append(time.perf_counter() - began)
        assignment, work, pairs = simulate(name, students, 1000 + seed, students // 10)
        levels = {frozenset((p.a, p.b)): p.level for p in compare_work(assignment, work, SECRET).pairs}
        for who, (whose, disguise) in pairs.items():
            there[disguise] += 1
            found[disguise, levels.get(frozenset((who, whose)), "")] += 1
    return wrong, found, there, float(np.median(seconds))


def main(students=300, classes=3):
    for name in ("schedules_by_hand", "implement_and_compose"):
        wrong, found, there, seconds = measure(name, students, classes)
        print(f"{name}: {students} students in {seconds:.1f} s; {classes} honest classes: "
              f"{wrong[STRONG]} pairs named strong, {wrong[LOOK]} worth a look")  # fmt: skip
        for disguise, what in enumerate(("nothing changed", "names changed", "names changed, comments gone")):
            print(f"  copies, {what}: of {there[disguise]} {found[disguise, STRONG]} strong, "
                  f"{found[disguise, LOOK]} worth a look, {found[disguise, '']} not named")  # fmt: skip


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
