// A schedule as code: lrcourse's own, and PyTorch, Optax or Keras where they have one with the same rates up to its end.
// Where they have none, the line that hands ours over (lrcourse.interop). tests/explorables runs all of it.

import { partsOf } from "./schedules.js";
import { literal } from "./words.js";

export const TARGETS = { lrcourse: "lrcourse", torch: "PyTorch", optax: "Optax", keras: "Keras" };

const DEFAULTS = {
  eta_min: 0, exponent: 1, after: "hold", gamma: { StepDecay: 0.1, MultiStep: 0.1, Cyclic: 1 }, cycle: false, per: 1, staircase: false, timescale: null,
  start: "t/w", eta_start: { Warmup: 0, WarmupCosine: 0, WSD: 0 }, T_3: 0, eta_final: null, shape: "linear", mode: "triangular", T_down: null, T_mult: 1,
  decay: 1, cycles: null, cooldown: "linear", T_warmup: { WSD: 0 },
};

function isDefault(kind, name, value) {
  const usual = DEFAULTS[name];
  return value === (usual !== null && typeof usual === "object" ? usual[kind] : usual) && !(kind === "Cyclic" && name === "eta_min");
}

/** The expression that builds the schedule in lrcourse. */
export function expression(d) {
  const many = (parts, sign) => parts.map((part, i) => (i || part.schedule !== "Scaled" ? receiver(part) : expression(part))).join(` ${sign} `);
  switch (d.schedule) {
    case "Join": return many(d.schedules, ">>");
    case "Product": return many(d.schedules, "*");
    case "Scaled": return `${literal(d.factor)} * ${receiver(d.inner)}`;
    case "Until": return `${receiver(d.inner)}.until(${d.T})`;
    case "Ahead": return `${receiver(d.inner)}.ahead(${d.steps})`;
    default: {
      const given = Object.entries(d).filter(([name, value]) => name !== "schedule" && value !== undefined && !isDefault(d.schedule, name, value));
      return `${d.schedule}(${given.map(([name, value]) => `${name}=${literal(value)}`).join(", ")})`;
    }
  }
}

const receiver = (d) => (d.schedules || d.schedule === "Scaled" ? `(${expression(d)})` : expression(d));

/** The classes that the expression names. */
function classes(d) {
  const inner = d.schedules ?? (d.inner ? [d.inner] : null);
  return inner ? [...new Set(inner.flatMap(classes))].sort() : [d.schedule];
}

const ours = (d) => `from lrcourse.schedules import ${classes(d).join(", ")}\n\nschedule = ${expression(d)}`;

const handed = (d, target) => {
  const call = { torch: "to_torch(schedule, optimizer)", optax: "to_optax(schedule)", keras: "to_keras(schedule)" }[target];
  const name = { torch: "scheduler", optax: "schedule", keras: "learning_rate" }[target];
  return `# ${TARGETS[target]} has no schedule with just these rates: ours goes in its place.\nfrom lrcourse.interop import to_${target}\n${ours(d)}\n${name} = ${call}`;
};

// ---- PyTorch --------------------------------------------------------------------------------------------------------

const TORCH = {
  Fixed: (d) => torch(d.eta_0, "LambdaLR", "lambda t: 1.0"),
  CosineAnnealing: (d) => torch(d.eta_max, "CosineAnnealingLR", `T_max=${d.T_max}, eta_min=${literal(d.eta_min ?? 0)}`, d.after === "periodic" ? "" : `after T_max = ${d.T_max} it rises again: stop there`),
  Linear: (d) => torch(d.eta_max, "LinearLR", `start_factor=1.0, end_factor=${literal((d.eta_min ?? 0) / d.eta_max)}, total_iters=${d.T_max}`),
  StepDecay: (d) => torch(d.eta_0, "StepLR", `step_size=${d.step_size}, gamma=${literal(d.gamma)}`),
  ExponentialDecay: (d) => ((d.per ?? 1) === 1 && !d.eta_min ? torch(d.eta_0, "ExponentialLR", `gamma=${literal(d.gamma)}`) : null),
  Warmup: (d) => (d.start === "t/w" && !d.eta_start ? torch(d.eta_max, "LambdaLR", `lambda t: min(t / ${d.T_warmup}, 1.0)`) : null),
  Polynomial: (d) => (!d.eta_min && !d.cycle && d.after !== "periodic" ? torch(d.eta_max, "PolynomialLR", `total_iters=${d.T_max}, power=${literal(d.power)}`) : null),
  Cyclic: (d) => ((d.mode ?? "triangular") === "triangular" && !d.T_down ? torch(d.eta_max, "CyclicLR", `base_lr=${literal(d.eta_min)}, max_lr=${literal(d.eta_max)}, step_size_up=${d.T_up}, cycle_momentum=False`) : null),
  CosineRestarts: (d) => ((d.decay ?? 1) === 1 && (d.cycles ?? null) === null && Number.isInteger(d.T_mult ?? 1) ? torch(d.eta_max, "CosineAnnealingWarmRestarts", `T_0=${d.T_0}, T_mult=${d.T_mult ?? 1}, eta_min=${literal(d.eta_min ?? 0)}`) : null),
};

