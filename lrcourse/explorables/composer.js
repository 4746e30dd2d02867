// Warmup, a stable stretch and a cooldown, composed by dragging four handles, or with the numbers beside them.

import { draggable, makeChart, placeOver, spread } from "./chart.js";
import { expression } from "./code.js";
import { choiceControl, h, linear, logarithmic, mount, numberControl, put, say, within } from "./dom.js";
import { problem } from "./family.js";
import { area, schedule } from "./schedules.js";
import { count, number } from "./words.js";

const ROUND = 50; // a drag or a key moves a rate by this part of the peak, a length by half this part of the run

export function render({ model, el }) {
  return mount(model, el, "Warmup and cooldown composer", (root) => {
    const stage = h("div", { class: "lrx-stage" }), said = h("p", { role: "status" }), wrong = h("p", { class: "lrx-refused", role: "alert" });
    const code = h("pre", { tabindex: "0", "data-lm-suppress-shortcuts": "true", "aria-label": "The schedule as code" });
    root.append(h("h3", {}, "Compose warmup and cooldown"), h("p", {}, "Drag a handle, or choose one with Tab and move it with the arrow keys."), stage);
    const chart = makeChart(stage, "Learning rate over the steps", { height: 280 });
    const change = (values) => put(model, { schedule: { ...model.get("schedule"), ...values } });
    const handles = HANDLES.map((handle) => makeHandle(handle, stage, chart, () => model.get("schedule"), change));
    const controls = makeControls(model, change);
    root.append(h("div", { class: "lrx-controls" }, ...controls.map(([, control]) => control.element)), wrong, said, code);
    let top = 0;
    return () => {
      const d = model.get("schedule");
      // The scale stays while a handle moves inside it, so that what moves is the curve.
      if (d.eta_max > 0.95 * top || d.eta_max < 0.3 * top) top = 1.5 * d.eta_max;
      controls.forEach(([name, control]) => control.show(d[name] ?? 0));
      say(wrong, problem(d));
      if (problem(d)) return;
      draw(chart, d, top, said);
      handles.forEach((handle) => handle.place(d));
      say(code, expression(d));
    };
  });
}

function makeControls(model, change) {
  const d = model.get("schedule"), set = (name) => (v) => change({ [name]: v });
  const of = (name, label, scale, spoken) => [name, numberControl({ label, scale, value: d[name] ?? 0, onchange: set(name), say: spoken })];
  const whole = (zero) => logarithmic(1, 1e6, 20, { zero, whole: true }), inSteps = (v) => `${count(v)} steps`;
  return [
    of("eta_max", "peak η_max", logarithmic(1e-6, 1, 20), number), of("eta_min", "floor η_min", logarithmic(1e-7, 1, 20, { zero: true }), number),
    of("T_max", "steps T_max", whole(false), inSteps), of("T_warmup", "warmup T_warmup", whole(true), inSteps), of("T_decay", "cooldown T_decay", whole(false), inSteps),
    ["cooldown", choiceControl({ label: "cooldown", options: { linear: "a straight line", cosine: "half a cosine", "1-sqrt": "1 − √" }, value: d.cooldown, onchange: set("cooldown") })],
  ];
}

