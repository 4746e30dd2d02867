"""Schedules made at random, simple and composed, in numbers that people type and in ones that nobody does."""

import random

import lrcourse.schedules as family

STARTS = ("t/w", "(t+1)/w", "(t+1)/(w+1)")


class Draw(random.Random):
    """Draws the numbers of a schedule, its lengths up to `most`."""

    def __init__(self, seed, most):
        super().__init__(seed)
        self.most = most

    def rate(self):
        return self.choice([1e-5, 3e-4, 0.001, 0.1, 1, 2.5, self.uniform(0, 1), 10 ** self.uniform(-12, 6)])

    def length(self):
        return min(self.choice([1, 2, 3, 7, 10, 100, 1_000, 10_000, self.randint(1, self.most)]), self.most)

    def maybe(self):
        return self.choice([0, self.length()])

    def floor(self, top):
        return self.choice([0, 0, top / 10, self.uniform(0, top), top])

    def factor(self):
        return self.choice([0.1, 0.5, 0.9995, 1, self.uniform(0.01, 1)])

    def after(self):
        return self.choice(["hold", "hold", "periodic"])

    def some(self, n):
        return sorted(self.sample(range(1, 5_000), n))


def _given(kind, r):
    """The parameters of one kind."""
    top = r.rate()
    peak, low = {"eta_max": top}, {"eta_min": r.floor(top)}
    rise, level, fall = r.maybe(), r.maybe(), r.length()
    match kind:
        case "Fixed":
            return {"eta_0": top}
        case "StepDecay":
            return {"eta_0": top, "step_size": r.length(), "gamma": r.factor()}
        case "ExponentialDecay":
            return {"eta_0": top, "gamma": r.factor(), "per": r.choice([1, fall]), "eta_min": r.choice([0, top / 9])}
        case "CosineAnnealing":
            return peak | low | {"T_max": r.length(), "after": r.after()}
        case "Linear":
            return peak | low | {"T_max": r.length()}
        case "Polynomial":
            return peak | low | {"T_max": r.length(), "power": r.choice([0.5, 1, 2, r.uniform(0.2, 5)])}
        case "Warmup":
            return peak | {"T_warmup": r.length(), "eta_start": r.floor(top) / 2, "start": r.choice(STARTS)}
        case "WarmupCosine":
            more = {"start": r.choice(STARTS), "after": r.after()}
            return peak | low | {"T_max": rise + fall, "T_warmup": rise} | more
        case "WSD":
            more = {"cooldown": r.choice(["linear", "cosine", "1-sqrt"]), "after": r.after()}
            return peak | low | {"T_max": rise + level + fall, "T_decay": fall, "T_warmup": rise} | more
        case "OneCycle":
            more = {"T_3": rise, "shape": r.choice(["linear", "cosine"])}
            return peak | low | {"T_1": r.length(), "T_2": r.length()} | more
        case "InverseSqrt":
            return peak | {"T_warmup": r.length()}
        case "Cyclic":
            return peak | low | {"T_up": r.length()}
        case "CosineRestarts":
            return peak | low | {"T_0": r.length(), "T_mult": r.choice([1, 2, 3])}
        case "MultiStep":
            return {"eta_0": top, "milestones": r.some(3), "gamma": r.factor()}
        case "InverseTime":
            return {"eta_0": top, "k": r.uniform(0, 2), "per": r.length(), "staircase": r.random() < 0.5}
        case "PiecewiseConstant":
            return {"rates": [r.rate() for _ in range(3)], "boundaries": r.some(2)}
    return {"eta_start": top, "eta_end": low["eta_min"], "T": r.length(), "shape": r.choice(["linear", "1-sqrt"])}


STUDIO = ("Fixed", "CosineAnnealing", "Linear", "StepDecay", "ExponentialDecay", "Warmup", "WarmupCosine", "OneCycle",
          "WSD", "InverseSqrt", "Polynomial", "Cyclic", "CosineRestarts")
SIMPLE = (*STUDIO, "MultiStep", "InverseTime", "PiecewiseConstant", "Ramp")


def one(r, kinds=SIMPLE):
    """A schedule of one of the kinds."""
    kind = r.choice(kinds)
    return getattr(family, kind)(**_given(kind, r))


def composed(r, depth=2):
    """A schedule of schedules: joined, cut, scaled, multiplied, seen ahead."""
    if not depth or r.random() < 0.2:
        return one(r)
    inner = composed(r, depth - 1)
    match r.choice(["join", "scaled", "until", "ahead", "product"]):
        case "join":
            first, *others = [composed(r, depth - 1).until(r.length()) for _ in range(r.randint(1, 3))]
            for part in [*others, inner]:
                first = first >> part
            return first
        case "scaled":
            return r.uniform(0.01, 3) * inner
        case "until":
            return inner.until(r.length())
        case "ahead":
            return inner.ahead(r.length())
    return inner * composed(r, depth - 1)


def many(n, seed, make=one, most=20_000, **options):
    """As many schedules, the same for the same seed."""
    draw = Draw(seed, most)
    return [make(draw, **options) for _ in range(n)]
