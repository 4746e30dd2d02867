// The arithmetic that leads to one rate, line by line: the lines that schedule.explain(t) prints in Python.

import { beginnings, blend, partsOf, schedule } from "./schedules.js";
import { equals, general, number } from "./words.js";

/** Lines that end in the rate at step t. */
export function explain(d, t) {
  const parts = partsOf(d);
  if (parts && parts.length > 1) return joined(parts, t, schedule(d));
  const one = parts ? parts[0] : d, s = schedule(one), T = s.horizon;
  if (T === null || t <= T) return arithmetic(one, t);
  const past = `t = ${general(t)} is past the end T = ${general(T)}:`;
  if (s.after === "periodic") {
    const back = t % (2 * T), inside = back > T ? 2 * T - back : back;
    return [`${past} the curve runs back and forth, so read it at ${general(inside)}`, ...arithmetic(one, inside)];
  }
  return [`${past} the last rate is held`, `η(${general(t)}) = η(${general(T)}) = ${general(s.at(t))}`];
}

function joined(parts, t, whole) {
  const begin = beginnings(parts), i = begin.filter((b) => b <= t).length - 1, b = begin[i];
  const where = `t = ${general(t)} lies in part ${i + 1} of ${parts.length}: ${parts[i].schedule}`;
  if (!b) return [where, ...explain(parts[i], t)];
  return [`${where}, which began at ${number(b)} and sees ${general(t)} − ${number(b)} = ${number(t - b)}`,
    ...explain(parts[i], t - b), `so η(${general(t)}) ${equals(whole.at(t))}`];
}

const WAYS = {
  Fixed: (d, t) => [`η(${general(t)}) = η_0 = ${number(d.eta_0)}`],
  Until: (d, t) => explain(d.inner, t),
  CosineAnnealing(d, t) {
    const { eta_max: a, eta_min: b = 0, T_max: T } = d;
    let cos = Math.cos((Math.PI * t) / T);
    if (Math.abs(cos) < 1e-12) cos = 0; // π is rounded, a right angle is not
    const w = Math.sin((Math.PI * (T - t)) / (2 * T)) ** 2;
    const open = `η(${general(t)}) = ${number(b)} + `, drop = number(a - b);
    return [`${open}(${number(a)} − ${number(b)}) × (1 + cos(π·${general(t)}/${T})) / 2`, `cos(π·${general(t)}/${T}) ${equals(cos)}`,
      `${open}${drop} × (1 + ${cos >= 0 ? number(cos) : `(${number(cos)})`}) / 2`, `${open}${drop} × ${number(w)}`, `${open}${number((a - b) * w)}`,
      `η(${general(t)}) ${equals(blend(w, a, b))}`];
  },
  Linear(d, t) {
    const { eta_max: a, eta_min: b = 0, T_max: T } = d, rest = (T - t) / T;
    return [`part that is left: 1 − ${general(t)}/${T} ${equals(rest)}`, `η(${general(t)}) = ${number(b)} + (${number(a)} − ${number(b)}) × ${number(rest)}`,
      `η(${general(t)}) ${equals(blend(rest, a, b))}`];
  },
  StepDecay({ eta_0, step_size, gamma = 0.1 }, t) {
    const drops = Math.round((t - (t % step_size)) / step_size);
    return [`drops so far: ⌊${general(t)}/${step_size}⌋ = ${drops}`, `η(${general(t)}) = ${number(eta_0)} × ${number(gamma)}^${drops}`,
      `η(${general(t)}) ${equals(eta_0 * gamma ** drops)}`];
  },
  ExponentialDecay({ eta_0, gamma, per = 1, eta_min = 0 }, t) {
    const kept = gamma ** (t / per), power = per === 1 ? general(t) : `(${general(t)}/${per})`, lines = [
      `η(${general(t)}) = ${number(eta_0)} × ${number(gamma)}^${power}`, `${number(gamma)}^${power} ${equals(kept)}`, `η(${general(t)}) ${equals(eta_0 * kept)}`];
    return eta_0 * kept < eta_min ? [...lines, `below the floor, so η(${general(t)}) = ${number(eta_min)}`] : lines;
  },
  Warmup({ eta_max: a, eta_start: b = 0, T_warmup: W, start = "t/w" }, t) {
    const offset = start === "t/w" ? 0 : 1, length = W + (start === "(t+1)/(w+1)" ? 1 : 0), done = Math.min((t + offset) / length, 1);
    const top = offset ? `(${general(t)} + 1)` : general(t), rise = b === 0 ? number(a) : `(${number(a)} − ${number(b)})`;
    return [`share of the warmup done: ${top}/${length} ${equals((t + offset) / length)}${t + offset > length ? ", at most 1" : ""}`,
      `η(${general(t)}) = ${b === 0 ? "" : `${number(b)} + `}${rise} × ${number(done)}`, `η(${general(t)}) ${equals(blend(done, a, b))}`];
  },
  Ramp({ eta_start: a, eta_end: b, T, shape = "linear" }, t) {
    const w = schedule({ schedule: "Ramp", eta_start: 1, eta_end: 0, T, shape }).at(t), sign = b >= a ? "+" : "−";
    const high = Math.max(a, b), low = Math.min(a, b), span = low === 0 ? number(high) : `(${number(high)} − ${number(low)})`;
    const done = { linear: `${general(t)}/${number(T)}`, cosine: `(1 − cos(π ${general(t)}/${number(T)}))/2`, "1-sqrt": `√(${general(t)}/${number(T)})` }[shape];
    return [`η(${general(t)}) = ${a ? `${number(a)} ${sign} ` : ""}${span} · ${done}`,
      `η(${general(t)}) = ${number(a)} ${sign} ${number(Math.abs(b - a))} × ${number(1 - w)}`, `η(${general(t)}) ${equals(blend(w, a, b))}`];
  },
};

/** The kinds whose arithmetic is written out here. */
export const EXPLAINED = ["Fixed", "CosineAnnealing", "Linear", "StepDecay", "ExponentialDecay", "Warmup", "WarmupCosine", "OneCycle", "WSD"];

const arithmetic = (d, t) => WAYS[d.schedule](d, t);
