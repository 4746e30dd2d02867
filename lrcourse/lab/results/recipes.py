"""The recipes: each claim of the text as an experiment. A function's docstring says what it shows.

Losses are validation losses in nats unless said otherwise. "diff" entries are paired over seeds, as
[mean, half-width of the 95 % t-interval].
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .. import quadratic, theory
from ..compare import compare, shape, tune
from ..engine import train
from ..fields import cooldowns, field, four
from ..optimizers import Momentum, optimizer
from ..stats import interval
from ..tasks import make_task
from ..trial import LOOKS, SEEDS, STEPS, TASK, contest

__all__ = ["RECIPES", "Recipe"]


@dataclass(frozen=True)
class Recipe:
    """How a stored result is made: `make(**parameters)`."""

    make: Callable
    section: str
    parameters: dict


RECIPES: dict[str, Recipe] = {}


def recipe(section, **parameters):
    def keep(make):
        RECIPES[make.__name__] = Recipe(make, section, parameters)
        return make

    return keep


def pair(sample):
    """[mean, half-width] over seeds."""
    found = interval(sample)
    return [found.mean, found.half]


# -- 8.2 -------------------------------------------------------------------------------------------
@recipe("8.2", steps=1000, seeds=20, low=0.125, high=4.0)
def high_low_scheduled(steps, seeds, low, high):
    """A fixed rate four times its best, one an eighth of it, the best one, and cosine at its own best peak."""
    tuned = tune("text", {k: shape(s, steps) for k, s in four(steps).items() if k in ("const", "cosine")})
    best = tuned["const"]["best"]
    chosen = {"high": high * best, "low": low * best, "best fixed": best, "cosine": tuned["cosine"]["best"]}
    schedules = {label: four(steps)["cosine" if label == "cosine" else "const"] for label in chosen}
    return compare(
        schedules, "text", steps=steps, seeds=seeds, peaks=chosen, baseline="best fixed", evaluations=20
    )  # fmt: skip


@recipe("8.2", steps=1000, seeds=10, half_octaves=[-6, 6])
def u_curves(steps, seeds, half_octaves):
    """Final loss over a √2 grid of peaks for const, cosine and linear, on the same seeds. At the same peak the
    comparison has either sign: cosine loses at a low peak and wins at a high one."""
    peaks = [2 ** (k / 2) for k in range(half_octaves[0], half_octaves[1] + 1)]
    shapes = {label: shape(s, steps) for label, s in four(steps).items() if label != "cosine, floor 10 %"}
    rates = np.stack([peak * one for one in shapes.values() for peak in peaks])
    final = train("text", rates, range(seeds), evaluate_at=[steps]).final.reshape(seeds, len(shapes), -1)
    named = {label: final[:, c] for c, label in enumerate(shapes)}
    return {
        "peaks": peaks,
        "loss": {label: [pair(loss[:, k]) for k in range(len(peaks))] for label, loss in named.items()},
        "diff": {
            label: [pair(named[label][:, k] - named["const"][:, k]) for k in range(len(peaks))]
            for label in named if label != "const"
        },
    }  # fmt: skip


# -- 8.3 -------------------------------------------------------------------------------------------
@recipe("8.3", rates=[0.4, 0.2, 0.1], batch=16, l2=0.01, steps=6000, seeds=8)
def noise_floor(rates, batch, l2, steps, seeds):
    """Where a fixed rate settles: training loss above the minimum, theory beside measurement, for softmax regression
    on digits (rows drawn with replacement, and reshuffled) and for the noisy bowl (whose theory is exact)."""
    known = theory.softmax_floor(batch, l2)
    table = np.repeat(np.array(rates)[:, None], steps, axis=1)
    late = list(range(steps // 2, steps + 1, 50))
    found = {}
    for sampling in ("replace", "shuffle"):
        task = make_task("softmax", batch=batch, l2=l2, sampling=sampling)
        settled = train(task, table, range(seeds), evaluate_at=late).loss.mean(axis=-1) - known.minimum
        found[sampling] = [pair(settled[:, c]) for c in range(len(rates))]
    bowl_rates = [0.5, 0.25, 0.125]
    bowl = np.repeat(np.array(bowl_rates)[:, None], 4 * steps, axis=1)
    settled = train("quadratic", bowl, range(seeds), evaluate_at=range(2 * steps, 4 * steps, 10)).loss.mean(axis=-1)
    return {
        "rates": rates, "minimum": known.minimum, "limit": known.limit,
        "theory": [known.excess(eta) for eta in rates], "measured": found,
        "bowl": {
            "rates": bowl_rates, "theory": [quadratic.floor(eta) for eta in bowl_rates],
            "measured": [pair(settled[:, c]) for c in range(len(bowl_rates))],
        },
    }  # fmt: skip


@recipe("8.3", steps=400, seeds=8)
def noiseless_and_realizable(steps, seeds):
    """Where "a fixed rate never converges" is false: full-batch descent (no noise), and a task that can be fitted
    exactly (noise that dies out). And where it is true: the same task with noise in its labels."""
    shapes = np.stack([shape(s, steps) for label, s in four(steps).items() if label in ("const", "cosine")])
    steps_at = list(range(0, steps + 1, steps // 20))
    found = {"steps": steps_at}
    cases = {
        "no gradient noise": make_task("regression", label_noise=0.5, sampling="full"),
        "realizable": make_task("regression", label_noise=0.0),
        "noisy labels": make_task("regression", label_noise=0.5),
    }
    for name, task in cases.items():
        x, y = task.judged_by
        least = 0.5 * np.mean((y - x @ np.linalg.lstsq(x, y, rcond=None)[0]) ** 2)
        peak = 0.5 if name == "no gradient noise" else 0.1
        loss = train(task, peak * shapes, range(seeds), evaluate_at=steps_at, dtype=np.float64).loss
        excess = np.maximum(loss - least, 1e-32).mean(axis=0)
        found[name] = {"peak": peak, "const": excess[0], "cosine": excess[1]}
    return found


@recipe("8.3", shares=[0.25, 0.5, 0.9, 0.99, 1.01, 1.1], steps=300)
def stability_limit(shares, steps):
    """Full-batch descent at shares of 2/λ: below it every run comes closer, above it every run runs away."""
    curvatures = (1.0, 0.1, 0.01)
    limit = quadratic.limit(curvatures)
    rates = np.repeat(limit * np.array(shares)[:, None], steps, axis=1)
    loss = quadratic.mean_losses(rates, curvatures, noise=0.0)
    kept = list(range(0, steps + 1, steps // 20))
    return {"limit": limit, "shares": shares, "steps": kept, "loss": loss[:, kept]}


# -- 8.4 -------------------------------------------------------------------------------------------
@recipe("8.4", steps=1000, seeds=20)
def cosine_vs_constant(steps, seeds):
    """Cosine, cosine with a floor of 10 % and a straight line against a fixed rate, each at its own best peak."""
    return compare(four(steps), "text", steps=steps, seeds=seeds, evaluations=20)


@recipe("8.4", steps=1000, seeds=20)
def convex_bound(steps, seeds):
    """The convex bound (arXiv 2310.07831, 2501.18965) before any training, beside what was measured: the best peak
    relative to const's, the loss at the best peak, and how well their orders agree (Spearman)."""
    schedules = field(steps)
    measured = compare(schedules, "text", steps=steps, seeds=seeds, evaluations=1)
    labels = measured.labels
    predicted = {label: theory.best_peak(shape(schedules[label], steps)) for label in labels}
    centre = {label: _middle_of_u(measured.tuning[label]) for label in labels}
    losses = [measured.loss(label).mean for label in labels]
    return {
        "labels": labels,
        "peak, predicted": [predicted[k][0] / predicted["const"][0] for k in labels],
        "peak, measured": [centre[k] / centre["const"] for k in labels],
        "bound": [predicted[k][1] for k in labels],
        "loss": losses,
        "order of peaks": theory.rank_correlation([predicted[k][0] for k in labels], list(centre.values())),
        "order of losses": theory.rank_correlation([predicted[k][1] for k in labels], losses),
    }


