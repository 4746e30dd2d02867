// The schedules of the text: names, parameters with their controls, and what Python would refuse.

import { ABOVE_0, choiceControl, h, linear, logarithmic, numberControl, say } from "./dom.js";
import { beginnings, partsOf } from "./schedules.js";
import { count, number } from "./words.js";

const rate = (label, value) => ({ label, value, scale: logarithmic(1e-6, 1, 20), spoken: number });
const floor = (label, value) => ({ label, value, scale: logarithmic(1e-7, 1, 20, { zero: true }), spoken: number });
const steps = (label, value) => ({ label, value, scale: logarithmic(1, 1e6, 20, { whole: true }), spoken: (v) => `${count(v)} steps` });
const steps0 = (label, value) => ({ label, value, scale: logarithmic(1, 1e6, 20, { zero: true, whole: true }), spoken: (v) => `${count(v)} steps` });
const share = (label, value) => ({ label, value, scale: { ...linear(0.05, 1, 0.05), least: ABOVE_0, most: 1 }, spoken: number });
// Factors a little below 1 are spread by their distance from it: 0.9, 0.99, 0.999, …
const near = logarithmic(1e-6, 0.5, 10);
const keeping = (label, value) => ({
  label, value, spoken: number,
  scale: { least: ABOVE_0, most: 1, max: near.max, step: "any", value: (i) => Number((1 - near.value(near.max - i)).toPrecision(9)), position: (v) => near.max - near.position(1 - v) },
});
const choice = (label, value, options) => ({ label, value, options: Object.fromEntries(options.map((one) => [one, one])) });

/** Of each kind: its name, and its parameters in the order of the Python class. */
export const FAMILY = {
  Fixed: { name: "fixed rate", parameters: { eta_0: floor("rate η₀", 0.001) } },
  CosineAnnealing: {
    name: "cosine annealing",
    parameters: { eta_max: rate("peak η_max", 0.001), T_max: steps("steps T_max", 10000), eta_min: floor("floor η_min", 0), after: choice("after the end", "hold", ["hold", "periodic"]) },
  },
  Linear: { name: "straight line", parameters: { eta_max: rate("peak η_max", 0.001), T_max: steps("steps T_max", 10000), eta_min: floor("floor η_min", 0) } },
  StepDecay: { name: "step decay", parameters: { eta_0: rate("start η₀", 0.001), step_size: steps("step size s", 2500), gamma: share("factor γ", 0.5) } },
  ExponentialDecay: { name: "exponential decay", parameters: { eta_0: rate("start η₀", 0.001), gamma: keeping("kept per step γ", 0.9995) } },
  Warmup: {
    name: "warmup",
    parameters: { eta_max: rate("peak η_max", 0.001), T_warmup: steps("warmup T_warmup", 1000), start: choice("first step", "t/w", ["t/w", "(t+1)/w", "(t+1)/(w+1)"]) },
  },
  WarmupCosine: {
    name: "warmup + cosine",
    parameters: { eta_max: rate("peak η_max", 0.001), T_max: steps("steps T_max", 10000), T_warmup: steps0("warmup T_warmup", 1000), eta_min: floor("floor η_min", 0) },
  },
  OneCycle: {
    name: "one cycle",
    parameters: { eta_max: rate("peak η_max", 0.001), T_1: steps("rise T₁", 3000), T_2: steps("fall T₂", 7000), eta_min: floor("floor η_min", 0.0001), shape: choice("shape", "linear", ["linear", "cosine"]) },
  },
  WSD: {
    name: "warmup, stable, decay",
    parameters: {
      eta_max: rate("peak η_max", 0.001), T_max: steps("steps T_max", 10000), T_decay: steps("cooldown T_decay", 2000), T_warmup: steps0("warmup T_warmup", 1000),
      eta_min: floor("floor η_min", 0), cooldown: choice("cooldown", "linear", ["linear", "cosine", "1-sqrt"]),
    },
  },
  InverseSqrt: { name: "inverse square root", parameters: { eta_max: rate("peak η_max", 0.001), T_warmup: steps("warmup T_warmup", 1000) } },
  Polynomial: {
    name: "polynomial",
    parameters: { eta_max: rate("peak η_max", 0.001), T_max: steps("steps T_max", 10000), power: { label: "power", value: 2, scale: { ...linear(0.25, 5, 0.25), least: ABOVE_0 }, spoken: number }, eta_min: floor("floor η_min", 0) },
  },
  Cyclic: { name: "triangles", parameters: { eta_min: floor("floor η_min", 0.0001), eta_max: rate("peak η_max", 0.001), T_up: steps("rise T_up", 1250) } },
  CosineRestarts: {
    name: "cosine with restarts",
    parameters: { eta_max: rate("peak η_max", 0.001), T_0: steps("first cycle T_0", 1500), T_mult: { label: "growth T_mult", value: 2, scale: linear(1, 4, 1), spoken: number }, eta_min: floor("floor η_min", 0) },
  },
};

const label = (name) => name.replace("eta", "η").replace(/_0$/, "₀").replace("T_1", "T₁").replace("T_2", "T₂");

/** A schedule of a kind, with the numbers it starts from, or with those that it shares with `like`. */
export function start(kind, like = {}) {
  const shared = { eta_0: like.eta_max ?? like.eta_0, eta_max: like.eta_max ?? like.eta_0 };
  const values = Object.entries(FAMILY[kind].parameters).map(([name, { value }]) => [name, like[name] ?? shared[name] ?? value]);
  const made = { schedule: kind, ...Object.fromEntries(values) };
  return problem(made) ? { schedule: kind, ...Object.fromEntries(Object.entries(FAMILY[kind].parameters).map(([name, { value }]) => [name, value])) } : made;
}

