"""Exercises of section 8.8, schedule calculation: the text's five values, and the road back from rate to step."""

from math import acos, asin, cos, pi

from lrcourse.exercises import Documented, Exercise, Misconception

from .formulas import cosine


def _slip(angle=lambda t, T_max: pi * t / T_max, shape=lambda c: (1 + c) / 2, floor=True, spread=True):
    """A wrong cosine formula: with another angle, another shape, without the floor or the difference."""

    def rate(eta_max, eta_min, T_max, t):
        scale = shape(cos(angle(t, T_max)))
        return (eta_min if floor else 0.0) + (eta_max - (eta_min if spread else 0.0)) * scale

    return rate


def _from_the_top(eta_max, eta_min, T_max, t):
    return eta_max + (eta_max - eta_min) * (1 + cos(pi * t / T_max)) / 2


SLIPS = {
    "no floor": Misconception(
        _slip(floor=False), "You left the floor out: eta_min, the minimum, is added last, after the multiplication."
    ),
    "no difference": Misconception(
        _slip(spread=False),
        "You multiplied all of eta_max. The curve has only the way from eta_max down to eta_min to go: subtract "
        "first, and multiply the difference (the range) η_max - η_min, in code (eta_max - eta_min).",
    ),
    "neither": Misconception(
        _slip(floor=False, spread=False),
        "You worked as if eta_min, the floor (minimum), were 0. It stands in the formula twice.",
    ),
    "degrees": Misconception(
        _slip(angle=lambda t, T_max: 180 * t / T_max),
        "Your angle is in degrees, but cos on a computer takes radians: pi * t / T_max.",
    ),
    "line": Misconception(
        lambda eta_max, eta_min, T_max, t: eta_max + (eta_min - eta_max) * t / T_max,
        "That is the straight line (linear) from eta_max to eta_min. The cosine starts flat, so it is not on the line "
        "here.",
    ),
    "full period": Misconception(
        _slip(angle=lambda t, T_max: 2 * pi * t / T_max),
        "Your cosine runs through a full period (2π), or your angle is twice as large. Annealing uses half of a "
        "period: the angle goes from 0 to pi, where cos(pi) = -1.",
    ),
    "quarter period": Misconception(
        _slip(angle=lambda t, T_max: pi * t / T_max / 2),
        "Your angle reaches only pi/2 at T_max, a quarter of a period. It has to reach pi, where cos(pi) = -1, or "
        "the rate never gets to the floor.",
    ),
    "no pi": Misconception(_slip(angle=lambda t, T_max: t / T_max), "The angle is pi * t / T_max: the pi is missing."),
    "not halved": Misconception(
        _slip(shape=lambda c: 1 + c),
        "1 + cos lies between 0 and 2, twice too much. Halve it (/2, divide by 2), so that the scale lies between 0 "
        "and 1.",
    ),
    "half cosine": Misconception(
        _slip(shape=lambda c: 1 + c / 2),
        "You halved the cosine only. The bracket is (1 + cos) / 2, with the 1 halved as well.",
    ),
    "not shifted": Misconception(
        _slip(shape=lambda c: c),
        "You used the bare cosine, between -1 and 1, so a rate can be negative. Shift and halve it first: (1 + cos) / "
        "2 lies in [0, 1].",
    ),
    "only halved": Misconception(
        _slip(shape=lambda c: c / 2),
        "The 1 is missing: the scale is (1 + cos) / 2, not cos / 2. (At t = 0 also check that cos(0) = 1.)",
    ),
    "mirrored": Misconception(
        _slip(shape=lambda c: (1 - c) / 2),
        "That is the curve upside down: a rising rate, from the minimum to the maximum. Look at the sign of the "
        "cosine, and whether eta_max and eta_min are swapped.",
    ),
    "zero start": Misconception(
        lambda: 0.0,
        "A rate that starts at 0 is warmup's. Cosine annealing starts at its peak, the maximum: cos(0) = 1.",
    ),
    "halved twice": Misconception(
        lambda eta_max, eta_min, T_max, t: cosine(eta_max, eta_min, T_max, t) / 2,
        "That is half of the rate: halved once too often. (1 + cos) / 2 is halved already.",
        sometimes=True,
    ),
    "scale": Misconception(
        lambda T_max, t: (1 + cos(pi * t / T_max)) / 2,
        "That is the scale, (1 + cos) / 2, an intermediate result. Multiply it by eta_max - eta_min, and add eta_min.",
        sometimes=True,
    ),
    "bare": Misconception(
        lambda T_max, t: cos(pi * t / T_max),
        "That is the cosine itself, an intermediate result. Shift, halve and scale it: eta_min + (eta_max - eta_min) * "
        "(1 + cos) / 2.",
        sometimes=True,
    ),
    "unbracketed": Misconception(
        lambda eta_max, eta_min, T_max, t: eta_min + (eta_max - eta_min) * 1 + cos(pi * t / T_max) / 2,
        "Brackets (parentheses) are missing: `*` and `/` bind before `+` (precedence). Write (eta_max - eta_min) * "
        "(1 + cos) / 2.",
        sometimes=True,
    ),
    "from the top": Misconception(
        _from_the_top,
        "You started from eta_max. The floor, eta_min, is what the scaled cosine is added to.",
        sometimes=True,
    ),
    "sum": Misconception(
        lambda eta_max, eta_min, T_max, t: eta_min + (eta_max + eta_min) * (1 + cos(pi * t / T_max)) / 2,
        "A sign: the curve goes over the difference, eta_max minus eta_min; you added them.",
        sometimes=True,
    ),
    "halfway low": Misconception(
        _slip(angle=lambda t, T_max: 2 * pi * t / T_max),
        "You are at the floor (the minimum) already. Either your cosine ran through a full period (2π) instead of "
        "half of one, or the 1 in (1 + cos) / 2 was forgotten.",
    ),
}

