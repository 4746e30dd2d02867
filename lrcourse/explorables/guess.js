// A guessing game: a hidden curve is drawn, and a schedule with its numbers is to be put on top of it.

import { makeChart, rateRange, spread } from "./chart.js";
import { expression } from "./code.js";
import { button, h, mount, put, say } from "./dom.js";
import { FAMILY, nameOf, problem, scheduleControls, start } from "./family.js";
import { schedule } from "./schedules.js";
import { count, number } from "./words.js";

const STOP = 1000, CLOSE = 0.02;
const KINDS = ["Fixed", "Linear", "CosineAnnealing", "StepDecay", "WarmupCosine", "OneCycle", "WSD", "CosineRestarts"];
const FIRST = { T_max: 1000, T_warmup: 100, T_decay: 300, T_1: 300, T_2: 700, T_0: 300, T_mult: 1, step_size: 250, gamma: 0.5, eta_min: 0 };

/** The hidden schedule of a round: a kind and round numbers, the same for the same round. */
export function hidden(round) {
  let state = (Math.imul(round, 2654435761) + 40503) >>> 0;
  const pick = (...among) => {
    state = (Math.imul(state ^ (state >>> 13), 1274126177) + 362437) >>> 0;
    return among[(state >>> 8) % among.length];
  };
  const eta_max = pick(0.001, 0.002, 0.004, 0.005, 0.01), eta_min = pick(0, 0, eta_max / 10, eta_max / 5);
  const kind = KINDS[1 + ((round - 1) % (KINDS.length - 1))]; // every kind has its turn; a level line would be no riddle
  const all = {
    Linear: { eta_max, T_max: pick(500, 800, 1000), eta_min }, CosineAnnealing: { eta_max, T_max: pick(600, 800, 1000), eta_min, after: pick("hold", "hold", "periodic") },
    StepDecay: { eta_0: eta_max, step_size: pick(150, 200, 250, 400), gamma: pick(0.3, 0.5, 0.7) },
    WarmupCosine: { eta_max, T_max: pick(800, 1000), T_warmup: pick(50, 100, 200, 300), eta_min },
    OneCycle: { eta_max, T_1: pick(200, 300, 400, 500), T_2: pick(300, 400, 500), eta_min, shape: pick("linear", "cosine") },
    WSD: { eta_max, T_max: pick(800, 1000), T_decay: pick(100, 200, 300, 400), T_warmup: pick(0, 50, 100, 200), eta_min, cooldown: pick("linear", "cosine", "1-sqrt") },
    CosineRestarts: { eta_max, T_0: pick(150, 200, 250, 300), T_mult: pick(1, 2), eta_min },
  };
  return { schedule: kind, ...all[kind] };
}

/** The largest gap between two schedules over the run, as a share of the hidden one's peak. */
export function gap(guess, goal) {
  const a = schedule(guess), b = schedule(goal);
  let most = 0, peak = 0;
  for (let t = 0; t <= STOP; t++) { most = Math.max(most, Math.abs(a.at(t) - b.at(t))); peak = Math.max(peak, b.at(t)); }
  return most / peak;
}

const first = (kind, like) => {
  const keys = Object.keys(FAMILY[kind].parameters), made = start(kind);
  for (const key of keys) made[key] = like[key] ?? FIRST[key] ?? made[key];
  for (const key of ["eta_0", "eta_max"]) if (keys.includes(key)) made[key] = like.eta_max ?? like.eta_0 ?? 0.001;
  return made;
};

export function render({ model, el }) {
  return mount(model, el, "Guess the schedule", (root) => {
    const heading = h("h3", { tabindex: "-1" }), said = h("p", { role: "status" }), hint = h("p", { role: "status" });
    const controls = scheduleControls({ label: "schedule", kinds: KINDS, begin: first, get: () => model.get("guess"), set: (d) => put(model, { guess: d }) });
    const next = button("Next curve", () => { put(model, { round: model.get("round") + 1, guess: first("Fixed", {}) }); say(hint, ""); });
    const help = button("Hint", () => say(hint, hintFor(model.get("guess"), hidden(model.get("round")))), { class: "lrx-quiet" });
    const tell = button("Show me", () => say(hint, `It is ${expression(hidden(model.get("round")))}.`), { class: "lrx-quiet" });
    root.append(heading, h("p", {}, "Put the solid blue curve on top of the dashed one: choose a schedule, then its numbers."));
    const chart = makeChart(root, "A hidden schedule, and your guess");
    root.append(said, controls.element, h("div", { class: "lrx-row" }, help, tell, next), hint);
    return () => {
      const round = model.get("round"), guess = model.get("guess"), goal = hidden(round);
      say(heading, `Guess the schedule: curve ${round}`);
      controls.show(guess);
      const refused = problem(guess), miss = refused ? null : gap(guess, goal);
      draw(chart, refused ? null : guess, goal, miss);
      say(said, refused ? "" : verdict(miss, guess, goal));
    };
  });
}

function verdict(miss, guess, goal) {
  if (miss > CLOSE) return `Largest gap: ${number(100 * miss, 3)} % of the peak. Below ${100 * CLOSE} % counts as found.`;
  return `Found, with a gap of ${number(100 * miss, 3)} %. The hidden one was ${expression(goal)}${guess.schedule === goal.schedule ? "." : `: over these steps, ${nameOf(guess)} does the same.`}`;
}

function hintFor(guess, goal) {
  if (guess.schedule !== goal.schedule) {
    const s = schedule(goal), rises = s.at(0) < 0.99 * s.at(s.knots(STOP)[0] ?? 0), many = s.knots(STOP).length > 2;
    if (goal.schedule === "CosineRestarts") return "It starts anew, again and again: which schedule has restarts?";
    return rises ? "It begins with a rise. What comes after the peak: a fall at once, or a level stretch?" : many ? "It falls in jumps: which schedule is level between them?" : "It falls from the start. Is it straight, or does it leave its peak slowly?";
  }
  const wrong = Object.keys(FAMILY[goal.schedule].parameters).find((key) => guess[key] !== goal[key]);
  return wrong ? `The kind is right. Look at ${FAMILY[goal.schedule].parameters[wrong].label}.` : "Everything is right.";
}

function draw(chart, guess, goal, miss) {
  const curve = (d, look) => { const s = schedule(d), x = spread(s.knots(STOP), STOP); return { x, y: x.map(s.at), look }; };
  const target = curve(goal, 1), curves = [target, ...(guess ? [curve(guess, 0)] : [])];
  // Described by its rates alone: the name is what is to be found.
  const told = [0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000].map((t) => `${count(t)}: ${number(schedule(goal).at(t), 3)}`).join(", ");
  chart.draw({
    curves, x: [0, STOP], y: rateRange(target.y, false).map((v, i) => (i ? 1.25 * v : v)), xLabel: "step t", yLabel: "learning rate",
    told: `The hidden curve, dashed, by step: ${told}. ${guess ? `Your guess is ${nameOf(guess)}, at most ${number(100 * miss, 3)} % of the peak away.` : "Your guess is no schedule yet."}`,
  });
}
