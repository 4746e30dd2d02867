"""How fast the run-batched engine is, against peers that do the same arithmetic in the same run.

    python benchmarks/bench_lab.py            a minute or two; torch's rows need torch (extra `interop`)

The work: the character model (108 → 32 → 36, 4676 parameters), batches of 16, plain SGD, float32, the same batches for
everyone, one thread. A run-step is one update of one run, its batch looked up included. Peers take turns (rounds), and
each figure is the median over rounds, so that other work on the machine falls on all of them alike.
"""

# ruff: noqa: E402  the threads must be set before NumPy is imported
import os

for _name in ("OPENBLAS", "OMP", "MKL"):
    os.environ[f"{_name}_NUM_THREADS"] = "1"

import argparse
import statistics
import time

import numpy as np

from lrcourse.lab.engine import train
from lrcourse.lab.models import MLP
from lrcourse.lab.tasks import make_task

try:
    import torch
except ImportError:
    torch = None

SEEDS, CONFIGURATIONS, RATE = 4, 16, 0.5
RUNS = SEEDS * CONFIGURATIONS
TASK = make_task("text", rows=16)  # judged on 16 rows once, at the end: the peers are not judged at all


# -- the peers: each is called with a number of steps and returns (run-steps done, one final parameter) --------------
def batched(steps):
    rates = np.full((CONFIGURATIONS, steps), RATE)
    train(TASK, rates, range(SEEDS), evaluate_at=[steps], processes=1)
    return RUNS * steps


def two_processes(steps):
    train(TASK, np.full((2 * CONFIGURATIONS, steps), RATE), range(SEEDS), evaluate_at=[steps], processes=2)
    return 2 * RUNS * steps


def looped_numpy(steps, runs=4):
    """One run after another, the way a first lesson writes it: named arrays, one run's matrices at a time."""
    task = TASK
    for seed in range(runs):
        p = {k: v.astype(np.float32) for k, v in task.model.views(task.start(seed)).items()}
        drawn = task.stream(seed).take(steps)
        for n in range(steps):
            x, y = (part[0, 0] for part in task.gather(drawn[n][None]))
            H = np.maximum(x @ p["W1"] + p["b1"], 0)
            Z = H @ p["W2"] + p["b2"]
            Z -= Z.max(axis=1, keepdims=True)
            E = np.exp(Z)
            Z = E / E.sum(axis=1, keepdims=True)
            loss = -np.log(Z[np.arange(len(y)), y]).mean()
            assert loss < 1e6
            Z[np.arange(len(y)), y] -= 1
            Z /= len(y)
            D = (Z @ p["W2"].T) * (H > 0)
            grads = {"W1": x.T @ D, "b1": D.sum(0), "W2": H.T @ Z, "b2": Z.sum(0)}
            for name, gradient in grads.items():
                p[name] -= np.float32(RATE) * gradient
    return runs * steps


def looped_torch(steps, runs=1):
    """torch.nn and torch.optim.SGD, one run after another."""
    task = TASK
    for seed in range(runs):
        model = torch.nn.Sequential(torch.nn.Linear(108, 32), torch.nn.ReLU(), torch.nn.Linear(32, 36))
        rule = torch.optim.SGD(model.parameters(), lr=RATE)
        drawn = task.stream(seed).take(steps)
        for n in range(steps):
            x, y = (torch.from_numpy(part[0, 0]) for part in task.gather(drawn[n][None]))
            rule.zero_grad()
            loss = torch.nn.functional.cross_entropy(model(x), y)
            loss.backward()
            assert loss.item() < 1e6
            rule.step()
    return runs * steps


def _torch_stacked(steps, grads_of):
    """All runs stacked, (R, …): the form torch itself recommends for ensembles."""
    task = TASK
    P = np.repeat(np.stack([task.start(s) for s in range(SEEDS)]).astype(np.float32), CONFIGURATIONS, axis=0)
    p = {k: torch.from_numpy(v.copy()) for k, v in task.model.views(P).items()}
    drawn = np.stack([task.stream(s).take(steps) for s in range(SEEDS)], axis=1)
    for n in range(steps):
        x, y = (torch.from_numpy(part[:, 0]) for part in task.gather(drawn[n]))
        x, y = x.repeat_interleave(CONFIGURATIONS, 0), y.repeat_interleave(CONFIGURATIONS, 0)
        losses, grads = grads_of(p, x, y)
        assert bool((losses < 1e6).all())
        with torch.no_grad():
            for name, gradient in grads.items():
                p[name] -= RATE * gradient
    return RUNS * steps