function torch(lr, name, rest, warning = "") {
  return `import torch\n\noptimizer = torch.optim.SGD(model.parameters(), lr=${literal(lr)})\n${warning ? `# ${warning}\n` : ""}scheduler = torch.optim.lr_scheduler.${name}(optimizer, ${rest})\n# scheduler.step() after each optimizer.step()`;
}

// ---- Optax ----------------------------------------------------------------------------------------------------------

const holds = (d) => (d.after ?? "hold") === "hold";

function optaxPart(d) {
  const line = (from, to, T) => `optax.linear_schedule(${literal(from)}, ${literal(to)}, ${literal(T)})`;
  switch (d.schedule) {
    case "Fixed": return `optax.constant_schedule(${literal(d.eta_0)})`;
    case "Until": return d.inner.schedule === "Fixed" ? optaxPart(d.inner) : null;
    case "Ramp": return d.shape === "linear" && holds(d) && Number.isInteger(d.T) ? line(d.eta_start, d.eta_end, d.T) : null;
    case "Linear": return holds(d) ? line(d.eta_max, d.eta_min ?? 0, d.T_max) : null;
    case "Warmup": return (d.start ?? "t/w") === "t/w" ? line(d.eta_start ?? 0, d.eta_max, d.T_warmup) : null;
    case "CosineAnnealing": return holds(d) && (d.exponent ?? 1) === 1 ? `optax.cosine_decay_schedule(${literal(d.eta_max)}, ${d.T_max}, alpha=${literal((d.eta_min ?? 0) / d.eta_max)})` : null;
    case "Polynomial": return holds(d) && !d.cycle ? `optax.polynomial_schedule(${literal(d.eta_max)}, ${literal(d.eta_min ?? 0)}, ${literal(d.power)}, ${d.T_max})` : null;
    case "StepDecay": return `optax.exponential_decay(${literal(d.eta_0)}, ${d.step_size}, ${literal(d.gamma)}, staircase=True)`;
    case "ExponentialDecay": return d.eta_min ? null : `optax.exponential_decay(${literal(d.eta_0)}, ${d.per ?? 1}, ${literal(d.gamma)})`;
    default: return null;
  }
}

function optax(d) {
  const parts = partsOf(d) ?? [d], written = parts.map(optaxPart);
  if (written.includes(null)) return null;
  if (parts.length === 1) return `import optax\n\nschedule = ${written[0]}`;
  let total = 0;
  const ends = parts.slice(0, -1).map((part) => (total += part.T_max ?? part.T ?? part.T_warmup));
  return `import optax\n\nschedule = optax.join_schedules(\n    [\n${written.map((one) => `        ${one},\n`).join("")}    ],\n    boundaries=${literal(ends)},\n)`;
}

// ---- Keras ----------------------------------------------------------------------------------------------------------

const keras = (name, rest) => `import keras\n\nlearning_rate = keras.optimizers.schedules.${name}(${rest})`;
// Keras takes the type of its first number for all of them: 0 would make every rate a whole number.
const real = (x) => literal(x).replace(/^\d+$/, "$&.0");
const KERAS = {
  Fixed: (d) => `learning_rate = ${real(d.eta_0)}`,
  CosineAnnealing: (d) => (holds(d) ? keras("CosineDecay", `${real(d.eta_max)}, decay_steps=${d.T_max}, alpha=${real((d.eta_min ?? 0) / d.eta_max)}`) : null),
  Linear: (d) => keras("PolynomialDecay", `${real(d.eta_max)}, decay_steps=${d.T_max}, end_learning_rate=${real(d.eta_min ?? 0)}, power=1.0`),
  Polynomial: (d) => keras("PolynomialDecay", `${real(d.eta_max)}, decay_steps=${d.T_max}, end_learning_rate=${real(d.eta_min ?? 0)}, power=${real(d.power)}`),
  StepDecay: (d) => keras("ExponentialDecay", `${real(d.eta_0)}, decay_steps=${d.step_size}, decay_rate=${real(d.gamma)}, staircase=True`),
  ExponentialDecay: (d) => (d.eta_min ? null : keras("ExponentialDecay", `${real(d.eta_0)}, decay_steps=${d.per ?? 1}, decay_rate=${real(d.gamma)}`)),
  WarmupCosine: (d) => (holds(d) && d.T_warmup && (d.start ?? "t/w") === "t/w" ? keras("CosineDecay",
    `${real(d.eta_start ?? 0)}, decay_steps=${d.T_max - d.T_warmup}, alpha=${real((d.eta_min ?? 0) / d.eta_max)}, warmup_target=${real(d.eta_max)}, warmup_steps=${d.T_warmup}`) : null),
};

/** The code of schedule `d` for a target: a text that can be pasted. */
export function code(d, target) {
  if (target === "lrcourse") return ours(d);
  const native = { torch: () => TORCH[d.schedule]?.(d), optax: () => optax(d), keras: () => KERAS[d.schedule]?.(d) }[target]();
  return native ?? handed(d, target);
}
