"""Exercises of section 8.2, why do we need scheduling?"""

from math import ceil, log

from lrcourse.exercises import Exercise, Misconception

limit = Exercise(
    id="8.2.1",
    title="How high is too high?",
    kind="number",
    question="Gradient descent on $\\tfrac{1}{2}\\lambda x^2$ multiplies $x$ by $1 - \\eta\\lambda$ at every step. "
    "The curvature is $\\lambda$ = [[lam]].\n\nWhich learning rate is the limit: below it $x$ shrinks to 0, above "
    "it $x$ grows without end?",
    given=dict(lam=10),
    solution=lambda lam: 2 / lam,
    misconceptions=[
        Misconception(
            lambda lam: 1 / lam,
            "At 1/λ the factor 1 - ηλ is 0: the minimum in one step, at once. That is the fastest rate, not the "
            "limit; the limit is twice as high, where the factor is -1.",
        ),
        Misconception(
            lambda lam: 2.0 * lam,
            "Upside down (inverted): a sharper valley (larger λ) allows less. Divide by λ: 2/λ, not 2 · λ.",
        ),
        Misconception(
            lambda lam: lam / 2, "Upside down (inverted): solve 1 - ηλ = -1 for η, and λ ends up below: divide 2 by λ."
        ),
        Misconception(
            lambda lam: 2 / lam**0.5,
            "The gradient of λx²/2 is λx, with λ itself, not its square root: solve 1 - ηλ = -1.",
        ),
        Misconception(
            lambda lam: 4 / lam,
            "There the factor is -3, and x triples in size at every step. The limit is where its size is 1.",
        ),
        Misconception(
            lambda: 2.0,
            "That is the product ηλ at the limit. The rate η itself is asked for: divide by λ.",
        ),
        Misconception(
            lambda lam: float(lam),
            "That is λ itself, multiplied by nothing. Solve 1 - ηλ = -1 for η.",
        ),
        Misconception(
            lambda lam: 1 / (2 * lam),
            "There the factor 1 - ηλ is still 1/2. At the limit it is -1: ηλ = 2, so the 2 stands above, not below.",
        ),
        Misconception(
            lambda lam: -2 / lam,
            "The size is right, the sign is not: a negative rate would climb. 1 - ηλ = -1 gives ηλ = +2.",
        ),
        Misconception(
            lambda: 0.0,
            "At η = 0 the factor is +1: that is the lower limit, where x does not move at all. The upper one is where "
            "1 - ηλ = -1.",
        ),
    ],
    vary=dict(lam=[2, 4, 5, 8, 16, 20, 25, 40, 50, 80, 100, 125, 200]),
    trains="the stability limit of gradient descent",
    stub="the learning rate at the limit",
    hints=(
        "x shrinks as long as the factor it is multiplied by is between -1 and 1.",
        "|1 - eta * lam| < 1; the limit is where 1 - eta * lam = -1.",
        "1 - eta * lam = -1, so eta * lam = 2.",
    ),
    worked="""\
# x is multiplied by 1 - eta * lam. Its size stays the same where that is -1:
# 1 - eta * lam = -1, so eta * lam = 2.
return 2 / lam""",
    afterthought="So 0.001 is neither high nor low in itself: it depends on the curvature.",
)