_NICE = dict(
    eta_max=[0.001, 0.0015, 0.002, 0.0025, 0.003, 0.004, 0.005],
    eta_min=[0.00005, 0.0001, 0.0002, 0.0003],
    T_max=[2400, 3600, 4800, 6000, 7200, 8400, 9600, 12000],
)


#: Slips that some numbers hide, by the number of the exercise.
_ALL = ("scale", "unbracketed", "from the top", "sum", "halved twice")
_MORE = {
    1: ("unbracketed", "sum", "scale"),
    2: (*_ALL, "bare"),
    3: ("scale", "from the top", "sum", "halved twice"),
    4: (*_ALL, "bare"),
    5: ("unbracketed", "bare"),
}


def _value(number, t, slips, steps, documented, *, title, hints, worked, afterthought, difficulty=1):
    return Exercise(
        id=f"8.8.{number}",
        title=title,
        kind="number",
        question=(
            "A cosine annealing schedule has $\\eta_{max}$ = [[eta_max]], $\\eta_{min}$ = [[eta_min]] and "
            "$T_{max}$ = [[T_max]] steps.\n\nWhat is the learning rate at step $t$ = [[t]]?"
        ),
        given=dict(eta_max=0.002, eta_min=0.0001, T_max=5000, t=t),
        solution=cosine,
        documented=documented,
        misconceptions=[SLIPS[name] for name in [*slips, *_MORE[number]]],
        atol=1e-6,
        vary=_NICE | dict(t=steps),
        between=lambda eta_max, eta_min: (eta_min, eta_max),
        difficulty=difficulty,
        minutes=2,
        trains="putting numbers into the cosine formula",
        stub="the learning rate",
        hints=hints,
        worked=worked,
        afterthought=afterthought,
    )


_WORKED = """\
from math import cos, pi
angle = pi * t / T_max            # {angle}
scale = (1 + cos(angle)) / 2      # shifted and halved: {scale}
drop = eta_max - eta_min          # the way the rate can fall
return eta_min + drop * scale"""

_FORMULA = "rate = eta_min + (eta_max - eta_min) * (1 + cos(pi * t / T_max)) / 2."

start = _value(
    1,
    0,
    ["no floor", "no difference", "not halved", "half cosine", "only halved", "mirrored", "zero start"],
    [0],
    Documented(0.002, "section 8.8, step 1"),
    title="The first rate",
    hints=(
        "No time has passed. Where on its curve does a cosine begin?",
        _FORMULA + " At t = 0 the angle is 0.",
        "cos(0) = 1, so the scale (1 + 1) / 2 is 1. Now multiply, then add the floor.",
    ),
    worked=_WORKED.format(angle="no time has passed: 0", scale="1, the top of the curve"),
    afterthought="At t = 0 the scale is 1, so the floor cancels and eta_max is left: the first boundary "
    "condition of section 8.7.",
)

