// The driver of sections 8.1 to 8.3: gradient descent in a bowl or a ravine, under a schedule, with noise if wanted.

import { makeChart } from "./chart.js";
import { button, choiceControl, h, linear, mount, newId, numberControl, put, say, svg } from "./dom.js";
import { expectedLosses, journey, LANDSCAPES, noiseFloor, UPDATES } from "./descent.js";
import { schedule } from "./schedules.js";
import { count, number } from "./words.js";

const COURSES = { fixed: "stays fixed", cosine: "falls along a cosine to 0", linear: "falls in a straight line to 0", steps: "halves every 15 updates", warmup: "warms up for 10, then a cosine" };

/** The rate's course, as a schedule whose highest rate is `eta`. */
export function course(name, eta) {
  switch (name) {
    case "cosine": return { schedule: "CosineAnnealing", eta_max: eta, T_max: UPDATES };
    case "linear": return { schedule: "Linear", eta_max: eta, T_max: UPDATES };
    case "steps": return { schedule: "StepDecay", eta_0: eta, step_size: 15, gamma: 0.5 };
    case "warmup": return { schedule: "WarmupCosine", eta_max: eta, T_max: UPDATES, T_warmup: 10, start: "(t+1)/w" };
    default: return { schedule: "Fixed", eta_0: eta };
  }
}

export function render({ model, el }) {
  return mount(model, el, "The driver: gradient descent", (root) => {
    const set = (name) => (v) => put(model, { [name]: v });
    const controls = {
      landscape: choiceControl({ label: "landscape", options: LANDSCAPES, value: model.get("landscape"), onchange: set("landscape") }),
      course: choiceControl({ label: "the rate", options: COURSES, value: model.get("course"), onchange: set("course") }),
      rate: numberControl({ label: "rate × steepness η·λ", scale: { ...linear(0.05, 2.5, 0.05), least: 0 }, value: model.get("rate"), onchange: set("rate"), say: number }),
      noise: numberControl({ label: "noise σ", scale: linear(0, 1.5, 0.1), value: model.get("noise"), onchange: set("noise"), say: number }),
      shown: numberControl({ label: "updates shown", scale: { ...linear(0, UPDATES, 1), most: UPDATES, whole: true, step: 1 }, value: model.get("shown"), onchange: set("shown"), say: (v) => `${v} of ${UPDATES} updates` }),
    };
    const drive = driving(model), again = button("Other noise", () => put(model, { seed: (model.get("seed") % 999) + 1 }), { class: "lrx-quiet" });
    const left = h("div"), right = h("div"), said = h("p", { role: "status" }), facts = h("ul");
    root.append(h("h3", {}, "The driver: gradient descent under a schedule"), h("div", { class: "lrx-pair" }, left, right), said,
      h("div", { class: "lrx-controls" }, ...Object.values(controls).map((one) => one.element)), h("div", { class: "lrx-row" }, drive.button, again), facts);
    const bowl = makeChart(left, "The way through the bowl"), ravine = makeRavine(left), losses = makeChart(right, "Loss after each update");
    return () => {
      for (const [name, control] of Object.entries(controls)) control.show(model.get(name));
      const state = Object.fromEntries(["landscape", "course", "rate", "noise", "seed", "shown"].map((name) => [name, model.get(name)]));
      const run = journey(state, course(state.course, state.rate));
      again.disabled = state.noise === 0;
      bowl.root.style.display = state.landscape === "bowl" ? "" : "none";
      ravine.root.style.display = state.landscape === "ravine" ? "" : "none";
      const way = tellWay(run, state);
      if (state.landscape === "bowl") drawBowl(bowl, run, state, way); else ravine.draw(run, state, way);
      drawLosses(losses, run, state);
      say(said, way);
      const told = tellFacts(run, state);
      facts.replaceChildren(...told.map((line) => h("li", {}, line)));
    };
  });
}

/** A button that shows the updates one after the other; at once for readers who asked for less motion. */
function driving(model) {
  let timer = null;
  const stop = () => { clearInterval(timer); timer = null; one.textContent = "Drive"; };
  const one = button("Drive", () => {
    if (timer) return stop();
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return put(model, { shown: UPDATES });
    put(model, { shown: 0 });
    one.textContent = "Stop";
    timer = setInterval(() => {
      if (model.get("shown") >= UPDATES || !one.isConnected) return stop();
      put(model, { shown: model.get("shown") + 1 });
    }, 90);
  });
  return { button: one };
}

/** The places visited so far, as far as numbers reach. */
const onChart = (run, shown) => run.places.slice(0, shown + 1).filter((place, i) => Number.isFinite(run.losses[i]));

function drawBowl(chart, run, { shown }, way) {
  const side = Array.from({ length: 81 }, (_, i) => -4 + i / 10), loss = (x) => 0.5 * x * x;
  const x = onChart(run, shown).map((p) => p[0]), y = run.losses.slice(0, x.length);
  chart.draw({
    curves: [{ x: side, y: side.map(loss), look: 3 }, { x, y, look: 0, dots: true }], dots: [{ x: x.at(-1), y: y.at(-1), look: 1 }],
    x: [-4, 4], y: [0, 8], xLabel: "place x", yLabel: "loss", told: `A bowl with its minimum at 0. ${way}`,
  });
}