def _middle_of_u(tuned):
    """The lowest point of a parabola through the best grid point and its neighbours, over log peak."""
    peaks, loss = np.log(tuned["peaks"]), np.array(tuned["loss"])
    k = int(np.argmin(loss))
    if not 0 < k < len(loss) - 1 or not np.isfinite(loss[k - 1 : k + 2]).all():
        return float(np.exp(peaks[k]))
    a, b, c = loss[k - 1 : k + 2]
    return float(np.exp(peaks[k] + 0.5 * (peaks[k] - peaks[k - 1]) * (a - c) / (a - 2 * b + c)))


# -- 8.5 -------------------------------------------------------------------------------------------
@recipe("8.5", steps=1000, seeds=20)
def field_text_sgd(steps, seeds):
    """Every schedule of the section on text, plain SGD."""
    return compare(field(steps), "text", steps=steps, seeds=seeds, optimizer="sgd")


@recipe("8.5", steps=1000, seeds=20)
def field_text_adam(steps, seeds):
    """The same with Adam."""
    return compare(field(steps), "text", steps=steps, seeds=seeds, optimizer="adam")


@recipe("8.5", steps=1000, seeds=20)
def field_digits_sgd(steps, seeds):
    """The same on digits, which the model can learn by heart: hardly anything to gain."""
    return compare(field(steps), "digits", steps=steps, seeds=seeds, optimizer="sgd")


