"""Exercises of section 8.5, other scheduling strategies."""

from math import ceil, floor, log

from lrcourse.exercises import Documented, Exercise, Misconception

from .formulas import step_decay


def _rates(exponent):
    """Step decay at each of the steps, with an exponent of one's own."""
    return lambda eta_0, gamma, s, steps: [eta_0 * gamma ** exponent(t, s) for t in steps]


stairs = Exercise(
    id="8.5.1",
    title="On which stair?",
    kind="numbers",
    question="Step decay: $\\eta_0$ = [[eta_0]], $\\gamma$ = [[gamma]], step size $s$ = [[s]].\n\nWhat are the rates "
    "at the steps [[steps]]?",
    given=dict(eta_0=0.001, gamma=0.1, s=1000, steps=[999, 1000, 1999, 2000]),
    solution=lambda eta_0, gamma, s, steps: [step_decay(eta_0, gamma, s, t) for t in steps],
    documented=Documented([0.001, 0.0001, 0.0001, 0.00001], "section 8.5, step decay, example"),
    misconceptions=[
        Misconception(
            _rates(lambda t, s: round(t / s)),
            "You rounded t / s (or counted one step too far). Take the floor: at s - 1 no full s steps are done yet.",
        ),
        Misconception(
            _rates(lambda t, s: t / s), "That is a smooth decay. The exponent is the whole part of t / s: the floor."
        ),
        Misconception(
            _rates(lambda t, s: floor((t - 1) / s)),
            "Your drops come one step late. Steps count from 0, so the drop is AT t = s.",
        ),
        Misconception(
            lambda eta_0, gamma, s, steps: [eta_0 * (1 - gamma * floor(t / s)) for t in steps],
            "Each drop multiplies by gamma. You took off a fixed part of eta_0 instead.",
        ),
        Misconception(
            lambda eta_0, gamma, s, steps: [eta_0 * gamma * max(1, floor(t / s)) if t >= s else eta_0 for t in steps],
            "The drops add up by multiplying: after two of them gamma², not 2 gamma.",
        ),
        Misconception(
            lambda eta_0, gamma, s, steps: [eta_0 * (gamma if t >= s else 1) for t in steps],
            "It drops again at 2 s: one factor gamma for every full s steps.",
        ),
    ],
    vary=dict(
        eta_0=[0.001, 0.002, 0.005, 0.01, 0.1],
        gamma=[0.1, 0.2, 0.3, 0.4, 0.5],
        s=[200, 500, 1000, 2000, 2500, 5000],
        steps=lambda s: [[s - 1, s, 2 * s - 1, 2 * s], [s - 1, s, 3 * s - 1, 3 * s]],
    ),
    trains="the floor in step decay",
    stub="four rates, in order",
    hints=(
        "How many full blocks of s steps are done?",
        "rate = eta_0 * gamma ** (t // s).",
        "At s - 1 no block is full: eta_0 * gamma**0.",
    ),
    worked="""\
rates = []
for t in steps:
    drops = t // s                      # full blocks of s steps behind us
    rates.append(eta_0 * gamma**drops)
return rates""",
    afterthought="The drops are equal as factors, not as amounts: drawn on a plain axis the second one is barely seen.",
)

