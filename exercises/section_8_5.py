"""Exercises of section 8.5, other scheduling strategies."""

from math import ceil, cos, floor, log, pi

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
            "You rounded t / s up (or counted one step too far). Take the floor, ⌊t / s⌋, the whole part: at s - 1 no "
            "full s steps are done yet.",
        ),
        Misconception(
            _rates(lambda t, s: t / s),
            "That is a smooth, continuous decay. The exponent is the whole part of t / s: the floor ⌊t / s⌋, a stair.",
        ),
        Misconception(
            _rates(lambda t, s: floor((t - 1) / s)),
            "Your drops come one step late (off by one). Steps count from 0, so the drop is AT t = s: mind the edge.",
        ),
        Misconception(
            lambda eta_0, gamma, s, steps: [eta_0 * (1 - gamma * floor(t / s)) for t in steps],
            "Each drop multiplies by gamma. You took off a fixed part of eta_0 instead (subtracting, linear).",
        ),
        Misconception(
            lambda eta_0, gamma, s, steps: [eta_0 * gamma * max(1, floor(t / s)) if t >= s else eta_0 for t in steps],
            "The drops add up by multiplying: after two of them gamma², not 2 gamma.",
        ),
        Misconception(
            lambda eta_0, gamma, s, steps: [eta_0 * (gamma if t >= s else 1) for t in steps],
            "It drops again at 2 s: one factor gamma for every full s steps.",
        ),
        Misconception(
            lambda eta_0, gamma, s, steps: [eta_0 * (1 - gamma) ** floor(t / s) for t in steps],
            "You took off gamma, such as 10 %, and kept 1 - γ. Each drop multiplies by gamma itself: times 0.1 leaves "
            "a tenth, not 0.9.",
            sometimes=True,
        ),
        Misconception(
            lambda eta_0, gamma, s, steps: [gamma ** floor(t / s) for t in steps],
            "Those are the factors. Multiply each by the first rate, eta_0 (η_0).",
        ),
        Misconception(
            lambda eta_0, gamma, s, steps: [eta_0 * gamma ** (floor(t / s) + 1) for t in steps],
            "One drop too many: before t = s no drop has come, so the exponent starts at 0: ⌊t / s⌋.",
        ),
        Misconception(
            lambda eta_0, gamma, s, steps: [eta_0 * gamma ** max(0, floor(t / s) - 1) for t in steps],
            "One drop too few: at t = s the first one has come, so the exponent there is 1: ⌊t / s⌋.",
        ),
        Misconception(
            lambda eta_0, gamma, s, steps: [eta_0 * floor(t / s) * gamma for t in steps],
            "You multiplied by the number of drops. It is the exponent: gamma to the power ⌊t / s⌋; no drop means "
            "factor 1.",
        ),
        Misconception(
            lambda eta_0, gamma, s, steps: [eta_0 / gamma ** floor(t / s) for t in steps],
            "Your rates rise: multiply by gamma at each drop, don't divide by it.",
        ),
        Misconception(
            lambda eta_0, gamma, s, steps: [float(floor(t / s)) for t in steps],
            "Those are the numbers of drops. The rate is eta_0 times gamma to that power.",
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
            "Not yet half, one too few: at that step the rate is still just above. Round up (ceil), one more step.",
        ),
        Misconception(
            lambda gamma: round(0.5 / (1 - gamma)),
            "You took off the same amount each step (linear, a straight line, subtracting). The rate is multiplied, "
            "so the amount shrinks with it: take logarithms.",
        ),
        Misconception(
            lambda gamma: round(1 / (1 - gamma)),
            "After that many steps 1/e, about 37 %, is left; on a straight line (linear, subtracting the same each "
            "step) nothing would be. The rate is multiplied: half is reached earlier.",
        ),
        Misconception(
            lambda gamma: ceil(log(2) / (1 - gamma)),
            "You replaced log(gamma) by gamma - 1, an approximation (one too many or so). Close, but not exact: use "
            "the logarithm of gamma.",
        ),
        Misconception(
            lambda gamma: round(log(0.5, 10) / log(gamma)),
            "You mixed two logarithms, base 10 (log10) above and base e (natural, ln) below. Use the same for both.",
        ),
        Misconception(
            lambda gamma: ceil(log(0.25) / log(gamma)),
            "That is when a quarter is left, two half-lives: the logarithm of 1/2 counts once.",
        ),
        Misconception(
            lambda gamma: ceil(log(0.5) / log(gamma) / 2),
            "That is half of the steps: after them the rate is at the root of 1/2, 71 %. It is log(1/2) / log(gamma), "
            "no more.",
        ),
        Misconception(
            lambda gamma: ceil(log(0.1) / log(gamma)),
            "That is when a tenth is left. Half is asked for: the logarithm of 1/2.",
        ),
        Misconception(
            lambda gamma: round(log(0.5, 2) / log(gamma)),
            "You mixed two logarithms, base 2 above and base e (natural, ln) below. Use the same for both.",
            sometimes=True,
        ),
        Misconception(
            lambda gamma: ceil(0.5 / gamma),
            "You divided by gamma once. It is applied at every step: when is gamma**t at most 1/2? Take logarithms.",
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
            lambda ratio, T: ratio / T,
            "Factors are not shared out by dividing: they multiply, so take the T-th root of the ratio, a power with "
            "1/T.",
        ),
        Misconception(
            lambda ratio, T: 1 - (1 - ratio) / T,
            "That takes off the same amount at each step, a straight line (linear). Factors multiply: take the T-th "
            "root.",
        ),
        Misconception(
            lambda ratio, T: (1 - ratio) ** (1 / T),
            "That run loses the ratio instead of keeping it: γ to the T is what is left.",
        ),
        Misconception(
            lambda ratio, T: 1 + log(ratio) / T,
            "That is the approximation 1 + ln(ratio)/T = 1 - ln(1/ratio)/T. It is near, but eight decimals ask for "
            "the root itself.",
        ),
        Misconception(
            lambda ratio, T: 1 + log(ratio, 10) / T,
            "You took the logarithm with base 10 where e belongs. Or without any logarithm: the T-th root.",
        ),
        Misconception(
            lambda ratio, T: ratio ** (-1 / T), "Larger than 1, upside down: your rate grows. The exponent is +1/T."
        ),
        Misconception(
            lambda ratio, T: ratio ** (1 / (T - 1)),
            "You took T - 1 factors (off by one step): from 0 to T there are T steps, such as 10000 and not 9999, so "
            "the T-th root.",
            sometimes=True,
        ),
        Misconception(
            lambda ratio, T: ratio ** (1 / (T + 1)),
            "You took T + 1 factors (off by one step): from 0 to T there are T steps, so the T-th root.",
        ),
        Misconception(
            lambda ratio, T: 1 - ratio ** (1 / T),
            "That is what one step takes off. The factor is what it leaves: 1 minus that.",
        ),
        Misconception(
            lambda ratio, T: 1 - ratio / T,
            "You shared out the ratio and took it off. Factors multiply: the T-th root of the ratio.",
            sometimes=True,
        ),
        Misconception(
            lambda ratio, T: ratio ** (1 / (2 * T)),
            "That is the root of the factor: with it the run would come to the square root of the ratio only.",
        ),
        Misconception(
            lambda ratio, T: 0.5 ** (1 / T),
            "That run ends at half its rate. The ratio asked for stands under the root, not 1/2.",
        ),
        Misconception(
            lambda ratio, T: log(ratio) / T,
            "That is the logarithm of the factor. Take exp of it.",
        ),
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
            "Factors multiply, so they are not shared out: don't divide, take the root, a power with 1/steps.",
        ),
        Misconception(
            lambda epoch, steps: 1 - (1 - epoch) / steps,
            "You shared out the percentage evenly (linear, 1 - 0.05/1000 and the like). It is an approximation, "
            "nearly right, but percentages multiply: take the root.",
        ),
        Misconception(
            lambda epoch: epoch,
            "The same factor at every step would be the decay of a whole epoch each time: the rate is gone at once. "
            "Take the root.",
        ),
        Misconception(
            lambda epoch, steps: epoch**steps,
            "The other way round: a power where the root belongs. That is what is left after an epoch if its factor "
            "is applied at every step. The exponent is 1/steps.",
        ),
        Misconception(
            lambda epoch, steps: (1 - epoch) ** (1 / steps),
            "You took the root of what is lost. Take the root of what is left.",
        ),
        Misconception(
            lambda epoch, steps: 1 - epoch ** (1 / steps), "That is what one step takes off. The factor is the rest."
        ),
        Misconception(
            lambda epoch, steps: epoch ** (-1 / steps),
            "Larger than 1, upside down: your rate grows. The exponent is +1/steps.",
        ),
        Misconception(
            lambda epoch, steps: 1 + log(epoch) / steps,
            "That is the approximation 1 + ln(factor)/steps. It is near, but eight decimals ask for the root itself.",
            sometimes=True,
        ),
        Misconception(
            lambda epoch, steps: epoch ** (1 / (steps - 1)),
            "You took steps - 1 factors (off by one): an epoch has all its steps, so the root is that of all of them.",
        ),
        Misconception(
            lambda epoch, steps: epoch ** (1 / (steps + 1)),
            "You took steps + 1 factors (off by one): the root is that of the steps of one epoch.",
        ),
        Misconception(
            lambda epoch, steps: (1 - epoch) / steps,
            "That is the percentage, shared out evenly. The factor is what is left: the root of the epoch's factor.",
        ),
        Misconception(
            lambda epoch, steps: 1 - epoch / steps,
            "You shared out the factor and took it off. Factors multiply: take the root, a power with 1/steps.",
        ),
        Misconception(
            lambda epoch, steps: log(epoch) / steps,
            "That is the logarithm of the factor. Take exp of it.",
        ),
        Misconception(
            lambda epoch, steps: epoch * steps,
            "Multiplying is the wrong way: the steps' factors together make the epoch's, so take the root.",
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
        Misconception(lambda W: [0, 0], "Evaluate both at t = 0, the first update: 0/W is 0 in the first way."),
        Misconception(lambda W: [1, 1], "Evaluate the second at t = 0: (t + 1)/W = 1/W is small, but not 0."),
        Misconception(
            lambda W: [0, 1],
            "The other way round (swapped): evaluate both at t = 0. The first way, t/W, gives 0 there; t + 1 does not.",
        ),
        Misconception(
            lambda W: [W, 0],
            "Only the update with t = 0 has the rate exactly 0. All later ones are above, if only a little.",
        ),
        Misconception(
            lambda W: [W, W],
            "How many are *exactly* 0? Low rates are not 0: only t = 0 in the first way.",
        ),
        Misconception(
            lambda W: [W, W - 1],
            "You counted the updates, or those that are not 0. How many have the rate exactly 0? Evaluate both at t = "
            "0.",
        ),
        Misconception(
            lambda W: [W - 1, W],
            "You counted the updates with a rate above 0. Those with exactly 0 are asked for: the wasted ones.",
        ),
        Misconception(
            lambda W: [0, W - 1],
            "t = 0 is the update to look at: 0/W in the first way, 1/W in the second.",
        ),
        Misconception(
            lambda W: [1, W - 1],
            "The first is right. In the second way (t + 1)/W is never 0: at t = W - 1 it is the full rate.",
        ),
        Misconception(
            lambda W: [2, 1],
            "One too many: t = 0 is a single update, and the second way has no rate of 0 at all.",
        ),
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
            "Your ramps start and end at 0. They start and end at the floor, eta_min (the minimum).",
        ),
        Misconception(
            _cycle(_unshifted),
            "On the way down count from the peak: subtract T_1, t - T_1. With t itself the rate goes below the floor, "
            "even negative; a cycle that is over should hold eta_min.",
        ),
        Misconception(
            _cycle(_to_total),
            "The way down takes T_2 steps: divide t - T_1 by T_2, not by the length of the whole cycle.",
        ),
        Misconception(
            _cycle(_less_peak),
            "On the way down the rate falls by eta_max - eta_min to the floor, the minimum eta_min; not by all of "
            "eta_max to 0.",
        ),
        Misconception(_cycle(_stays_high), "You stayed at the peak. After T_1 the way down begins."),
        Misconception(
            _cycle(lambda t, low, high, T_1, T_2: low + (high - low) * t / (T_1 + T_2)),
            "You went up all the way. The peak is at T_1; after it the rate falls.",
        ),
        Misconception(
            _cycle(lambda t, low, high, T_1, T_2: (high - low) * (t / T_1 if t <= T_1 else 1 - (t - T_1) / T_2)),
            "You left the floor out: eta_min, the minimum, is added to the ramp.",
        ),
        Misconception(
            lambda low, high, T_1, T_2, steps: [
                high * t / T_1 if t <= T_1 else high - (high - low) * (t - T_1) / T_2 for t in steps
            ],
            "On the way up you start at 0. The ramp starts at the floor, eta_min, the minimum: add it, and multiply "
            "by the difference.",
        ),
        Misconception(
            lambda low, high, T_1, T_2, steps: [
                low + high * t / T_1 if t <= T_1 else low + high * (1 - (t - T_1) / T_2) for t in steps
            ],
            "You added all of eta_max to the floor. The ramp goes over the difference, eta_max - eta_min.",
        ),
        Misconception(
            lambda low, high, T_1, T_2, steps: [high + low - _one_cycle(t, low, high, T_1, T_2) for t in steps],
            "Upside down: the cycle starts low, at eta_min, goes up to eta_max and comes down again. You swapped the "
            "two.",
        ),
        Misconception(
            lambda low, high, T_1, T_2, steps: [
                _one_cycle(t, low, high, (T_1 + T_2) / 2, (T_1 + T_2) / 2) for t in steps
            ],
            "Your peak is in the middle of the cycle. It is at T_1: the way up is shorter than the way down.",
        ),
        Misconception(
            lambda low, high, T_1, T_2, steps: [_one_cycle(t, low, high, T_2, T_1) for t in steps],
            "You swapped T_1 and T_2: up takes T_1 steps, down takes T_2.",
        ),
        Misconception(
            lambda low, high, T_1, T_2, steps: [
                (high + low) / 2 if 0 < t < T_1 + T_2 and t != T_1 else _one_cycle(t, low, high, T_1, T_2)
                for t in steps
            ],
            "Not every step between the ends is halfway: work out which share of its own ramp each has done.",
            sometimes=True,
        ),
        Misconception(
            lambda low, high, T_1, T_2, steps: [
                _one_cycle(t, low, high, T_1, T_2) if t <= T_1 else low + (high - low) * (t - T_1) / T_2 for t in steps
            ],
            "After the peak the rate falls: from eta_max subtract the share of the way down, don't add it to eta_min.",
        ),
        Misconception(
            lambda low, high, T_1, T_2, steps: [
                _one_cycle(t, low, high, T_1, T_2)
                if t <= T_1
                else low + (high - low) * (1 + cos(pi * (t - T_1) / T_2)) / 2
                for t in steps
            ],
            "Your way down is a cosine. The text's one cycle is made of two straight lines.",
            sometimes=True,
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
            "Those are the cycle lengths. Accumulate them: a restart comes when all cycles so far are over, at the "
            "sum of their lengths.",
        ),
        Misconception(
            lambda T_0, mult: [T_0 * mult * sum(mult**j for j in range(i + 1)) for i in range(4)],
            "Your first cycle is lengthened already. It has T_0 epochs as given; the factor begins with the second.",
        ),
        Misconception(
            lambda T_0, mult: [T_0 * mult ** (i + 1) for i in range(4)],
            "Those are the lengths of the later cycles. A restart comes at the sum of all lengths so far, from T_0 on.",
        ),
        Misconception(
            lambda T_0, mult: [T_0 * (i + 1) * (i + 2) // 2 for i in range(4)],
            "Your cycles grow by adding T_0 each time. They grow by a factor: each is a number of times as long as "
            "the one before.",
        ),
        Misconception(
            lambda T_0, mult: [T_0 * (i + 1) for i in range(4)],
            "Your cycles are all equally long. Each is longer than the one before: twice as long when the factor is 2 "
            "(doubled).",
        ),
        Misconception(
            lambda T_0, mult: [0] + [T_0 * sum(mult**j for j in range(i + 1)) for i in range(3)],
            "The start at epoch 0 is not a restart. The first restart comes after the first cycle.",
        ),
        Misconception(
            lambda T_0, mult: [T_0 * sum(mult**j for j in range(i + 1)) - 1 for i in range(4)],
            "Those are the last epochs before the restarts (off by one). The restart is the next one: epochs count "
            "from 0.",
        ),
        Misconception(
            lambda T_0, mult: [T_0 * sum(mult * j if j else 1 for j in range(i + 1)) for i in range(4)],
            "The length is multiplied each time: T_0, then mult, mult², mult³ times it.",
        ),
        Misconception(
            lambda T_0, mult: [T_0 * sum(mult**j for j in range(i + 2)) for i in range(4)],
            "You skipped the first restart (off by one): it comes after T_0 epochs.",
        ),
        Misconception(
            lambda T_0, mult: [T_0 + T_0 * mult * i for i in range(4)],
            "Only the second cycle of yours is longer, the others are alike. Each is longer than the one before: "
            "multiply again (doubled, 2 times as long: 10, 20, 40 …).",
        ),
        Misconception(
            lambda T_0, mult: [T_0 * sum(mult**j for j in range(i + 1)) + 1 for i in range(4)],
            "One too late (off by one): epochs count from 0, so after a cycle of T_0 epochs the restart is at T_0.",
        ),
        Misconception(
            lambda T_0, mult: [1] + [T_0 * sum(mult**j for j in range(i + 1)) for i in range(3)],
            "The beginning is not a restart. The first restart comes after the first cycle, at T_0.",
        ),
        Misconception(
            lambda T_0, mult: [T_0 * mult * (i + 1) for i in range(4)],
            "Your cycles are all as long as the second. They start with T_0, and each is longer than the one before; "
            "add up their lengths.",
        ),
        Misconception(
            lambda T_0, mult: [T_0] + [T_0 * sum(mult**j for j in range(i + 1)) + T_0 * mult**i for i in range(1, 4)],
            "Something is counted twice. Write down the lengths, T_0, T_0 · mult, …, and add up those that are over.",
        ),
        Misconception(
            lambda T_0, mult: [T_0, T_0 * (1 + mult), T_0 * (1 + mult) * mult, T_0 * (1 + mult) * mult**2],
            "From the third on you multiplied the epoch instead of the cycle's length: a restart comes at the sum of "
            "all lengths.",
        ),
        Misconception(
            lambda T_0, mult: [T_0, T_0 + mult, T_0 + 2 * mult, T_0 + 3 * mult],
            "You added the factor. Each cycle is that many *times* as long as the one before: multiply.",
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
        Misconception(
            lambda x: [1 - x, x**0.5],
            "That is √x itself, the root: what has been taken away, lost. Subtract it from 1: 1 - √x.",
        ),
        Misconception(
            lambda x: [1 - x, 1 - x], "The two forms meet only at the ends. Take the square root in the second."
        ),
        Misconception(
            lambda x: [1 - x**0.5, 1 - x],
            "The other way round (swapped, the order): the linear form first, then 1 - √x.",
        ),
        Misconception(lambda x: [1 - x, 1 - x**2], "A square, x², instead of a square root: √x is larger than x here."),
        Misconception(lambda x: [1 - x, (1 - x) ** 2], "You squared the linear form. It is 1 minus the root of x."),
        Misconception(
            lambda x: [x, x**0.5],
            "Those are the shares that have been lost, x and √x. What is left: subtract each from 1.",
            sometimes=True,
        ),
        Misconception(
            lambda x: [x, 1 - x**0.5],
            "The first is what has been lost. What is left is 1 - x.",
            sometimes=True,
        ),
        Misconception(
            lambda x: [1 - x, (1 - x) ** 0.5],
            "You took the root of all of 1 - x. It is 1 minus the root of x: only x stands under the root.",
            sometimes=True,
        ),
        Misconception(
            lambda x: [1 - x, 1 - x / 2],
            "You halved x. √x is the number whose square is x.",
            sometimes=True,
        ),
        Misconception(
            lambda x: [1 - x, (1 + cos(pi * x)) / 2],
            "That is the cosine. The second form is 1 - √x.",
            sometimes=True,
        ),
        Misconception(
            lambda x: [1 - x, x**0.5 - 1],
            "The sign, the wrong way round: 1 - √x, not √x - 1. A share is positive.",
        ),
        Misconception(
            lambda x: [1 - x, 1 - x ** (1 / 3)],
            "That is the cube root. The second form has the square root, x ** (1/2).",
        ),
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
            lambda d: d**-0.5,
            "√W is missing: that is d^(-1/2), here only √d. At the peak n = W, so there is a second factor, W^(-1/2).",
        ),
        Misconception(
            lambda W: W**-0.5, "√d is missing: the whole schedule is multiplied by d^(-1/2) (such as 512^(-1/2))."
        ),
        Misconception(
            lambda d, W: d**-0.5 * W**-1.5,
            "That is the rate of update 1, the first update (n = 1). The peak is where the two arms meet: n = W.",
        ),
        Misconception(
            lambda d, W: 1 / (d * W), "The exponents are -1/2: take the square root of d · W, you left it out."
        ),
        Misconception(lambda d, W: d**-0.5 / W, "W comes with the exponent -1/2: W · W^(-3/2) = W^(-1/2)."),
        Misconception(lambda d, W: d**0.5 * W**-0.5, "The sign of d's exponent: a wider model has a smaller rate."),
        Misconception(
            lambda d, W: W**-0.5 / d,
            "d comes with the exponent -1/2: divide by the root √d, d^(-1/2), not by d itself.",
        ),
        Misconception(
            lambda d, W: (d * W) ** 0.5,
            "Upside down: the exponents are -1/2, so divide by the roots, 1/√(d·W).",
        ),
        Misconception(
            lambda d, W: d**-0.5 * W**0.5,
            "The sign of W's exponent: at n = W the rate is d^(-1/2) · W^(-1/2), so a longer warmup has a lower peak.",
        ),
        Misconception(
            lambda d, W: W**-1.5,
            "That is one arm's slope, without d. The peak is at n = W: d^(-1/2) · W · W^(-3/2).",
        ),
        Misconception(
            lambda d, W: float(W),
            "That is when the peak comes, at update n = W. How high is it there? Put n = W into the formula.",
        ),
        Misconception(
            lambda d, W: d**-0.5 * (W**-0.5 + W**-0.5),
            "You added the two arms. The smaller of them counts (min), and at n = W they are equal.",
        ),
        Misconception(
            lambda d, W: d**-0.5 + W**-0.5,
            "You added the two factors. They multiply: d^(-1/2) · W^(-1/2).",
        ),
        Misconception(
            lambda d, W: (d + W) ** -0.5,
            "d and W multiply under the root, they are not added: (d · W)^(-1/2).",
        ),
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


def _keeps_cutting(rate, factor, patience, losses):
    """Cuts once more after the first cut, without counting anew."""
    rates = _plateau(rate, factor, patience, losses)
    first = next((i for i, r in enumerate(rates) if r != rate), len(rates))
    return [r * factor if i > first else r for i, r in enumerate(rates)]


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
            "You cut one epoch too early: the count of bad epochs must be *more than* the patience, > and not ≥. With "
            "patience 2 the third cuts the rate, with 1 the second.",
        ),
        Misconception(
            lambda rate, factor, patience, losses: [rate, *_plateau(rate, factor, patience, losses)[:-1]],
            "One place too late: those are the rates during the epochs. After an epoch's loss the new rate is set at "
            "once, so the cut comes one place earlier, at the bad epoch that is one more than the patience (with "
            "patience 2 the third).",
        ),
        Misconception(
            lambda rate, factor, patience, losses: [rate] * len(losses),
            "You never cut. An equal loss is no new best, so it counts as a bad epoch; one more than the patience, "
            "and the rate is cut.",
        ),
        Misconception(
            _each_bad_epoch,
            "You cut at each epoch without a new best. Patience lets some of them pass: only more than that many in a "
            "row cut.",
        ),
        Misconception(
            lambda rate, factor, patience, losses: _plateau(rate, factor, patience, losses, restore=True),
            "A new best (an improvement) does not bring the old rate back: the rate never rises, there is no return. "
            "Once cut, it stays cut.",
        ),
        Misconception(
            _keeps_cutting,
            "After the cut counting begins anew, at 0, and a new best sets it to 0 as well (such as the last losses "
            "here): the rate is not cut again so soon.",
        ),
        Misconception(
            lambda rate, factor, patience, losses: [
                r if r == rate else rate * (1 - factor) for r in _plateau(rate, factor, patience, losses)
            ],
            "You took the factor off. To cut means to multiply by it: rate · factor.",
            sometimes=True,
        ),
        Misconception(
            lambda rate, factor, patience, losses: [
                r if r == rate else rate - factor for r in _plateau(rate, factor, patience, losses)
            ],
            "You subtracted the factor. To cut means to multiply by it: rate · factor.",
        ),
        Misconception(
            lambda rate, factor, patience, losses: [rate if i < 1 else rate * factor for i in range(len(losses))],
            "You cut at the first chance. More than patience bad epochs in a row, epochs without a new best, must "
            "come first.",
        ),
        Misconception(
            lambda rate, factor, patience, losses: [rate * factor] * len(losses),
            "Before the cut the first rate holds. It takes more than patience bad epochs in a row to cut it.",
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
            "Fence posts: between the points lie one fewer gaps (intervals, steps between), such as 99 for 100, and "
            "each gap is one factor.",
        ),
        Misconception(
            lambda low, high, points: high / low,
            "That is the factor of the whole way. Each gap has a root of it.",
        ),
        Misconception(
            lambda low, high, points: (high - low) / (points - 1),
            "That is the difference of equally spaced (linear) rates. The same factor (geometric: multiply each time) "
            "means a root of high / low.",
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
            lambda low, high, points: (low / high) ** (1 / (points - 1)),
            "Below 1 (smaller than 1), upside down: your rates fall. It is high / low.",
        ),
        Misconception(
            lambda low, high, points: (high / low) ** (1 / (points + 1)),
            "One gap too many on both sides (off by one): n points have n - 1 gaps.",
        ),
        Misconception(
            lambda low, high, points: (high / low / 10) ** (1 / (points - 1)),
            "You counted one power of ten (decade) too few between the lowest and the highest rate: from 1e-7 to 10 "
            "there are eight, for instance. Write high / low.",
        ),
        Misconception(
            lambda low, high, points: (high / low * 10) ** (1 / (points - 1)),
            "You counted one power of ten (decade) too many between the lowest and the highest rate. Write high / low.",
        ),
        Misconception(
            lambda low, high, points: (high / low) ** (1 / (points - 2)),
            "One gap too few (off by one): both ends are included, so n points have n - 1 gaps.",
        ),
        Misconception(
            lambda low, high, points: (high - low) ** (1 / (points - 1)),
            "You took the difference. A factor belongs to the quotient: the root of high / low.",
        ),
        Misconception(
            lambda low, high, points: (high / low) ** (1 / (points - 1)) - 1,
            "That is by how much each rate is higher, as a share. The factor is 1 more.",
        ),
        Misconception(
            lambda low, high, points: (high / low) ** (1 / (2 * (points - 1))),
            "That is the root of the factor: half a gap. n points have n - 1 gaps.",
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