@recipe("8.5", steps=1000, seeds=20)
def cooldown_length(steps, seeds):
    """WSD with cooldowns from 5 % to 100 % of the run."""
    return compare(cooldowns(steps), "text", steps=steps, seeds=seeds)


@recipe("8.5", steps=300, seeds=6, peaks=[0.003, 0.01, 0.03, 0.1], warmups=[0.0, 0.1, 0.3])
def warmup_transformer(steps, seeds, peaks, warmups):
    """Warmup then a straight line to 0, on the transformer with Adam, over peaks: loss and paired differences."""
    t = np.arange(steps)
    lines = [np.minimum((t + 1) / max(1, w * steps), (steps - t) / (steps - w * steps)) for w in warmups]
    rates = np.stack([peak * line for line in lines for peak in peaks])
    runs = train("transformer", rates, range(seeds), evaluate_at=[steps])
    final = runs.final.reshape(seeds, len(warmups), len(peaks))
    return {
        "peaks": peaks, "warmups": warmups,
        "loss": [[pair(final[:, i, j]) for j in range(len(peaks))] for i in range(len(warmups))],
        "diff": [[pair(final[:, i, j] - final[:, 0, j]) for j in range(len(peaks))] for i in range(1, len(warmups))],
    }  # fmt: skip


@recipe("8.5", steps=1000, seeds=8)
def transformer_adam(steps, seeds):
    """The one-block transformer with Adam: const, cosine, warmup and cosine, and a straight line."""
    schedules = {k: s for k, s in field(steps).items() if k in ("const", "cosine", "warmup + cosine", "linear")}
    return compare(schedules, "transformer", steps=steps, seeds=seeds)


# -- 8.6 -------------------------------------------------------------------------------------------
@recipe("8.6", steps=2000, seeds=20)
def five_percent(steps, seeds):
    """The text's "2.15 to 2.05": a fixed rate and the best schedules at T = 2000, each at its own best peak."""
    schedules = {label: s for label, s in field(steps).items() if label in ("const", "cosine", "WSD 20 %", "linear")}
    return compare(schedules, "text", steps=steps, seeds=seeds, evaluations=20)