slow = Exercise(
    id="8.2.2",
    title="How slow is too slow?",
    kind="number",
    question="A low rate: $\\eta\\lambda$ = [[product]], so each step of gradient descent multiplies $x$ by "
    "$1 - \\eta\\lambda$.\n\nHow many steps does it take until $x$ is at most 1/[[shrink]] of what it was?",
    given=dict(product=0.001, shrink=100),
    solution=lambda product, shrink: ceil(log(shrink) / -log(1 - product)),
    misconceptions=[
        Misconception(
            lambda product, shrink: int(log(shrink) / -log(1 - product)),
            "Nearly there, but one too few: after that many steps x is still just above, a little too large. Round up "
            "(ceil), one more step.",
        ),
        Misconception(
            lambda product, shrink: ceil(log(shrink) / product),
            "You replaced log(1 - ηλ) by -ηλ. That is close, an approximation, but not exact: use the logarithm of 1 "
            "- ηλ.",
        ),
        Misconception(
            lambda product, shrink: round(shrink / product),
            "x does not fall by the same amount each step (linear, subtracting) but is multiplied by the same factor: "
            "take logarithms.",
        ),
        Misconception(
            lambda product, shrink: round((1 - 1 / shrink) / product),
            "That would be a straight line down (linear), the same amount each step. x is multiplied, so the steps "
            "get smaller as x does: take logarithms.",
        ),
        Misconception(
            lambda product, shrink: ceil(log(shrink) / -log(1 - product) / 2),
            "That is when the loss, x², the square, has shrunk so far; x itself has only come down to the root of it "
            "(for 1/100, to a tenth, 1/10). The question is about x.",
        ),
        Misconception(
            lambda product, shrink: round(log(shrink, 10) / -log(1 - product)),
            "You mixed two logarithms, base 10 (log10) above and base e (natural, ln) below. Use the same for both.",
        ),
        Misconception(
            lambda product, shrink: round(1 / product),
            "That many steps shrink x to 1/e = 37 % of what it was (an e-fold), not to the fraction asked for.",
        ),
        Misconception(
            lambda product, shrink: ceil(2 * log(shrink) / -log(1 - product)),
            "That is twice the answer: for the square of the fraction. x is multiplied by 1 - ηλ once a step, so "
            "nothing is squared.",
        ),
        Misconception(
            lambda product, shrink: ceil(log(2) / -log(1 - product)),
            "That is the half-life: x is halved. It has to shrink to the fraction asked for of what it was.",
        ),
        Misconception(
            lambda product, shrink: ceil(log(shrink - 1) / -log(1 - product)),
            "The fraction left is 1/shrink, so its logarithm is log(shrink), not log(shrink - 1).",
            sometimes=True,
        ),
        Misconception(
            lambda product, shrink: ceil(log(1 - 1 / shrink) / log(1 - product)),
            "That is when 1/shrink has been taken off. 1/shrink is what must be left: the logarithm of 1/shrink.",
        ),
        Misconception(
            lambda product, shrink: ceil(log(shrink) / log(1 + product)),
            "That is for growth, 1 + ηλ. x shrinks: the factor of a step is 1 - ηλ.",
        ),
    ],
    unit="steps",
    vary=dict(product=[0.001, 0.002, 0.004, 0.005, 0.008], shrink=[20, 50, 100, 200, 500, 1000]),
    difficulty=2,
    minutes=4,
    points=2,
    trains="geometric decay and logarithms",
    stub="a whole number of steps",
    hints=(
        "After n steps x has been multiplied n times by the same factor.",
        "(1 - product)**n <= 1 / shrink; take logarithms on both sides.",
        "n >= log(shrink) / -log(1 - product), and n is whole.",
    ),
    worked="""\
from math import ceil, log
# (1 - product)**n <= 1 / shrink  <=>  n * -log(1 - product) >= log(shrink)
n = log(shrink) / -log(1 - product)
return ceil(n)            # the first whole step that is far enough""",
    afterthought="A rate at the fastest value, ηλ = 1, would have needed one step: that is what a low rate costs.",
)