def torch_bmm(steps):
    def grads_of(p, x, y):
        leaves = {k: v.requires_grad_() for k, v in p.items()}
        H = torch.relu(torch.baddbmm(leaves["b1"], x, leaves["W1"]))
        Z = torch.baddbmm(leaves["b2"], H, leaves["W2"])
        losses = torch.nn.functional.cross_entropy(Z.flatten(0, 1), y.flatten(), reduction="none")
        losses = losses.view(len(x), -1).mean(1)
        grads = torch.autograd.grad(losses.sum(), list(leaves.values()))
        for v in p.values():
            v.requires_grad_(False)
        return losses.detach(), dict(zip(p, grads, strict=True))

    return _torch_stacked(steps, grads_of)


def torch_vmap(steps):
    def loss(p, x, y):
        return torch.nn.functional.cross_entropy(torch.relu(x @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"], y)

    each = torch.func.vmap(torch.func.grad_and_value(loss))

    def grads_of(p, x, y):
        grads, losses = each(p, x, y)
        return losses, grads

    return _torch_stacked(steps, grads_of)


# -- measuring -----------------------------------------------------------------------------------------------------
def rates_of(peers, rounds):
    """Peer → median run-steps per second, taking turns; `peers` maps a function to its number of steps."""
    for peer in peers:
        peer(3)
    seen = {peer: [] for peer in peers}
    for _ in range(rounds):
        for peer, steps in peers.items():
            began = time.perf_counter()
            done = peer(steps)
            seen[peer].append(done / (time.perf_counter() - began))
    return {peer: statistics.median(values) for peer, values in seen.items()}


def gemm_rate(n=384, rounds=15):
    """The machine's float32 matrix-product rate on one thread, in Gflop/s."""
    a = np.random.default_rng(0).standard_normal((n, n)).astype(np.float32)
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        a @ a
        times.append(time.perf_counter() - began)
    return 2 * n**3 / statistics.median(times) / 1e9


def compared(rounds):
    peers = {batched: 200, looped_numpy: 150}
    if torch is None:
        print("torch is not installed here: its rows are left out")
    else:
        torch.set_num_threads(1)
        peers |= {looped_torch: 100, torch_bmm: 40, torch_vmap: 40}
    found = rates_of(peers, rounds)
    wanted = {looped_numpy: 3, looped_torch: 20, torch_bmm: 1.5, torch_vmap: 1.5}
    print(f"\n{'one thread, float32':24}{'run-steps/s':>12}{'ours is':>10}   asked for")
    for peer, rate in found.items():
        name = peer.__name__.replace("_", " ")
        asked = f"≥ {wanted[peer]}×" if peer in wanted else ""
        print(f"{name:24}{rate:12,.0f}{found[batched] / rate:9.1f}×   {asked}")
    fine = all(found[batched] / rate >= wanted[peer] for peer, rate in found.items() if peer in wanted)
    flops = MLP(108, 32, 36).flops(16)
    share = found[batched] * flops / 1e9 / gemm_rate()
    print(f"share of this machine's matrix-product rate: {share:.0%} ({flops / 1e3:.0f} kflop a run-step)")
    both = rates_of({batched: 200, two_processes: 400}, rounds)
    print(f"two processes: {both[two_processes]:,.0f} run-steps/s, {both[two_processes] / both[batched]:.2f}× one")
    return fine


def scaling(rounds):
    def timed(rates, seeds, task=TASK):
        times = []
        for _ in range(rounds):
            began = time.perf_counter()
            train(task, rates, range(seeds), evaluate_at=[rates.shape[1]], processes=1)
            times.append(time.perf_counter() - began)
        return statistics.median(times)

    print("\nµs per run-step against the number of runs R (100 steps; at 4096, 20)")
    for R in (1, 4, 16, 64, 256, 1024, 4096):
        steps = 20 if R == 4096 else 100
        seconds = timed(np.full((max(1, R // 4), steps), RATE), min(4, R))
        print(f"  R = {R:5}  {1e6 * seconds / R / steps:8.1f}")
    print("µs per run-step against steps (64 runs) and hidden width (64 runs, 100 steps)")
    for steps in (50, 200, 800):
        print(f"  T = {steps:5}  {1e6 * timed(np.full((16, steps), RATE), 4) / RUNS / steps:8.1f}")
    for hidden in (8, 32, 128):
        seconds = timed(np.full((16, 100), 0.1), 4, make_task(TASK, hidden=hidden))
        print(f"  h = {hidden:5}  {1e6 * seconds / RUNS / 100:8.1f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    fine = compared(rounds)
    scaling(max(3, rounds // 3))
    print("\nevery ratio is what was asked for" if fine else "\nA ratio fell short of what was asked for.")
    raise SystemExit(0 if fine else 1)


if __name__ == "__main__":
    main()