half_life = Exercise(
    id="8.5.2",
    title="Half-life",
    kind="number",
    question="Exponential decay multiplies the rate by $\\gamma$ = [[gamma]] at every step.\n\nWhich is the first "
    "step at which the rate is at most half of $\\eta_0$?",
    given=dict(gamma=0.9995),
    solution=lambda gamma: ceil(log(0.5) / log(gamma)),
    misconceptions=[
        Misconception(
            lambda gamma: ceil(log(0.5) / log(gamma)) - 1,
            "Not yet half: at that step the rate is still above. Round up.",
        ),
        Misconception(
            lambda gamma: round(0.5 / (1 - gamma)),
            "You took off the same amount each step. The amount shrinks with the rate: take logarithms.",
        ),
        Misconception(
            lambda gamma: round(1 / (1 - gamma)),
            "After that many steps 1/e, about 37 %, is left. Half is reached earlier.",
        ),
        Misconception(
            lambda gamma: ceil(log(2) / (1 - gamma)),
            "You replaced log(gamma) by gamma - 1. Close, but not exact: use the logarithm of gamma.",
        ),
        Misconception(
            lambda gamma: round(log(0.5, 10) / log(gamma)),
            "You mixed two logarithms, base 10 above and base e below. Use the same for both.",
        ),
    ],
    unit="steps",
    vary=dict(gamma=[0.97, 0.984, 0.989, 0.99, 0.993, 0.996, 0.997, 0.9975, 0.9985, 0.999, 0.9993]),
    difficulty=2,
    trains="geometric decay and logarithms",
    stub="a whole number of steps",
    hints=(
        "The starting rate cancels: when is gamma**t at most 1/2?",
        "t >= log(1/2) / log(gamma).",
        "log(0.5) / log(gamma), rounded up to a whole step.",
    ),
    worked="""\
from math import ceil, log
# gamma**t <= 1/2  <=>  t >= log(1/2) / log(gamma), as log(gamma) is negative
return ceil(log(0.5) / log(gamma))""",
    afterthought="The half-life does not depend on where you start: after as many steps again, a quarter is left.",
)


def _distance_from_one(gamma):
    return 1 - gamma


to_a_hundredth = Exercise(
    id="8.5.3",
    title="A factor for this run",
    kind="number",
    question="An exponential schedule is to end at [[ratio]] times its first rate, after [[T]] steps.\n\nWhich factor "
    "$\\gamma$ per step does that? Give eight decimals.",
    given=dict(ratio=0.01, T=10000),
    solution=lambda ratio, T: ratio ** (1 / T),
    misconceptions=[
        Misconception(
            lambda ratio: ratio,
            "That is the factor of the whole run. Each step has a T-th of it, multiplied: take the root.",
        ),
        Misconception(
            lambda ratio, T: ratio / T, "Factors are not shared out by dividing: take the T-th root of the ratio."
        ),
        Misconception(
            lambda ratio, T: 1 - (1 - ratio) / T,
            "That takes off the same amount at each step, a straight line. Take the T-th root.",
        ),
        Misconception(
            lambda ratio, T: (1 - ratio) ** (1 / T),
            "That run loses the ratio instead of keeping it: γ to the T is what is left.",
        ),
        Misconception(
            lambda ratio, T: 1 + log(ratio) / T,
            "That is the approximation 1 + ln(ratio)/T. It is near, but eight decimals ask for the root itself.",
        ),
        Misconception(
            lambda ratio, T: 1 + log(ratio, 10) / T,
            "You took the logarithm with base 10 where e belongs. Or without any logarithm: the T-th root.",
        ),
        Misconception(lambda ratio, T: ratio ** (-1 / T), "Larger than 1: your rate grows. The exponent is +1/T."),
    ],
    rtol=0.0,
    atol=5e-9,
    measure=_distance_from_one,
    vary=dict(ratio=[0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2], T=[1000, 2000, 4000, 5000, 8000]),
    between=lambda ratio: (ratio, 1),
    difficulty=2,
    trains="choosing a decay factor for the length of a run",
    stub="the factor of one step",
    hints=(
        "T equal factors, multiplied, make the ratio.",
        "gamma**T = ratio, so gamma = ratio**(1/T).",
        "ratio ** (1 / T)",
    ),
    worked="""\
# T equal factors make the ratio: gamma**T = ratio
return ratio ** (1 / T)""",
    afterthought="γ means little without the length of the run. Say the ratio and the length, and let γ follow.",
)

