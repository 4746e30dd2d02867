import jax
import optax

from lrcourse import CosineAnnealing, Warmup, interop

schedule = Warmup(0.01, 10) >> CosineAnnealing(0.01, 90)
optimizer = optax.adamw(interop.to_optax(schedule))  # a pure function of the count
weights = jax.numpy.ones(3)
state = optimizer.init(weights)
slope = jax.jit(jax.grad(lambda w: (w**2).sum()))
for _ in range(100):
    change, state = optimizer.update(slope(weights), state, weights)
    weights = optax.apply_updates(weights, change)
