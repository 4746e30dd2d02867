// Every schedule of lrcourse.schedules, read from the dictionary that to_dict() writes: the same formulas, so that a
// rate drawn here is the rate computed in Python (tests/explorables: within 1e-12 of the peak).
//
// schedule(d) gives { at(t), inside(t), horizon, after, knots(stop), area(stop) }: `at` is the rate at any t ≥ 0, `inside`
// the bare formula up to the horizon, which is null where the shape never ends, `knots` where it jumps or bends (of very
// many the first), `area` the integral from 0 to stop.

/** (1 + cos(πt/T))/2. Near the end 1 + cos would cancel; the sine's square does not. */
export function halfWave(t, T) {
  if (2 * t <= T) return 0.5 * (1 + Math.cos((t / T) * Math.PI));
  const sine = Math.sin(((T - t) / T) * (Math.PI / 2));
  return sine * sine;
}

/** low + (high - low)·w, or its equal where rounding would miss `high` at w = 1. */
export function blend(w, high, low) {
  return low + (high - low) === high ? low + (high - low) * w : high * w + low * (1 - w);
}

const floorDivide = (t, n) => Math.round((t - (t % n)) / n);

/** How many of the steps, which are in order, lie at or before t. */
function passed(steps, t) {
  let low = 0, high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle] <= t) low = middle + 1; else high = middle;
  }
  return low;
}

const nearlyWhole = (x) => (Math.abs(x - Math.round(x)) <= 1e-12 * Math.abs(x) ? Math.round(x) : x);

const MOST_KNOTS = 50000; // no picture shows as many, and a list of all could fill the memory

function multiples(n, stop) {
  const found = [];
  for (let k = 1; k * n < stop && k <= MOST_KNOTS; k++) found.push(k * n);
  return found;
}

/**
 * What comes after the horizon: the last rate is held, the curve runs back and forth, or there is no rate. `period` says
 * that f(t + length) = factor · f(t), which gives the area without a walk over all of it.
 */
function closed({ horizon = null, after = "hold", inside, at, knots, area, period }) {
  const T = horizon;
  const past = {
    hold: () => inside(T),
    periodic: (t) => { const back = t % (2 * T); return inside(back > T ? 2 * T - back : back); },
    raise: (t) => (t <= T + 1e-6 ? inside(T) : NaN), // the end of a join is a sum, so it may be missed by rounding
  }[after];
  const made = {
    horizon, after, inside,
    at: at ?? ((t) => (T === null || t <= T ? inside(t) : past(t))),
    knots: knots ?? ((stop) => (T === null || T >= stop ? [] : after === "periodic" ? multiples(T, stop) : [T])),
  };
  const walked = (stop) => quadrature(made, stop);
  made.area = area ?? (period ? (stop) => repeated(walked, period, stop) : (stop) => ended(walked, made, stop));
  return made;
}

/** The area of what repeats itself, each time `factor` as high. */
function repeated(area, { length, factor = 1 }, stop) {
  const rounds = floorDivide(stop, length), rest = stop - rounds * length;
  if (!rounds) return area(stop);
  const sum = factor === 1 ? rounds : (1 - factor ** rounds) / (1 - factor);
  return area(length) * sum + (rest > 0 ? factor ** rounds * area(rest) : 0);
}

/** The area of a shape with what comes after its end. */
function ended(area, { horizon: T, after, at }, stop) {
  if (T === null || stop <= T) return area(stop);
  if (after !== "periodic") return area(T) + at(stop) * (stop - T);
  const rounds = floorDivide(stop, 2 * T), rest = stop - 2 * T * rounds, full = area(T);
  return 2 * full * rounds + (rest <= T ? area(rest) : 2 * full - area(2 * T - rest));
}

function ramp({ eta_start, eta_end, T, shape = "linear", after }) {
  const weight = {
    linear: (t) => (T - t) / T,
    cosine: (t) => halfWave(t, T),
    "1-sqrt": (t) => (T - t) / T / (1 + Math.sqrt(t / T)), // = 1 - √(t/T), without cancelling
  }[shape];
  return closed({ horizon: T, after, inside: (t) => blend(weight(t), eta_start, eta_end) });
}

function cosine({ eta_max, T_max, eta_min = 0, exponent = 1, after }) {
  const inside = (t) => {
    const w = halfWave(t, T_max);
    return blend(exponent === 1 ? w : w ** exponent, eta_max, eta_min);
  };
  return closed({ horizon: T_max, after, inside });
}

