"""Parity and speed inside the real frameworks: `.venv-interop/bin/python benchmarks/bench_interop.py` (after make
test-interop has set it up). Without the frameworks it says so and stops.

Parity: the largest difference from our own rates over all examples of the family, as a share of the peak, in float64
and in float32. Speed: ratios to a peer in the same run, interleaved.
"""

import importlib.util
import math
import os
import sys
import timeit
import warnings
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "schedules")]

GOALS = {"float64": 1e-12, "torch step": 1.1, "optax": 1.5}
FRAMEWORKS = ("torch", "jax", "optax", "keras", "transformers")


def updates(schedule) -> int:
    return min(int((schedule.horizon or 150) + 40), 300)


# ---- parity ----------------------------------------------------------------------------------------------------------


def torch_rates(schedule, n, dtype):
    import torch

    from lrcourse.interop import to_torch
    lr = 0.5 if dtype == "float64" else torch.tensor(0.5)  # a tensor's rate is float32
    opt = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=lr)
    scheduler, rates = to_torch(schedule, opt), []
    for _ in range(n):
        rates.append(float(opt.param_groups[0]["lr"]))
        opt.step()
        scheduler.step()
    return rates


def factor_rates(schedule, n, dtype):
    """LambdaLR and whatever else multiplies a rate, as Hugging Face's schedulers do."""
    import torch

    from lrcourse.interop import factor
    lr = 0.5 if dtype == "float64" else torch.tensor(0.5)
    opt = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=lr)
    scheduler, rates = torch.optim.lr_scheduler.LambdaLR(opt, factor(schedule, 0.5)), []
    for _ in range(n):
        rates.append(float(opt.param_groups[0]["lr"]))
        opt.step()
        scheduler.step()
    return rates


def trainer_rates(schedule, n, dtype):
    """What to_hf makes a Trainer build; a tensor as rate for float32."""
    import torch
    import transformers

    from lrcourse.interop import to_hf
    lr = 0.5 if dtype == "float64" else torch.tensor(0.5)
    opt = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=lr)
    trainer = object.__new__(transformers.Trainer)  # only its create_scheduler is asked
    trainer.lr_scheduler, trainer.optimizer, rates = None, opt, []
    scheduler = to_hf(schedule, trainer).create_scheduler(n)
    for _ in range(n):
        rates.append(float(opt.param_groups[0]["lr"]))
        opt.step()
        scheduler.step()
    return rates


def optax_rates(schedule, n, dtype):
    import jax

    from lrcourse.interop import to_optax
    jax.config.update("jax_enable_x64", dtype == "float64")
    return np.asarray(jax.jit(to_optax(schedule))(jax.numpy.arange(n)), dtype=float)


def keras_rates(schedule, n, dtype):
    import keras

    from lrcourse.interop import to_keras
    keras.config.set_floatx(dtype)
    rate = to_keras(schedule)
    return [float(rate(t)) for t in range(n)]


ROADS = {"to_torch": torch_rates, "factor": factor_rates, "to_hf": trainer_rates, "to_optax": optax_rates,
         "to_keras": keras_rates}


def parity(examples):
    """{road: {dtype: (largest difference / peak, of which example)}}."""
    worst = {road: {} for road in ROADS}
    for road, rates in ROADS.items():
        for dtype in ("float64", "float32"):
            found = []
            for schedule in examples:
                n = updates(schedule)
                ours = schedule.values(n)
                found.append(np.abs(np.asarray(rates(schedule, n, dtype)) - ours).max() / (ours.max() or 1.0))
            i = int(np.argmax(found))
            worst[road][dtype] = float(found[i]), type(examples[i]).__name__
    return worst


# ---- speed -----------------------------------------------------------------------------------------------------------


def best(jobs: dict, repeat: int, number: int) -> dict:
    """Seconds a call of each job: the best of `repeat` rounds in which all take their turn."""
    times = {name: [] for name in jobs}
    for _ in range(repeat):
        for name, job in jobs.items():
            times[name].append(timeit.timeit(job, number=number) / number)
    return {name: min(took) for name, took in times.items()}


def torch_steps(groups: int):
    import torch

    from lrcourse.interop import factor, to_torch
    from lrcourse.schedules import WarmupCosine
    schedule = WarmupCosine(1e-3, 10_000_000, 10_000, 1e-5)

    def optimizer():
        return torch.optim.SGD([{"params": [torch.nn.Parameter(torch.ones(1))]} for _ in range(groups)], lr=1e-3)

    def by_hand(t):
        if t < 10_000:
            return t / 10_000
        return 0.01 + 0.99 * (1 + math.cos(math.pi * (t - 10_000) / 9_990_000)) / 2

    lambda_lr = torch.optim.lr_scheduler.LambdaLR
    return {"LambdaLR": lambda_lr(optimizer(), by_hand).step, "to_torch": to_torch(schedule, optimizer()).step,
            "LambdaLR of factor": lambda_lr(optimizer(), factor(schedule, 1e-3)).step}


def optax_calls(size: int):
    import jax
    import optax

    from lrcourse.interop import to_optax
    from lrcourse.schedules import WarmupCosine
    jax.config.update("jax_enable_x64", False)
    steps = jax.numpy.arange(size)
    ours = jax.jit(to_optax(WarmupCosine(1e-3, 1_000_000, 10_000, 1e-5)))
    theirs = jax.jit(optax.warmup_cosine_decay_schedule(0.0, 1e-3, 10_000, 1_000_000, 1e-5))
    return {"optax": lambda: theirs(steps).block_until_ready(), "to_optax": lambda: ours(steps).block_until_ready()}


def main():
    missing = [name for name in FRAMEWORKS if importlib.util.find_spec(name) is None]
    if missing:
        print(f"not here: {', '.join(missing)}; run make test-interop once, then "
              f".venv-interop/bin/python benchmarks/{Path(__file__).name}")
        return
    os.environ.setdefault("KERAS_BACKEND", "torch")
    warnings.simplefilter("ignore")
    from schedule_examples import EXAMPLES
    print(f"largest difference / peak over {len(EXAMPLES)} schedules\n{'':12}{'float64':>10}{'':22}{'float32':>10}")
    for road, found in parity(EXAMPLES).items():
        (double, where), (single, there) = found["float64"], found["float32"]
        missed = "" if double <= GOALS["float64"] else "   MISSED"
        print(f"{road:12}{double:10.1e}  {where:20}{single:10.1e}  {there}{missed}")
    rows = []
    for groups in (1, 4):
        took = best(torch_steps(groups), repeat=15, number=3000)
        rows += [(f"{name}.step / LambdaLR.step of a hand-written factor, {groups} group{'s'[:groups - 1]}",
                  took[name] / took["LambdaLR"], GOALS["torch step"] if name == "to_torch" else None)
                 for name in ("to_torch", "LambdaLR of factor")]
    for size in (1, 1_000_000):
        took = best(optax_calls(size), repeat=15, number=200 if size == 1 else 10)
        rows.append((f"to_optax / optax's own warmup cosine, jit, {size:,} step{'s'[:size - 1]}",
                     took["to_optax"] / took["optax"], GOALS["optax"]))
    print(f"\n{'what':72}{'ratio':>7}{'goal':>7}")
    for what, ratio, goal in rows:
        print(f"{what:72}{ratio:7.2f}{goal or float('nan'):7.2f}{'' if goal is None or ratio <= goal else '   MISSED'}")


if __name__ == "__main__":
    main()