noise_floor = Exercise(
    id="8.2.3",
    title="The floor that noise leaves",
    kind="number",
    question="Stochastic gradient descent on $\\tfrac{1}{2}\\lambda x^2$: each gradient carries noise of standard "
    "deviation $\\sigma$. The rate stays at $\\eta$ = [[eta]]; $\\lambda$ = [[lam]], $\\sigma$ = [[sigma]].\n\n"
    "At which mean *loss* does the run settle?",
    given=dict(eta=0.1, lam=1, sigma=1),
    solution=lambda eta, lam, sigma: eta * sigma**2 / (2 * (2 - eta * lam)),
    misconceptions=[
        Misconception(
            lambda eta, sigma: eta * sigma**2 / 4,
            "That is the approximation for a small η: below the line stands 2 - ηλ (from 1 - (1 - ηλ)²), not 2.",
        ),
        Misconception(
            lambda eta, lam, sigma: eta * sigma**2 / (2 - eta * lam),
            "The half (1/2) of ½λx² is missing: that is λ times the mean of x², λ E[x²].",
        ),
        Misconception(
            lambda eta, sigma: eta * sigma**2 / 2,
            "The factor is squared: E[x²] shrinks by (1 - ηλ)², so that 1 - (1 - ηλ)² = ηλ(2 - ηλ) stands below.",
        ),
        Misconception(
            lambda eta, lam, sigma: lam * eta**2 * sigma**2 / 2,
            "That is the noise of the last step alone. Older noise is still there, shrunk a little at each step.",
        ),
        Misconception(
            lambda eta, lam, sigma: eta**2 * sigma**2 / (2 * (2 - eta * lam)),
            "One η too many above: the η² of the noise is divided by ηλ(2 - ηλ), so one η cancels.",
        ),
        Misconception(
            lambda eta, lam, sigma: sigma**2 / (2 * (2 - eta * lam)),
            "One η is missing above: the noise is multiplied by the rate before it reaches x.",
        ),
        Misconception(
            lambda eta, lam, sigma: eta * sigma**2 / (2 * (1 - eta * lam)),
            "Below the line stands 2 - ηλ. (It must be 0 at the limit ηλ = 2, where the run no longer settles.)",
        ),
        Misconception(
            lambda: 0.0,
            "Without noise, yes. With noise every step moves x a little, so the mean loss never gets to 0: it stays "
            "on a floor.",
        ),
        Misconception(
            lambda eta, lam, sigma: (eta * sigma**2 / (lam * (2 - eta * lam))) ** 0.5,
            "That is the spread (standard deviation) of x, the root of E[x²]. The loss is λ/2 times the square: don't "
            "take the root.",
            sometimes=True,
        ),
        Misconception(
            lambda eta, lam, sigma: eta * sigma**2 / (4 * (2 - eta * lam)),
            "Halved once too often: the loss is λ E[x²] / 2, with E[x²] = ησ² / (λ(2 - ηλ)).",
        ),
        Misconception(
            lambda eta, lam, sigma: eta * sigma**2 / (2 * (2 + eta * lam)),
            "A sign: 1 - (1 - ηλ)² is ηλ(2 - ηλ), with a minus, so 2 - ηλ stands below.",
        ),
        Misconception(
            lambda eta, lam, sigma: eta * sigma**2 / (2 * lam * (2 - eta * lam)),
            "That is half of E[x²]. The loss is ½λx², so multiply by λ: it cancels.",
            sometimes=True,
        ),
        Misconception(
            lambda eta, lam, sigma: lam * eta * sigma**2 / (2 * (2 - eta * lam)),
            "One λ too many: the loss is λ E[x²] / 2, and E[x²] has λ below, so it cancels.",
            sometimes=True,
        ),
        Misconception(
            lambda sigma: sigma**2 / 2,
            "That is half the noise's own variance. The rate is missing: it decides how much of the noise reaches x.",
            sometimes=True,
        ),
    ],
    vary=dict(eta=[0.05, 0.1, 0.15, 0.2, 0.25, 0.3], lam=[1, 2, 3], sigma=[0.5, 1, 2]),
    difficulty=2,
    minutes=4,
    points=2,
    trains="the noise floor",
    stub="the mean loss",
    hints=(
        "In the settled state E[x²] is the same before and after a step.",
        "E = (1 - eta*lam)**2 * E + eta**2 * sigma**2, and the loss is lam * E / 2.",
        "E = eta**2 * sigma**2 / (1 - (1 - eta * lam)**2)",
    ),
    worked="""\
# settled: E[x²] is the same before and after a step,
# E = (1 - eta*lam)**2 * E + eta**2 * sigma**2
E = eta**2 * sigma**2 / (1 - (1 - eta * lam) ** 2)
return lam * E / 2""",
    afterthought="No patience helps: only a smaller rate lowers this floor. That is the case for scheduling in one "
    "number.",
)