function polynomial({ eta_max, T_max, power = 1, eta_min = 0, cycle = false, after }) {
  const inside = (t) => {
    const T = cycle ? T_max * Math.max(Math.ceil(t / T_max), 1) : T_max;
    const rest = (T - t) / T;
    return blend(power === 1 ? rest : rest ** power, eta_max, eta_min);
  };
  if (cycle) return closed({ inside, knots: (stop) => multiples(T_max, stop) });
  return closed({ horizon: T_max, after, inside });
}

function warmup({ eta_max, T_warmup, eta_start = 0, start = "t/w" }) {
  const offset = start === "t/w" ? 0 : 1, length = T_warmup + (start === "(t+1)/(w+1)" ? 1 : 0);
  const end = T_warmup - (start === "(t+1)/w" ? 1 : 0);
  return closed({
    horizon: T_warmup,
    inside: (t) => blend(Math.min((t + offset) / length, 1), eta_max, eta_start),
    knots: (stop) => (end > 0 && end < stop ? [end] : []),
  });
}

function exponential({ eta_0, gamma, per = 1, eta_min = 0 }) {
  const meets = eta_min > 0 && gamma < 1 ? (per * Math.log(eta_min / eta_0)) / Math.log(gamma) : Infinity;
  return closed({
    inside: (t) => Math.max(eta_0 * gamma ** (t / per), eta_min),
    knots: (stop) => (meets > 0 && meets < stop ? [meets] : []),
  });
}

function inverseSqrt({ eta_max, T_warmup: W, timescale = null, start = "t/w" }) {
  const scale = timescale ?? W, offset = start === "(t+1)/w" ? 1 : 0;
  return closed({
    inside: (t) => {
      const n = t + offset;
      return n < W ? eta_max * (n / W) : eta_max * Math.sqrt(scale / (Math.max(n, W) - W + scale));
    },
    knots: (stop) => (W - offset > 0 && W - offset < stop ? [W - offset] : []),
  });
}

function cyclic({ eta_min, eta_max, T_up, T_down = null, mode = "triangular", gamma = 1 }) {
  const down = T_down ?? T_up, total = T_up + down;
  const factor = { triangular: () => 1, triangular2: (t) => 0.5 ** floorDivide(t, total), exp_range: (t) => gamma ** t }[mode];
  return closed({
    period: mode === "triangular" || eta_min === 0 ? { length: total, factor: { triangular2: 0.5, exp_range: gamma ** total }[mode] } : null,
    inside: (t) => {
      const inCycle = t % total;
      const height = (inCycle < T_up ? inCycle / T_up : (total - inCycle) / down) * factor(t);
      return eta_min === 0 ? eta_max * height : eta_min + (eta_max - eta_min) * height;
    },
    knots: (stop) => [...multiples(total, stop), ...multiples(total, stop + total).map((k) => k - down)]
      .filter((k) => k < stop).sort((a, b) => a - b),
  });
}

function restarts({ eta_max, T_0, T_mult = 1, eta_min = 0, decay = 1, cycles = null }) {
  const starts = [0];
  const limit = T_mult === 1 ? 0 : cycles === null ? Infinity : cycles;
  for (let length = T_0; starts.length <= limit && starts.at(-1) + length < 2 ** 53; length *= T_mult) {
    starts.push(nearlyWhole(starts.at(-1) + length));
  }
  const horizon = cycles === null ? null : nearlyWhole(T_mult === 1 ? T_0 * cycles : starts[cycles]);
  const inside = (t) => {
    const i = T_mult === 1 ? floorDivide(Number.isInteger(T_0) ? t : t * (1 + 1e-14), T_0) : passed(starts, t) - 1;
    const begin = T_mult === 1 ? i * T_0 : starts[i];
    const w = halfWave(t - begin, T_0 * T_mult ** i);
    return decay === 1 ? blend(w, eta_max, eta_min) : eta_min + (eta_max - eta_min) * decay ** i * w;
  };
  const last = (stop) => (horizon === null ? stop : Math.min(stop, horizon + 0.5));
  return closed({
    horizon, inside, period: T_mult === 1 && decay === 1 && cycles === null ? { length: T_0 } : null,
    at: (t) => (horizon === null || t < horizon ? inside(t) : eta_min),
    knots: (stop) => (T_mult === 1 ? multiples(T_0, last(stop)) : starts.slice(1).filter((s) => s < last(stop))),
  });
}

// ---- schedules made of schedules ------------------------------------------------------------------------------------