/** Each handle moves one number, sideways or up and down: where it stands, its limits, and what it is called. */
const HANDLES = [
  { name: "T_warmup", label: "End of the warmup", sign: "↔", sideways: true, limits: (d) => [0, d.T_max - d.T_decay], at: (d) => [d.T_warmup, d.eta_max], read: (d) => d.T_warmup, write: (v) => ({ T_warmup: v }), say: (d) => `warmup of ${count(d.T_warmup)} steps` },
  {
    name: "T_decay", label: "Begin of the cooldown", sign: "↔", sideways: true, limits: (d) => [d.T_warmup, d.T_max - 1], at: (d) => [d.T_max - d.T_decay, d.eta_max],
    read: (d) => d.T_max - d.T_decay, write: (v, d) => ({ T_decay: d.T_max - v }), say: (d) => `cooldown of ${count(d.T_decay)} steps, from step ${count(d.T_max - d.T_decay)}`,
  },
  { name: "eta_max", label: "Peak", sign: "↕", limits: (d) => [Math.max(d.eta_min, Math.min(1e-6, d.eta_max)), Infinity], at: (d) => [(d.T_warmup + d.T_max - d.T_decay) / 2, d.eta_max], read: (d) => d.eta_max, write: (v) => ({ eta_max: v }), say: (d) => `peak ${number(d.eta_max)}` },
  { name: "eta_min", label: "Floor", sign: "↕", limits: (d) => [0, d.eta_max], at: (d) => [d.T_max, d.eta_min], read: (d) => d.eta_min, write: (v) => ({ eta_min: v }), say: (d) => `floor ${number(d.eta_min)}` },
];

function makeHandle({ label, sign, sideways, limits, at, read, write, say: spoken }, stage, chart, now, change) {
  const grain = (d) => (sideways ? Math.max(1, Math.round(d.T_max / ROUND / 2)) : Number((d.eta_max / ROUND).toPrecision(1)));
  const set = (v) => {
    const d = now(), [low, high] = limits(d), step = grain(d);
    if (problem(d)) return; // the handles wait until the numbers below are sound again
    const tidy = Number(within(Math.round(v / step) * step, low, high).toPrecision(10));
    change(write(sideways ? Math.round(tidy) : tidy, d));
  };
  const knob = draggable(chart, (x, y) => set(sideways ? x : y), {
    "aria-label": label, "aria-orientation": sideways ? "horizontal" : "vertical",
    onkeydown: (event) => {
      const d = now(), many = event.key.startsWith("Page") ? 5 : 1;
      const by = { ArrowRight: 1, ArrowUp: 1, PageUp: 1, ArrowLeft: -1, ArrowDown: -1, PageDown: -1 }[event.key];
      const ends = limits(d), to = { Home: ends[0], End: Number.isFinite(ends[1]) ? ends[1] : read(d) }[event.key];
      if (by === undefined && to === undefined) return;
      event.preventDefault();
      set(to ?? read(d) + by * many * grain(d));
    },
  }, sign);
  stage.append(knob);
  const place = (d) => {
    const [low, high] = limits(d);
    placeOver(chart, knob, at(d));
    knob.setAttribute("aria-valuemin", low);
    knob.setAttribute("aria-valuemax", Number.isFinite(high) ? high : 10 * d.eta_max);
    knob.setAttribute("aria-valuenow", read(d));
    knob.setAttribute("aria-valuetext", spoken(d));
  };
  return { place };
}

function draw(chart, d, top, said) {
  const s = schedule(d), stop = d.T_max, x = spread(s.knots(stop), stop), y = x.map(s.at), mean = (100 * area(schedule({ ...d, eta_max: 1, eta_min: d.eta_min / d.eta_max }), stop)) / stop;
  const parts = [d.T_warmup, d.T_max - d.T_warmup - d.T_decay, d.T_decay].map((n) => `${number((100 * n) / d.T_max, 3)} %`);
  const rise = d.T_warmup ? `rises from ${number(s.at(0))} to ${number(d.eta_max)} in ${count(d.T_warmup)} steps (${parts[0]} of the run)` : `starts at ${number(d.eta_max)}`;
  const told = `The rate ${rise}, stays there for ${parts[1]} and falls to `
    + `${number(d.eta_min)} in the last ${count(d.T_decay)} steps (${parts[2]}). Its mean is ${number(mean, 3)} % of the peak.`;
  chart.draw({ curves: [{ x, y, look: 0 }], x: [0, stop], y: [0, top], xLabel: "step t", yLabel: "learning rate", told });
  say(said, told);
}