@recipe("8.6", steps=1000, seeds=20, intervals=20)
def stability(steps, seeds, intervals):
    """How often the validation loss rises from one look to the next in the last fifth of the run, and how much of
    that the minibatch loss shows (where it rises for both alike)."""
    chosen, curves = _tuned_curves(steps, seeds, list(range(steps * 4 // 5, steps + 1, steps // 5 // intervals)))
    found = {}
    for c, label in enumerate(chosen):
        # batch_loss of the first look covers all before it, so it is left out.
        for name, loss in (("validation", curves.loss[:, c]), ("minibatch", curves.batch_loss[:, c, 1:])):
            found.setdefault(name, {})[label] = pair(100 * (np.diff(loss, axis=-1) > 0).mean(axis=-1))
    return {"peaks": chosen, "share of rises, %": found}


@recipe("8.6", steps=1000, seeds=20, half_octaves=[-4, 8])
def faster(steps, seeds, half_octaves):
    """Who leads when, at every twentieth of the run, as differences paired over seeds: cosine and linear minus const,
    each at the peak that is best for the whole run; then minus the const that is best for just so many steps (its
    peak chosen for each look on other seeds). `sooner` is the first look at which a schedule is below const's end."""
    looks = list(range(0, steps + 1, steps // 20))
    chosen, curves = _tuned_curves(steps, seeds, looks)
    peaks = [chosen["const"] * 2 ** (k / 2) for k in range(half_octaves[0], half_octaves[1] + 1)]
    rates = np.outer(peaks, np.ones(steps))
    best = train("text", rates, range(20_000, 20_004), evaluate_at=looks).loss.mean(axis=0).argmin(axis=0)
    fixed = train("text", rates, range(seeds), evaluate_at=looks).loss
    every = {label: curves.loss[:, c] for c, label in enumerate(chosen)}
    every["best const so far"] = np.stack([fixed[:, k, look] for look, k in enumerate(best)], axis=1)
    end = every["const"][:, -1].mean()
    return {
        "peaks": chosen, "steps": looks, "best const peaks": [peaks[k] for k in best],
        "loss": {label: _along(loss) for label, loss in every.items()},
        "minus const": {label: _along(every[label] - every["const"]) for label in ("cosine", "linear")},
        "minus best const so far": {
            label: _along(every[label] - every["best const so far"]) for label in ("cosine", "linear")
        },
        "sooner": {label: looks[int(np.argmax(every[label].mean(axis=0) < end))] for label in ("cosine", "linear")},
    }  # fmt: skip


def _along(loss):
    return [pair(loss[:, k]) for k in range(loss.shape[1])]


def _tuned_curves(steps, seeds, looks):
    """const, cosine and linear at their best peaks: (label → peak, Runs)."""
    shapes = {label: shape(s, steps) for label, s in four(steps).items() if label != "cosine, floor 10 %"}
    chosen = {label: tuned["best"] for label, tuned in tune("text", shapes).items()}
    rates = np.stack([chosen[label] * shapes[label] for label in shapes])
    return chosen, train("text", rates, range(seeds), evaluate_at=looks)


@recipe("8.6", horizons=[125, 250, 500, 1000, 2000, 4000], seeds=20)
def horizon(horizons, seeds):
    """The gain of a straight line over a fixed rate, in per cent, for runs of several lengths, SGD and Adam."""
    found = {"horizons": horizons}
    for rule in ("sgd", "adam"):
        results = [_two(steps, seeds, "text", rule) for steps in horizons]
        found[rule] = [_gain(result) for result in results]
    return found


@recipe("8.6", batches=[4, 16, 64, 256], steps=500, seeds=10)
def batch_size(batches, steps, seeds):
    """The same gain for several batch sizes: the less noise in the gradient, the less a schedule has to gain."""
    return {"batches": batches, "sgd": [_gain(_two(steps, seeds, "text", "sgd", batch=b)) for b in batches]}


def _two(steps, seeds, task, rule, **options):
    schedules = {label: s for label, s in four(steps).items() if label in ("const", "linear")}
    return compare(schedules, task, steps=steps, seeds=seeds, optimizer=rule, evaluations=1, **options)


def _gain(result):
    """Per cent of const's mean loss, as [mean, half-width]."""
    const, linear = (np.array(result.finals[label]) for label in ("const", "linear"))
    return pair(100 * (const - linear) / const.mean())


@recipe("8.6", steps=1000, seeds=20, averages=[0.9, 0.98, 0.99, 0.995])
def averaging(steps, seeds, averages):
    """Averaging instead of decay: a fixed rate judged at a running average of its parameters, at its best peak and
    best β (chosen on other seeds), beside a straight line at its best peak."""
    shapes = {label: shape(s, steps) for label, s in four(steps).items() if label in ("const", "linear")}
    best = {label: tuned["best"] for label, tuned in tune("text", shapes).items()}
    peaks = [best["const"] * 2 ** (k / 2) for k in range(6)]
    rates = np.outer(peaks, np.ones(steps))
    tried = {}
    for beta in averages:
        runs = train("text", rates, range(20_000, 20_004), evaluate_at=[steps], average=beta)
        tried.update({(beta, k): loss for k, loss in enumerate(runs.averaged[..., -1].mean(axis=0))})
    beta, k = min(tried, key=tried.get)
    rates = np.stack([peaks[k] * shapes["const"], best["const"] * shapes["const"], best["linear"] * shapes["linear"]])
    runs = train("text", rates, range(seeds), evaluate_at=[steps], average=beta)
    averaged, const, linear = runs.averaged[:, 0, -1], runs.final[:, 1], runs.final[:, 2]
    return {
        "beta": beta, "peak of the averaged": peaks[k], "peaks": best,
        "loss": {"const": pair(const), "const, averaged": pair(averaged), "linear": pair(linear)},
        "diff": {"averaged - const": pair(averaged - const), "averaged - linear": pair(averaged - linear)},
    }  # fmt: skip


@recipe("8.6", steps=STEPS, seeds=SEEDS, looks=LOOKS, schedules={name: repr(s) for name, s in contest().items()})
def trial(steps, seeds, looks, schedules):
    """What the explorable `trainer` shows without a kernel, and the peaks of its field: the rivals and every schedule
    that one can start from, each at its own best peak."""
    everyone = {name: s for name, s in contest().items() if repr(s) == schedules[name]}
    return compare(everyone, TASK, steps=steps, seeds=seeds, baseline="fixed", evaluations=looks)


@recipe("8.6", steps=1000, seeds=20)
def momentum(steps, seeds):
    """A fixed rate and a straight line with momentum 0.9."""
    assert optimizer("momentum") == Momentum(0.9)
    return _two(steps, seeds, "text", "momentum")


@recipe("8.6")
def published_124m():
    """Not ours: final validation losses of a 124M-parameter language model, 50 000 steps, one seed each, read from the
    training logs that accompany Schaipp et al. (2025, arXiv 2501.18965; MIT licence)."""
    return {
        "source": "github.com/fabian-sp/lr-scheduling, folder data, key final-val/loss",
        "model": "124M parameters, SlimPajama, AdamW, 50 000 steps, 300 of warmup, one seed",
        "loss": {
            "const": {"0.0001": 3.130440, "0.0005": 3.112109, "0.001": 3.140548},
            "cosine to 0": {"0.0001": 3.134065, "0.0005": 2.982428, "0.001": 2.963531, "0.002": 2.953371},
            "WSD 20 %": {"0.001": 2.965991},
        },
    }