per_step = Exercise(
    id="8.5.4",
    title="From epochs to steps",
    kind="number",
    question="A recipe multiplies the rate by [[epoch]] after every epoch. Your code does it at every step "
    "instead, and "
    "an epoch has [[steps]] steps.\n\nWhich factor per step does the same over an epoch? Give eight decimals.",
    given=dict(epoch=0.95, steps=1000),
    solution=lambda epoch, steps: epoch ** (1 / steps),
    misconceptions=[
        Misconception(
            lambda epoch, steps: epoch / steps,
            "Factors multiply, so they are not shared out by division: take the root, not the quotient.",
        ),
        Misconception(
            lambda epoch, steps: 1 - (1 - epoch) / steps,
            "You shared out the percentage. It is nearly right, but percentages multiply: take the root.",
        ),
        Misconception(
            lambda epoch: epoch,
            "The same factor at every step would be the decay of a whole epoch each time: the rate is gone at once.",
        ),
        Misconception(
            lambda epoch, steps: epoch**steps,
            "The wrong way round: that is what the epoch's factor makes of the rate if it is applied at every step.",
        ),
        Misconception(
            lambda epoch, steps: (1 - epoch) ** (1 / steps),
            "You took the root of what is lost. Take the root of what is left.",
        ),
        Misconception(
            lambda epoch, steps: 1 - epoch ** (1 / steps), "That is what one step takes off. The factor is the rest."
        ),
    ],
    rtol=0.0,
    atol=5e-9,
    measure=_distance_from_one,
    vary=dict(epoch=[0.8, 0.85, 0.9, 0.92, 0.96, 0.97], steps=[100, 200, 250, 400, 500]),
    between=lambda: (0, 1),
    difficulty=2,
    trains="steps and epochs",
    stub="the factor of one step",
    hints=(
        "All steps of an epoch, multiplied, make the epoch's factor.",
        "gamma**steps = epoch, so gamma = epoch**(1/steps).",
        "epoch ** (1 / steps)",
    ),
    worked="""\
# the steps of one epoch together: gamma**steps = epoch
return epoch ** (1 / steps)""",
    afterthought="Always ask of a γ in a recipe: per step, or per epoch?",
)

wasted = Exercise(
    id="8.5.5",
    title="Wasted updates",
    kind="numbers",
    question="Two ways to write a warmup over $W$ = [[W]] updates: $\\eta_{max} \\cdot t/W$ and "
    "$\\eta_{max} \\cdot (t+1)/W$, for $t$ = 0, 1, …, $W - 1$.\n\nHow many of these updates have a rate of exactly "
    "0? First way, second way.",
    given=dict(W=500),
    solution=lambda W: [1, 0],
    misconceptions=[
        Misconception(lambda W: [0, 0], "Evaluate both at t = 0, the first update: what is 0/W?"),
        Misconception(lambda W: [1, 1], "Evaluate the second at t = 0: (0 + 1)/W is small, but not 0."),
        Misconception(lambda W: [0, 1], "The other way round: evaluate both at t = 0."),
        Misconception(lambda W: [W, 0], "Only the update with t = 0 has the rate 0. All later ones are above."),
    ],
    minutes=2,
    trains="conventions of warmup",
    stub="two whole numbers",
    hints=(
        "Try the first update, t = 0, in both.",
        "0/W = 0 and (0 + 1)/W = 1/W.",
        "At t = 0 the first gives 0; does any other t?",
    ),
    worked="""\
first = [t / W for t in range(W)]
second = [(t + 1) / W for t in range(W)]
return [first.count(0), second.count(0)]""",
    afterthought="One batch read, one gradient computed, nothing learned: the price of t/W is one update.",
)


def _one_cycle(t, low, high, T_1, T_2):
    if t <= T_1:
        return low + (high - low) * t / T_1
    return high - (high - low) * (t - T_1) / T_2


def _cycle(rate):
    """A formula for all four steps, from one for a single step."""
    return lambda low, high, T_1, T_2, steps: [rate(t, low, high, T_1, T_2) for t in steps]


def _unshifted(t, low, high, T_1, T_2):
    return low + (high - low) * t / T_1 if t <= T_1 else high - (high - low) * t / T_2


def _to_total(t, low, high, T_1, T_2):
    return low + (high - low) * t / T_1 if t <= T_1 else high - (high - low) * (t - T_1) / (T_1 + T_2)


def _less_peak(t, low, high, T_1, T_2):
    return _one_cycle(t, low, high, T_1, T_2) if t <= T_1 else high - high * (t - T_1) / T_2