/** Parts of a join, in order, a join within a join laid flat. */
const flat = (parts) => parts.flatMap((part) => (part.schedule === "Join" ? flat(part.schedules) : [part]));

/** The step at which each part of a join begins. */
export function beginnings(parts) {
  const begin = [0];
  for (const part of parts.slice(0, -1)) begin.push(nearlyWhole(begin.at(-1) + schedule(part).horizon));
  return begin;
}

function join(dictionaries) {
  const parts = dictionaries.map(schedule), begin = beginnings(dictionaries), last = parts.at(-1);
  const at = (t) => {
    const i = passed(begin, t) - 1;
    if (i === parts.length - 1) return last.at(t - begin[i]);
    return parts[i].inside(Math.min(t - begin[i], parts[i].horizon));
  };
  const knots = (stop) => {
    const all = begin.slice(1).filter((b) => b < stop);
    parts.forEach((part, i) => {
      const end = Math.min(stop, begin[i + 1] ?? Infinity);
      if (begin[i] < stop) all.push(...part.knots(end - begin[i]).map((k) => begin[i] + k));
    });
    return [...new Set(all)].sort((a, b) => a - b);
  };
  const horizon = last.horizon === null ? null : nearlyWhole(begin.at(-1) + last.horizon);
  const area = (stop) => parts.reduce((sum, part, i) => {
    const length = Math.min(stop, begin[i + 1] ?? stop) - begin[i];
    return length > 0 ? sum + part.area(i < parts.length - 1 ? Math.min(length, part.horizon) : length) : sum;
  }, 0);
  return closed({ horizon, after: last.after, at, inside: at, knots, area });
}

/** What a named composition, or a join, is made of; null for a simple shape. */
export function partsOf(d) {
  const { eta_max, eta_min = 0, after, T_max, T_warmup = 0, eta_start = 0, start } = d;
  const rise = T_warmup ? [{ schedule: "Warmup", eta_max, T_warmup, eta_start, start }] : [];
  if (d.schedule === "Join") return flat(d.schedules);
  if (d.schedule === "WarmupCosine") {
    return [...rise, { schedule: "CosineAnnealing", eta_max, T_max: T_max - T_warmup, eta_min, after }];
  }
  if (d.schedule === "WSD") {
    const stable = T_max - T_warmup - d.T_decay;
    const plateau = { schedule: "Until", inner: { schedule: "Fixed", eta_0: eta_max }, T: stable };
    const fall = { schedule: "Ramp", eta_start: eta_max, eta_end: eta_min, T: d.T_decay, shape: d.cooldown, after };
    return [...rise, ...(stable ? [plateau] : []), fall];
  }
  if (d.schedule === "OneCycle") {
    const { T_1, T_2, T_3 = 0, shape } = d, final = d.eta_final ?? eta_min;
    const to = (from, end, T, more) => ({ schedule: "Ramp", eta_start: from, eta_end: end, T, shape, ...more });
    if (!T_3) return [to(eta_min, eta_max, T_1), to(eta_max, final, T_2, { after })];
    return [to(eta_min, eta_max, T_1), to(eta_max, eta_min, T_2), to(eta_min, final, T_3, { after })];
  }
  return null;
}

function composed(d) {
  const parts = partsOf(d);
  return parts.length > 1 ? join(parts) : schedule(parts[0]);
}

function until({ inner, T }) {
  const s = schedule(inner);
  return closed({
    horizon: T, inside: s.at, knots: (stop) => [...s.knots(Math.min(stop, T)), ...(T < stop ? [T] : [])],
    area: (stop) => s.area(Math.min(stop, T)) + (T < stop ? s.at(T) * (stop - T) : 0),
  });
}

function ahead({ inner, steps }) {
  const s = schedule(inner), at = (t) => s.at(t + steps);
  const whole = closed({
    horizon: s.horizon === null ? null : Math.max(s.horizon - steps, 0), after: s.after, at, inside: at,
    knots: (stop) => s.knots(stop + steps).map((k) => k - steps).filter((k) => k > 0),
  });
  // A difference of two areas loses digits, so it is taken only where there is too much between them to walk over.
  return { ...whole, area: (stop) => (s.knots(stop + steps).length < 1000 ? quadrature(whole, stop) : s.area(stop + steps) - s.area(steps)) };
}

function scaled({ inner, factor }) {
  const s = schedule(inner), at = (t) => factor * s.at(t);
  return closed({ horizon: s.horizon, after: s.after, at, inside: at, knots: s.knots, area: (stop) => factor * s.area(stop) });
}

