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
            "At 1/λ the factor 1 - ηλ is 0: the minimum in one step. That is the fastest rate, not the limit.",
        ),
        Misconception(lambda lam: 2.0 * lam, "Upside down: a sharper valley (larger λ) allows less. Divide by λ."),
        Misconception(lambda lam: lam / 2, "Upside down: solve 1 - ηλ = -1 for η, and λ ends up below."),
        Misconception(
            lambda lam: 2 / lam**0.5,
            "The gradient of λx²/2 is λx, with λ itself, not its square root: solve 1 - ηλ = -1.",
        ),
        Misconception(
            lambda lam: 4 / lam,
            "There the factor is -3, and x triples in size at every step. The limit is where its size is 1.",
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
            "Nearly there: after that many steps x is still a little too large. Round up.",
        ),
        Misconception(
            lambda product, shrink: ceil(log(shrink) / product),
            "You replaced log(1 - ηλ) by -ηλ. That is close, but not exact: use the logarithm of 1 - ηλ.",
        ),
        Misconception(
            lambda product, shrink: round(shrink / product),
            "x does not fall by the same amount each step but by the same factor: take logarithms.",
        ),
        Misconception(
            lambda product, shrink: round((1 - 1 / shrink) / product),
            "That would be a straight line down. The steps get smaller as x does: take logarithms.",
        ),
        Misconception(
            lambda product, shrink: ceil(log(shrink) / -log(1 - product) / 2),
            "That is when the loss, x², has shrunk so far. The question is about x.",
        ),
        Misconception(
            lambda product, shrink: round(log(shrink, 10) / -log(1 - product)),
            "You mixed two logarithms, base 10 above and base e below. Use the same for both.",
        ),
        Misconception(
            lambda product, shrink: round(1 / product),
            "That many steps shrink x to 1/e of what it was, not to the fraction asked for.",
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

EXERCISES = (limit, slow)