def _stays_high(t, low, high, T_1, T_2):
    return _one_cycle(min(t, T_1), low, high, T_1, T_2)


one_cycle = Exercise(
    id="8.5.6",
    title="Up and down once",
    kind="numbers",
    question="The text's one cycle: from $\\eta_{min}$ = [[low]] up to $\\eta_{max}$ = [[high]] in $T_1$ = "
    "[[T_1]] steps, "
    "and down again in $T_2$ = [[T_2]].\n\nWhat are the rates at the steps [[steps]]?",
    given=dict(low=0.0001, high=0.001, T_1=3000, T_2=7000, steps=[1500, 3000, 6500, 10000]),
    solution=_cycle(_one_cycle),
    misconceptions=[
        Misconception(
            _cycle(lambda t, low, high, T_1, T_2: _one_cycle(t, 0.0, high, T_1, T_2)),
            "Your ramps start and end at 0. They start and end at eta_min.",
        ),
        Misconception(
            _cycle(_unshifted),
            "On the way down count from the peak: t - T_1. With t itself the rate goes below the floor; a cycle that "
            "is over should hold eta_min.",
        ),
        Misconception(
            _cycle(_to_total),
            "The way down takes T_2 steps: divide t - T_1 by T_2, not by the length of the whole cycle.",
        ),
        Misconception(
            _cycle(_less_peak), "On the way down the rate falls by eta_max - eta_min, not by all of eta_max."
        ),
        Misconception(_cycle(_stays_high), "You stayed at the peak. After T_1 the way down begins."),
        Misconception(
            _cycle(lambda t, low, high, T_1, T_2: low + (high - low) * t / (T_1 + T_2)),
            "You went up all the way. The peak is at T_1; after it the rate falls.",
        ),
        Misconception(
            _cycle(lambda t, low, high, T_1, T_2: (high - low) * (t / T_1 if t <= T_1 else 1 - (t - T_1) / T_2)),
            "You left the floor out: eta_min is added to the ramp.",
        ),
    ],
    vary=dict(
        low=[0.0001, 0.0002, 0.0004],
        high=[0.001, 0.002, 0.004],
        T_1=[2000, 3000, 4000],
        T_2=[6000, 8000, 10000],
        steps=lambda T_1, T_2: [[T_1 // 2, T_1, T_1 + T_2 // 2, T_1 + T_2], [T_1 // 4, T_1, T_1 + T_2 // 4, T_1 + T_2]],
    ),
    difficulty=2,
    minutes=4,
    points=2,
    trains="piecewise schedules",
    stub="four rates, in order",
    hints=(
        "First ask of each step: on the way up, or on the way down?",
        "up: low + (high - low) * t / T_1; down: high - (high - low) * (t - T_1) / T_2.",
        "At T_1 the rate is high; at T_1 + T_2 it is low again.",
    ),
    worked="""\
rates = []
for t in steps:
    if t <= T_1:                                   # on the way up
        rates.append(low + (high - low) * t / T_1)
    else:                                          # on the way down, counted from the peak
        rates.append(high - (high - low) * (t - T_1) / T_2)
return rates""",
    afterthought="One step past T_1 + T_2 the formula is below eta_min, and soon below 0. The course holds the floor.",
)

restarts = Exercise(
    id="8.5.7",
    title="When does it restart?",
    kind="numbers",
    question="Cosine with warm restarts: the first cycle has $T_0$ = [[T_0]] epochs, and each following one "
    "is [[mult]] "
    "times as long as the one before.\n\nAt which epochs do the first four restarts come?",
    given=dict(T_0=10, mult=2),
    solution=lambda T_0, mult: [T_0 * sum(mult**j for j in range(i + 1)) for i in range(4)],
    misconceptions=[
        Misconception(
            lambda T_0, mult: [T_0 * mult**i for i in range(4)],
            "Those are the lengths of the cycles. Accumulate them: a restart comes when all cycles so far are over.",
        ),
        Misconception(
            lambda T_0, mult: [T_0 * mult ** (i + 1) for i in range(4)],
            "Those are the lengths of the later cycles. A restart comes at the sum of all lengths so far, from T_0 on.",
        ),
        Misconception(
            lambda T_0, mult: [T_0 * (i + 1) * (i + 2) // 2 for i in range(4)],
            "Your cycles grow by adding T_0 each time. They grow by a factor.",
        ),
        Misconception(
            lambda T_0, mult: [T_0 * (i + 1) for i in range(4)],
            "Your cycles are all equally long. Each is longer than the one before.",
        ),
        Misconception(
            lambda T_0, mult: [0] + [T_0 * sum(mult**j for j in range(i + 1)) for i in range(3)],
            "The start at 0 is no restart. The first one comes after the first cycle.",
        ),
        Misconception(
            lambda T_0, mult: [T_0 * sum(mult**j for j in range(i + 1)) - 1 for i in range(4)],
            "Those are the last epochs before the restarts. The restart is the next one: epochs count from 0.",
        ),
        Misconception(
            lambda T_0, mult: [T_0 * sum(mult * j if j else 1 for j in range(i + 1)) for i in range(4)],
            "The length is multiplied each time: T_0, then mult, mult², mult³ times it.",
        ),
        Misconception(
            lambda T_0, mult: [T_0 * sum(mult**j for j in range(i + 2)) for i in range(4)],
            "You left out the first one: it comes after T_0 epochs.",
        ),
    ],
    unit="epochs",
    vary=dict(T_0=[4, 5, 6, 8, 12, 15, 20, 25], mult=[2, 3]),
    difficulty=2,
    trains="accumulating cycle lengths",
    stub="four epochs, in order",
    hints=(
        "Write down the lengths of the first four cycles.",
        "A restart comes at the sum of all lengths so far.",
        "Lengths: T_0, T_0 * mult, T_0 * mult**2, …; the first restart is at T_0.",
    ),
    worked="""\
epochs, now, length = [], 0, T_0
for _ in range(4):
    now = now + length          # this cycle is over
    epochs.append(now)
    length = length * mult      # the next one is longer
return epochs""",
    afterthought="Stop a run at one of these epochs, or just before: anywhere else it ends on a high rate.",
)

cooldown = Exercise(
    id="8.5.8",
    title="Two ways to cool down",
    kind="numbers",
    question="Warmup-stable-decay, in the cooldown: a fraction $x$ = [[x]] of it is done. What share of the "
    "stable rate "
    "is left with the linear cooldown, $1 - x$, and with the form $1 - \\sqrt{x}$?",
    given=dict(x=0.5),
    solution=lambda x: [1 - x, 1 - x**0.5],
    misconceptions=[
        Misconception(lambda x: [1 - x, x**0.5], "That is √x itself, what has been lost. Subtract it from 1."),
        Misconception(
            lambda x: [1 - x, 1 - x], "The two forms meet only at the ends. Take the square root in the second."
        ),
        Misconception(lambda x: [1 - x**0.5, 1 - x], "The other way round: first the linear form, then 1 - √x."),
        Misconception(lambda x: [1 - x, 1 - x**2], "A square instead of a square root: √x is larger than x here."),
        Misconception(lambda x: [1 - x, (1 - x) ** 2], "You squared the linear form. It is 1 minus the root of x."),
    ],
    vary=dict(x=[0.09, 0.16, 0.2, 0.25, 0.3, 0.36, 0.4, 0.49, 0.6, 0.64, 0.7, 0.81]),
    trains="forms of a cooldown",
    stub="linear, 1 - sqrt",
    hints=(
        "Both are 1 minus something that goes from 0 to 1.",
        "linear: 1 - x; the other: 1 - sqrt(x).",
        "1 - x, then 1 - x ** 0.5",
    ),
    worked="""\
from math import sqrt
linear = 1 - x
root = 1 - sqrt(x)      # sqrt(x) is larger than x, so less is left
return [linear, root]""",
    afterthought="1 - √x drops at once and then lingers at small rates, which long runs have been seen to like.",
)

noam = Exercise(
    id="8.5.9",
    title="The peak nobody wrote down",
    kind="number",
    question="The schedule of the first transformer has no $\\eta_{max}$: at update number $n$ the rate is "
    "$d^{-1/2} \\cdot \\min(n^{-1/2},\\; n\\,W^{-3/2})$, with $d$ = [[d]] and a warmup of $W$ = [[W]].\n\nHow high "
    "is its peak?",
    given=dict(d=512, W=4000),
    solution=lambda d, W: (d * W) ** -0.5,
    misconceptions=[
        Misconception(
            lambda d: d**-0.5, "√W is missing: at the peak n = W, so there is a second factor, W to the -1/2."
        ),
        Misconception(lambda W: W**-0.5, "√d is missing: the whole schedule is multiplied by d to the -1/2."),
        Misconception(
            lambda d, W: d**-0.5 * W**-1.5, "That is the rate of update 1. The peak is where the two arms meet: n = W."
        ),
        Misconception(lambda d, W: 1 / (d * W), "The exponents are -1/2: take the square root."),
        Misconception(lambda d, W: d**-0.5 / W, "W comes with the exponent -1/2: W · W^(-3/2) = W^(-1/2)."),
        Misconception(lambda d, W: d**0.5 * W**-0.5, "The sign of d's exponent: a wider model has a smaller rate."),
    ],
    vary=dict(d=[128, 256, 384, 768, 1024, 2048], W=[1000, 2000, 5000, 8000, 10000]),
    difficulty=2,
    trains="finding the peak of a schedule",
    stub="the highest rate",
    hints=(
        "One arm rises, the other falls. The peak is where they meet.",
        "n**(-1/2) = n * W**(-3/2) gives n = W.",
        "peak = d**(-1/2) * W**(-1/2)",
    ),
    worked="""\
n = W                                   # the two arms meet: n**-0.5 = n * W**-1.5
return d**-0.5 * min(n**-0.5, n * W**-1.5)""",
    afterthought="Change the warmup and the peak changes with it: two knobs in one.",
)


def _plateau(rate, factor, patience, losses, *, early=0, restore=False):
    """The rate after each loss. `early` moves the cut forward."""
    best, bad, rates, start = float("inf"), 0, [], rate
    for loss in losses:
        if loss < best:
            best, bad = loss, 0
            if restore:
                rate = start
        else:
            bad += 1
        if bad > patience - early:
            rate, bad = rate * factor, 0
        rates.append(rate)
    return rates


def _each_bad_epoch(rate, factor, losses):
    best, rates = float("inf"), []
    for loss in losses:
        rate, best = (rate, loss) if loss < best else (rate * factor, best)
        rates.append(rate)
    return rates


plateau = Exercise(
    id="8.5.10",
    title="Losing patience",
    kind="predict",
    question="Reduce on plateau, as PyTorch does it: patience [[patience]], factor [[factor]], first rate "
    "[[rate]]. The "
    "rate is cut once *more than* [[patience]] epochs in a row have brought no new best loss; then counting begins "
    "anew.\n\nThe losses after the epochs are [[losses]]. Which rate is set *after* each of them?",
    given=dict(rate=0.1, factor=0.1, patience=2, losses=[1.0, 0.8, 0.8, 0.8, 0.8, 0.79]),
    solution=_plateau,
    misconceptions=[
        Misconception(
            lambda rate, factor, patience, losses: _plateau(rate, factor, patience, losses, early=1),
            "You cut one epoch early: the count must be > patience, not ≥. Only the epoch after the last one that "
            "patience covers cuts the rate.",
        ),
        Misconception(
            lambda rate, factor, patience, losses: [rate, *_plateau(rate, factor, patience, losses)[:-1]],
            "Those are the rates during the epochs. After an epoch's loss the new rate is set: one place earlier.",
        ),
        Misconception(
            lambda rate, factor, patience, losses: [rate] * len(losses),
            "You never cut. An equal loss is no new best, so it counts as a bad epoch.",
        ),
        Misconception(_each_bad_epoch, "You cut at every epoch without a new best. Patience lets some of them pass."),
        Misconception(
            lambda rate, factor, patience, losses: _plateau(rate, factor, patience, losses, restore=True),
            "A new best does not bring the old rate back: a rate that was cut stays cut.",
        ),
    ],
    vary=dict(
        rate=[0.1, 0.2, 0.4],
        factor=[0.1, 0.2, 0.5],
        patience=[1, 2, 3],
        losses=lambda patience: [
            [1.0, 0.8] + [0.8] * (patience + 1) + [0.79],
            [2.0, 1.5, 1.2] + [1.3] * (patience + 1) + [1.1],
            [0.9, 0.7] + [0.75] * (patience + 1) + [0.65, 0.6],
        ],
    ),
    difficulty=3,
    minutes=5,
    points=2,
    trains="a rule that watches the loss",
    stub="one rate for each loss, in order",
    hints=(
        "Keep two numbers as you read the losses: the best so far, and how many bad epochs in a row.",
        "bad = bad + 1 if loss >= best, else 0; cut when bad > patience.",
        "After the first loss the best is that loss, and bad is 0.",
    ),
    worked="""\
best, bad, rates = float("inf"), 0, []
for loss in losses:
    if loss < best:
        best, bad = loss, 0
    else:
        bad = bad + 1
    if bad > patience:            # more than patience covers
        rate, bad = rate * factor, 0
    rates.append(rate)
return rates""",
    afterthought="You needed the losses to tell the rates: that is why this is no function of time.",
)

range_test = Exercise(
    id="8.5.11",
    title="A range test's factor",
    kind="number",
    question="A range test tries [[points]] rates from [[low]] to [[high]], both included, each the same factor above "
    "the one before.\n\nWhat is the factor? Give four decimals or more.",
    given=dict(low=1e-7, high=10, points=100),
    solution=lambda low, high, points: (high / low) ** (1 / (points - 1)),
    misconceptions=[
        Misconception(
            lambda low, high, points: (high / low) ** (1 / points),
            "Fence posts: between the points lie one fewer gaps, and each gap is one factor.",
        ),
        Misconception(
            lambda low, high, points: high / low,
            "That is the factor of the whole way. Each gap has a root of it.",
        ),
        Misconception(
            lambda low, high, points: (high - low) / (points - 1),
            "That is the difference of equally spaced rates. The same factor means a root of high / low.",
        ),
        Misconception(
            lambda low, high, points: log(high / low, 10) / (points - 1),
            "That is the exponent, in powers of ten, of one gap. Raise 10 to it.",
        ),
        Misconception(
            lambda low, high, points: log(high / low) / (points - 1),
            "That is the natural logarithm of the factor. Take exp of it.",
        ),
        Misconception(
            lambda low, high, points: (high / low) / (points - 1),
            "Factors multiply: take the root of high / low, don't divide it.",
        ),
        Misconception(
            lambda low, high, points: (low / high) ** (1 / (points - 1)), "Below 1: your rates fall. It is high / low."
        ),
        Misconception(
            lambda low, high, points: (high / low) ** (1 / (points + 1)),
            "One gap too many on both sides: n points have n - 1 gaps.",
        ),
    ],
    rtol=0.0,
    atol=5e-5,
    measure=lambda factor: factor - 1,
    vary=dict(low=[1e-6, 1e-5, 0.0001], high=[1, 10], points=[21, 25, 41, 50, 51, 81, 101]),
    difficulty=2,
    trains="geometric spacing",
    stub="the factor from one rate to the next",
    hints=(
        "How many times do you multiply on the way from the first point to the last?",
        "factor**(points - 1) = high / low.",
        "(high / low) ** (1 / (points - 1))",
    ),
    worked="""\
gaps = points - 1                    # fence posts: one fewer than points
return (high / low) ** (1 / gaps)""",
    afterthought="A range test itself is a schedule: exponential, but upwards.",
)

EXERCISES = (
    stairs,
    half_life,
    to_a_hundredth,
    per_step,
    wasted,
    one_cycle,
    restarts,
    cooldown,
    noam,
    plateau,
    range_test,
)