/** The ravine from above: level lines, and the path over them. Both axes have the same scale. */
function makeRavine(parent) {
  const ids = [newId("title"), newId("told")], title = svg("title", { id: ids[0] }), told = svg("desc", { id: ids[1] }), body = svg("g");
  title.textContent = "The way through the ravine";
  const root = svg("svg", { class: "lrx-chart", role: "img", "aria-labelledby": ids.join(" "), viewBox: "-4 -2.6 8 5.2", height: 260 }, title, told, body);
  parent.append(root);
  const clip = (v) => Math.max(-60, Math.min(60, v)).toFixed(3);
  const draw = (run, { shown }, way) => {
    const rings = [0.05, 0.3, 0.9, 2, 4, 7, 12].map((level) => `<ellipse class="lrx-grid" stroke-width=".03" rx="${Math.sqrt(2 * level / run.curvatures[0])}" ry="${Math.sqrt(2 * level / run.curvatures[1])}"/>`);
    const points = onChart(run, shown).map(([a, b]) => [clip(a), clip(-b)]), last = points.at(-1);
    const dots = points.map(([a, b]) => `<circle class="lrx-dot lrx-look0" cx="${a}" cy="${b}" r=".06"/>`);
    body.innerHTML = `${rings.join("")}<path d="M-.1 0H.1M0-.1V.1" class="lrx-axis" stroke-width=".03"/><polyline class="lrx-line lrx-look0" style="stroke-width:.025" points="${points.join(" ")}"/>${dots.join("")}<circle class="lrx-dot lrx-look1" cx="${last[0]}" cy="${last[1]}" r=".11"/>`;
    say(told, `A long ravine seen from above, its minimum in the middle. ${way}`);
  };
  return { root, draw };
}

function drawLosses(chart, run, state) {
  const x = run.losses.map((_, i) => i), mean = expectedLosses(state, course(state.course, state.rate)), floor = noiseFloor(state), curves = [];
  if (state.noise) curves.push({ x, y: mean, look: 1 });
  curves.push({ x: x.slice(0, state.shown + 1), y: run.losses.slice(0, state.shown + 1), look: 0, dots: true });
  const levels = state.noise && floor > 0 && Number.isFinite(floor) ? [floor] : [];
  const told = `Loss over ${UPDATES} updates, logarithmic: from ${inWords(run.losses[0])} to ${inWords(run.losses[state.shown])} after ${state.shown}.`
    + (state.noise ? ` Dashed: the mean over all noise, at the end ${inWords(mean.at(-1))}.` : "") + (levels.length ? ` Dotted: the noise floor of a fixed rate, ${inWords(floor)}.` : "");
  chart.draw({ curves, levels, x: [0, UPDATES], y: [1e-6, 1e3], log: true, xLabel: "update", yLabel: levels.length ? "loss (dashed: mean, dotted: floor)" : state.noise ? "loss (dashed: mean)" : "loss", told });
}

/** A loss in words; above the limit it outgrows all numbers. */
const inWords = (loss) => (loss < 1e300 ? number(loss, 3) : "more than any number here");

function tellWay(run, { shown, landscape }) {
  const x = run.places.slice(0, shown + 1).map((p) => p[landscape === "bowl" ? 0 : 1]);
  const leaps = x.slice(1).filter((place, i) => place * x[i] < 0).length;
  const over = leaps ? `leapt over the ${landscape === "bowl" ? "minimum" : "ravine"} ${leaps === 1 ? "once" : `${leaps} times`}` : "never overshot";
  const end = run.losses[shown] <= 1e6 ? `and stands at a loss of ${inWords(run.losses[shown])}` : "and runs away";
  return `After ${count(shown)} updates the driver has ${over} ${end}.`;
}

function tellFacts(run, state) {
  const lines = [`η·λ = ${number(state.rate)}: an update multiplies the distance across by 1 − ${number(state.rate)} = ${number(1 - state.rate, 4)}.`];
  if (state.landscape === "ravine") lines.push(`Along the ravine, 10 times less steep, by 1 − ${number(state.rate / 10)} = ${number(1 - state.rate / 10, 4)}: the slow direction sets the pace.`);
  const size = Math.abs(1 - state.rate);
  lines.push(size < 1e-12 ? "At η·λ = 1 one update lands on the minimum." : Math.abs(state.rate - 2) < 1e-9 ? "At the limit η·λ = 2 it leaps to and fro for ever." : state.rate < 1
    ? "Below 1 it comes nearer on the same side." : state.rate < 2 ? "Between 1 and 2 it overshoots at every update, and still comes nearer." : "Above the limit η·λ = 2 every leap lands farther away.");
  if (state.noise) {
    const floor = noiseFloor(state), end = expectedLosses(state, course(state.course, state.rate)).at(-1);
    lines.push(`With noise, a fixed rate ${Number.isFinite(floor) ? `settles at a mean loss of ${inWords(floor)}: the dotted line` : "never settles"}; under this schedule the mean loss ends at ${inWords(end)}.`);
  }
  lines.push(`The rate at the last update is η·λ = ${number(schedule(course(state.course, state.rate)).at(UPDATES - 1), 3)}.`);
  return lines;
}