function product({ schedules }) {
  const factors = schedules.map(schedule), ends = factors.map((s) => (s.after === "periodic" ? null : s.horizon));
  const refusing = factors.filter((s) => s.after === "raise" && s.horizon !== null).map((s) => s.horizon);
  const at = (t) => factors.reduce((rate, s) => rate * s.at(t), 1);
  const knots = (stop) => [...new Set(factors.flatMap((s) => s.knots(stop)))].sort((a, b) => a - b);
  const horizon = refusing.length ? Math.min(...refusing) : ends.includes(null) ? null : Math.max(...ends);
  const whole = closed({ horizon, after: refusing.length ? "raise" : "hold", at, inside: at, knots });
  return { ...whole, area: (stop) => quadrature(whole, stop) };
}

const SHAPES = {
  Fixed: ({ eta_0 }) => closed({ inside: () => eta_0 }),
  Ramp: ramp, CosineAnnealing: cosine, Polynomial: polynomial, Linear: polynomial, Warmup: warmup,
  StepDecay: ({ eta_0, step_size, gamma = 0.1 }) => closed({
    inside: (t) => eta_0 * gamma ** floorDivide(t, step_size), knots: (stop) => multiples(step_size, stop), period: { length: step_size, factor: gamma },
  }),
  MultiStep: ({ eta_0, milestones, gamma = 0.1 }) => closed({
    inside: (t) => eta_0 * gamma ** passed(milestones, t), knots: (stop) => [...new Set(milestones)].filter((m) => m < stop),
  }),
  PiecewiseConstant: ({ rates, boundaries }) => closed({
    inside: (t) => rates[passed(boundaries, t)], knots: (stop) => boundaries.filter((b) => b < stop),
  }),
  ExponentialDecay: exponential,
  InverseTime: ({ eta_0, k, per = 1, staircase = false }) => closed({
    inside: (t) => eta_0 / (1 + k * (staircase ? floorDivide(t, per) : t / per)),
    knots: (stop) => (staircase ? multiples(per, stop) : []),
  }),
  InverseSqrt: inverseSqrt, Cyclic: cyclic, CosineRestarts: restarts,
  WarmupCosine: composed, OneCycle: composed, WSD: composed, Join: composed,
  Until: until, Ahead: ahead, Scaled: scaled, Product: product,
};

/** The schedule that a dictionary of to_dict() describes. */
export function schedule(d) {
  const shape = SHAPES[d.schedule];
  if (!shape) throw new Error(`unknown schedule ${d.schedule}`);
  return shape(d);
}

// ---- the area under a curve -----------------------------------------------------------------------------------------

const NODES = [[0.2386191860831969, 0.467913934572691], [0.6612093864662645, 0.3607615730481386], [0.932469514203152, 0.1713244923791704]];

const HALVES = Array.from({ length: 39 }, (_, i) => 2 ** -(i + 1));
const CUTS = [ // finer towards the ends of a piece, where a root may be steep; the more pieces there are, the coarser
  { pieces: 32, at: [0, ...HALVES.slice().reverse(), ...HALVES.slice(1).map((x) => 1 - x), 1] },
  { pieces: 1000, at: [0, 2 ** -12, 2 ** -6, 2 ** -3, 0.5, 1 - 2 ** -3, 1 - 2 ** -6, 1 - 2 ** -12, 1] }, { pieces: MOST_KNOTS, at: [0, 0.5, 1] },
];

/** The integral from 0 to `stop`: Gauss–Legendre between the knots; no number where there are too many of them. */
function quadrature(s, stop) {
  const edges = [0, ...s.knots(stop).filter((k) => k > 0 && k < stop), stop], cuts = CUTS.find(({ pieces }) => edges.length <= pieces)?.at;
  if (!cuts) return NaN;
  let sum = 0;
  for (let e = 1; e < edges.length; e++) {
    const begin = edges[e - 1], width = edges[e] - begin;
    for (let c = 1; c < cuts.length; c++) {
      const middle = begin + (width * (cuts[c] + cuts[c - 1])) / 2, radius = (width * (cuts[c] - cuts[c - 1])) / 2;
      for (const [node, weight] of NODES) sum += weight * radius * (s.at(middle - radius * node) + s.at(middle + radius * node));
    }
  }
  return sum;
}

/** The area under a schedule from 0 to `stop`. */
export const area = (s, stop) => s.area(stop);