/** What Python would refuse, in a sentence; "" for a sound schedule. */
export function problem(d) {
  const parameters = FAMILY[d.schedule]?.parameters;
  if (!parameters) return "";
  for (const [name, { scale }] of Object.entries(parameters)) {
    const v = d[name];
    if (!scale || v === undefined) continue;
    if (!Number.isFinite(v)) return `${label(name)} must be a number.`;
    if (scale.whole && (!Number.isSafeInteger(v) || v < scale.least)) return `${label(name)} must be a whole number of at least ${scale.least}.`;
    if (v < 0 || (v === 0 && scale.least > 0)) return `${label(name)} must be above 0.`;
  }
  const { eta_min = 0, eta_max, gamma = 1, T_max, T_warmup = 0, T_decay = 0, T_mult = 1 } = d;
  if (eta_max !== undefined && eta_min > eta_max) return `The floor η_min (${number(eta_min)}) must not lie above the peak η_max (${number(eta_max)}).`;
  if (gamma > 1) return "γ must be at most 1.";
  if (T_mult !== 1 && T_mult < 1.001) return "T_mult must be 1, or at least 1.001.";
  if (d.schedule === "WarmupCosine" && T_warmup >= T_max) return `T_warmup must be below T_max, which includes it: no step is left for the cosine (${count(T_warmup)} of ${count(T_max)}).`;
  if (d.schedule === "WSD" && T_warmup + T_decay > T_max) return `T_warmup + T_decay must be at most T_max, which includes both (${count(T_warmup)} + ${count(T_decay)} > ${count(T_max)}).`;
  return "";
}

/** The name to show for any schedule, of the family or composed in Python. */
export const nameOf = (d) => FAMILY[d.schedule]?.name ?? { Join: "joined parts", Product: "a product", Scaled: "a scaled schedule", Until: "a part", Ahead: "seen ahead" }[d.schedule] ?? d.schedule;

/** A run long enough to see the whole shape. */
export const span = (d) => Math.min(Math.ceil(wholeShape(d)), Number.MAX_SAFE_INTEGER);

function wholeShape(d) {
  const parts = partsOf(d);
  if (parts?.length > 1) return beginnings(parts).at(-1) + span(parts.at(-1));
  switch (d.schedule) {
    case "StepDecay": return 4 * d.step_size;
    case "ExponentialDecay": return Math.min(1e6, (5 * (d.per ?? 1)) / -Math.log(Math.min(d.gamma, 0.999999)));
    case "InverseSqrt": return 10 * Math.max(d.T_warmup, d.timescale ?? 0);
    case "Cyclic": return 4 * (d.T_up + (d.T_down ?? d.T_up));
    case "CosineRestarts": return d.T_0 * (1 + d.T_mult + d.T_mult ** 2);
    case "InverseTime": return (10 * (d.per ?? 1)) / d.k;
    case "MultiStep": return 1.3 * (d.milestones.at(-1) ?? 100);
    case "PiecewiseConstant": return 1.3 * (d.boundaries.at(-1) ?? 100);
    case "Warmup": return 2 * d.T_warmup;
    case "Join": case "WarmupCosine": case "WSD": case "OneCycle": return span(parts[0]);
    case "Product": return Math.max(...d.schedules.map(span));
    case "Scaled": case "Ahead": return span(d.inner);
    default: return d.T_max ?? d.T ?? 1000;
  }
}

/**
 * A list of kinds above the numbers of the one that is chosen, and below them what is wrong with these. `get()` gives the
 * schedule, `set(d)` takes the changed one, `begin(kind, d)` makes one of another kind. `more` stands beside the list.
 */
export function scheduleControls({ label: called, kinds, get, set, begin = start, more = [] }) {
  const options = Object.fromEntries(kinds.map((kind) => [kind, FAMILY[kind].name]));
  const pick = (v) => (FAMILY[v] ? set(begin(v, get())) : show(get())); // what was composed in Python cannot be begun here
  const kind = choiceControl({ label: called, options, value: "", onchange: pick });
  const numbers = h("div", { class: "lrx-controls" }), wrong = h("p", { class: "lrx-refused", role: "alert" });
  let now = null, controls = [];
  const remake = (d) => {
    now = d.schedule;
    controls = Object.entries(FAMILY[now]?.parameters ?? {}).map(([key, { label: named, scale, options: among, spoken }]) => {
      const onchange = (v) => set({ ...get(), [key]: v });
      return [key, scale ? numberControl({ label: named, scale, value: d[key] ?? 0, onchange, say: spoken })
        : choiceControl({ label: named, options: among, value: d[key], onchange })];
    });
    numbers.replaceChildren(...controls.map(([, control]) => control.element));
    if (!controls.length) numbers.append(h("p", {}, "Composed in Python, where its numbers are set."));
  };
  const show = (d) => {
    if (![...kind.list.options].some((one) => one.value === d.schedule)) kind.list.prepend(h("option", { value: d.schedule }, nameOf(d)));
    if (d.schedule !== now) remake(d);
    kind.show(now);
    controls.forEach(([key, control]) => { if (d[key] !== undefined) control.show(d[key]); });
    say(wrong, problem(d));
  };
  return { element: h("div", {}, h("div", { class: "lrx-row" }, kind.element, ...more), numbers, wrong), show };
}