settle = Exercise(
    id="8.2.4",
    title="How long until a drop pays?",
    kind="number",
    question="The same noisy bowl, $\\lambda$ = 1. A run has settled at a high rate, and now the rate drops to "
    "[[low]]. E[x²] comes down to its new floor: each step multiplies the *excess* above it by $(1 - \\eta)^2$.\n\n"
    "After how many steps is at most 1/[[shrink]] of the excess left?",
    given=dict(high=0.1, low=0.01, shrink=100),
    solution=lambda low, shrink: ceil(log(shrink) / (-2 * log(1 - low))),
    misconceptions=[
        Misconception(
            lambda low, shrink: ceil(log(shrink) / -log(1 - low)),
            "That is for x. The excess of E[x²] shrinks by the square, (1 - η)², twice as fast, so in half as many "
            "steps.",
        ),
        Misconception(
            lambda low, shrink: ceil(log(shrink) / (-2 * log(1 - low))) - 1,
            "Nearly there, but one too few: after that many steps a little too much is left, just above. Round up "
            "(ceil), one more step.",
        ),
        Misconception(
            lambda high, shrink: ceil(log(shrink) / (-2 * log(1 - high))),
            "That is with the high rate, as before the drop. After the drop every step is taken with the low one.",
        ),
        Misconception(
            lambda low, shrink: ceil(log(shrink) / (2 * low)),
            "You replaced log(1 - η) by -η, an approximation. That is close (one too many or so), but not exact: use "
            "the logarithm of 1 - η.",
        ),
        Misconception(
            lambda low, shrink: round(shrink / low),
            "The excess does not fall by equal amounts, on a straight line, but is multiplied by an equal factor: "
            "take logarithms.",
        ),
        Misconception(
            lambda low, shrink: ceil(2 * log(shrink) / -log(1 - low)),
            "The square makes it faster, not slower: divide by 2 instead of multiplying.",
        ),
        Misconception(
            lambda low, shrink: round(log(shrink, 10) / (-2 * log(1 - low))),
            "You mixed two logarithms, base 10 (log10) above and base e (natural, ln) below. Use the same for both.",
        ),
        Misconception(
            lambda low, shrink: ceil(log(shrink) / (-4 * log(1 - low))),
            "That is half the answer: you counted the square twice (a fourth power), or stopped when only the root, "
            "such as 1/10 for 1/100, is left. Each step multiplies the excess by (1 - η)², once.",
        ),
        Misconception(
            lambda low, shrink: round(1 / low),
            "1/η steps shrink x to 1/e, 37 %. Here the excess of E[x²] is to shrink to the fraction asked for: take "
            "logarithms.",
        ),
        Misconception(
            lambda low, shrink: ceil(log(shrink) / -log(1 - low**2)),
            "You squared η. The factor as a whole is squared: (1 - η)², so twice its logarithm.",
        ),
        Misconception(
            lambda high, low, shrink: ceil(log(shrink) / (-2 * log(1 - (high - low)))),
            "You took the difference of the two rates. After the drop only the low rate acts.",
            sometimes=True,
        ),
        Misconception(
            lambda low, shrink: ceil(log(2) / (-2 * log(1 - low))),
            "That is when half of the excess is left: a half-life. The fraction asked for is smaller.",
        ),
        Misconception(
            lambda high, low: ceil(log(high / low) / (-2 * log(1 - low))),
            "The ratio of the two rates does not matter here. The excess is to shrink to the fraction asked for: its "
            "logarithm.",
            sometimes=True,
        ),
    ],
    unit="steps",
    vary=dict(high=[0.1, 0.2], low=[0.004, 0.005, 0.01, 0.02], shrink=[10, 20, 50, 200, 1000]),
    difficulty=3,
    minutes=5,
    points=2,
    trains="how fast noise is forgotten",
    stub="a whole number of steps",
    hints=(
        "Only the low rate matters now. How much of the excess is left after n steps?",
        "(1 - low)**(2 * n) <= 1 / shrink; take logarithms.",
        "n >= log(shrink) / (-2 * log(1 - low)), and n is whole.",
    ),
    worked="""\
from math import ceil, log
# what is left after n steps: (1 - low)**(2*n) <= 1 / shrink
n = log(shrink) / (-2 * log(1 - low))
return ceil(n)""",
    afterthought="So a drop needs time to pay: cut the rate some 1/η steps before the end, not in the last few.",
)

EXERCISES = (limit, slow, noise_floor, settle)