quarter = _value(
    2,
    1250,
    [
        "no floor",
        "no difference",
        "neither",
        "degrees",
        "line",
        "full period",
        "quarter period",
        "no pi",
        "not halved",
        "half cosine",
        "not shifted",
        "only halved",
        "mirrored",
    ],
    lambda T_max: [T_max // 4, T_max // 3, T_max // 6],
    Documented(
        0.001721,
        "section 8.8, step 2",
        "there 0.0019 × 0.8535 was cut to 0.001621; exactly it is 0.00172175, rounded 0.001722.",
    ),
    title="Early on the way down",
    difficulty=2,
    hints=(
        "What fraction of the way is done? The angle is the same fraction of pi.",
        _FORMULA,
        "angle = pi * t / T_max; scale = (1 + cos(angle)) / 2",
    ),
    worked=_WORKED.format(angle="the fraction of the way, times pi", scale="still near 1"),
    afterthought="So early, the cosine still lies above the straight line: it starts flat.",
)

half = _value(
    3,
    2500,
    ["no floor", "no difference", "neither", "degrees", "halfway low", "quarter period", "no pi", "not halved"],
    lambda T_max: [T_max // 2],
    Documented(0.00105, "section 8.8, step 3"),
    title="Halfway",
    hints=(
        "Half of the way is half of pi. What is the cosine of a right angle?",
        _FORMULA + " Here cos(pi/2) = 0.",
        "scale = (1 + 0) / 2 = 0.5: half of the way down, and then the floor.",
    ),
    worked=_WORKED.format(angle="pi/2, a right angle", scale="(1 + 0) / 2"),
    afterthought="Halfway the cosine meets the straight line: the mean of eta_max and eta_min.",
)

three_quarters = _value(
    4,
    3750,
    [
        "no floor",
        "no difference",
        "neither",
        "degrees",
        "line",
        "full period",
        "quarter period",
        "no pi",
        "not halved",
        "half cosine",
        "not shifted",
        "only halved",
        "mirrored",
    ],
    lambda T_max: [3 * T_max // 4, 2 * T_max // 3, 5 * T_max // 6],
    Documented(0.000378, "section 8.8, step 4", "rounded to six decimals from 0.000378249."),
    title="Late on the way down",
    difficulty=2,
    hints=(
        "More than half of the way is done, so the angle is past pi/2, where the cosine is negative.",
        _FORMULA,
        "angle = pi * t / T_max; cos(angle) is negative, so 1 + cos(angle) is less than 1.",
    ),
    worked=_WORKED.format(angle="past pi/2", scale="near 0, as the cosine is negative"),
    afterthought="The early and the late rate lie as far below eta_max as above eta_min: the curve is symmetric "
    "about its middle.",
)

end = _value(
    5,
    5000,
    ["no floor", "full period", "quarter period", "degrees", "not shifted", "only halved", "no pi"],
    lambda T_max: [T_max],
    Documented(0.0001, "section 8.8, step 5"),
    title="The end of the schedule",
    hints=(
        "All of the way is done: the angle is pi, the lowest point of the cosine.",
        _FORMULA + " Here cos(pi) = -1.",
        "scale = (1 - 1) / 2 = 0: what is left of the formula?",
    ),
    worked=_WORKED.format(angle="pi, all of the way", scale="(1 - 1) / 2 = 0"),
    afterthought="Training for T_max updates uses t = 0 to T_max - 1: this last value is where the curve ends, "
    "one step after the last update.",
)


def _when(eta_max, eta_min, T_max, eta):
    return T_max / pi * acos(2 * (eta - eta_min) / (eta_max - eta_min) - 1)


inverse = Exercise(
    id="8.8.6",
    title="From rate to step",
    kind="number",
    question=(
        "The same kind of schedule: $\\eta_{max}$ = [[eta_max]], $\\eta_{min}$ = [[eta_min]], "
        "$T_{max}$ = [[T_max]].\n\nAt which step has the rate come down to $\\eta$ = [[eta]]? Solve the formula "
        "for $t$; to the nearest step is enough."
    ),
    given=dict(eta_max=0.002, eta_min=0.0001, T_max=5000, eta=0.001),
    solution=_when,
    misconceptions=[
        Misconception(
            lambda eta_max, eta_min, T_max, eta: T_max * (eta_max - eta) / (eta_max - eta_min),
            "That is where the straight line (linear) has this rate. Undo the cosine with acos.",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max, eta: (
                T_max / pi * acos(max(-1.0, min(1.0, 2 * eta / (eta_max - eta_min) - 1)))
            ),
            "The floor is still in: take eta_min (η_min, the minimum) off the rate first, subtract it, then divide by "
            "(eta_max - eta_min).",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max, eta: T_max / pi * acos(2 * (eta - eta_min) / eta_max - 1),
            "You divided by eta_max. The rate falls by the difference (the range), eta_max - eta_min, in all: divide "
            "by that.",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max, eta: _when(eta_max, eta_min, T_max, eta) / 2,
            "Half of the step wanted: the angle at T_max is pi, not 2π (a full period), so divide by pi.",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max, eta: T_max / pi * acos((eta - eta_min) / (eta_max - eta_min)),
            "The scale is (1 + cos) / 2. To undo it, double and take 1 off (the shift) before acos: 2 · scale - 1.",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max, eta: T_max * acos(2 * (eta - eta_min) / (eta_max - eta_min) - 1),
            "That is the angle times T_max. The angle is pi * t / T_max: divide by pi as well.",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max, eta: _when(eta_max, eta_min, T_max, eta) / T_max,
            "That is the share of the way that is done. Multiply it by T_max to get the step.",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max, eta: _when(eta_max, eta_min, T_max, eta) * 180 / pi,
            "Your acos gave degrees, or you turned radians into degrees. In degrees divide by 180, in radians by pi.",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max, eta: T_max - _when(eta_max, eta_min, T_max, eta),
            "That is the mirror image, on the other side of the middle: a sign is wrong. A rate below the middle comes "
            "after halfway, one above it before; acos takes 2 · scale - 1, not 1 - 2 · scale.",
            sometimes=True,
        ),
        Misconception(
            lambda T_max: T_max / 2,
            "That is halfway, where the rate is the mean of eta_max and eta_min. Is it half of eta_max you thought of? "
            "The floor, eta_min (η_min), lifts the middle.",
            sometimes=True,
        ),
        Misconception(
            lambda eta_max, eta_min, T_max, eta: T_max * (1 - eta / eta_max),
            "You took the share of eta_max that is gone, as on a straight line (linear) to 0. Undo the cosine with "
            "acos.",
            sometimes=True,
        ),
        Misconception(
            lambda eta_max, eta_min, T_max, eta: 2 * _when(eta_max, eta_min, T_max, eta),
            "Twice the step wanted: the angle at T_max is pi, so divide by pi, not by pi/2.",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max, eta: T_max * (eta - eta_min) / (eta_max - eta_min),
            "That is the share of the way that is *left*, times T_max, as on a straight line (linear). Undo the cosine "
            "with acos.",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max, eta: T_max / pi * cos(2 * (eta - eta_min) / (eta_max - eta_min) - 1),
            "You took the cosine once more. To undo it take its inverse, acos (arccos).",
        ),
        Misconception(
            lambda eta_max, eta_min, T_max, eta: T_max / pi * asin(2 * (eta - eta_min) / (eta_max - eta_min) - 1),
            "You undid a sine. The inverse of the cosine is acos (arccos).",
            sometimes=True,
        ),
    ],
    atol=1.0,
    unit="steps",
    vary=_NICE
    | dict(eta=lambda eta_max, eta_min: [round(eta_min + k * (eta_max - eta_min) / 10, 6) for k in (2, 3, 4, 6, 7, 8)]),
    between=lambda T_max: (0, T_max),
    difficulty=3,
    minutes=5,
    points=2,
    trains="solving the cosine formula for the step",
    stub="the step t",
    hints=(
        "Undo the formula from the outside in: floor, difference, halving, shift, cosine, angle.",
        "scale = (eta - eta_min) / (eta_max - eta_min); cos(angle) = 2 * scale - 1; t = T_max * angle / pi.",
        "scale = (eta - eta_min) / (eta_max - eta_min)",
    ),
    worked="""\
from math import acos, pi
scale = (eta - eta_min) / (eta_max - eta_min)   # how much of the way is left
angle = acos(2 * scale - 1)                     # from scale = (1 + cos(angle)) / 2
return T_max * angle / pi                       # from angle = pi * t / T_max""",
    afterthought="Check it forwards: put your t into the formula and see the rate come out.",
)

EXERCISES = (start, quarter, half, three_quarters, end, inverse)
