// Train it: a schedule drawn or picked, trained in Python against five rivals; where there is no Python, what was measured
// beforehand for the schedules that can be picked.

import { makeChart, swatch } from "./chart.js";
import { expression } from "./code.js";
import { ABOVE_0, button, checkControl, choiceControl, h, linear, logarithmic, mount, numberControl, put, say, svg } from "./dom.js";
import { drawnFrom, highest, makeDrawing, pointsOf, pointsOn } from "./drawing.js";
import { problem } from "./family.js";
import { literal, number } from "./words.js";

const PATIENCE = 15000; // milliseconds without an answer until we wonder
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

export function render({ model, el }) {
  return mount(model, el, "Train it", (root) => {
    const measured = model.get("measured"), stop = measured.updates.at(-1), live = typeof model.send === "function";
    const set = (shape) => put(model, { shape }), get = () => model.get("shape");
    const drawingSaid = h("p", { role: "status" }), wrong = h("p", { class: "lrx-refused", role: "alert" });
    const drawing = makeDrawing({ stop, get, set, said: drawingSaid }), picker = makePicker({ measured, stop, get, set }), peak = makePeak(model, live);
    const hint = h("p", { class: "lrx-soft" });
    const training = live ? inPython(model) : onPaper(model, measured), results = makeResults(measured);
    root.append(
      h("h3", {}, "Train it"),
      h("p", {}, `Draw a schedule or pick one, and press ${training.label}. ${measured.seeds} small networks learn under it for ${stop} updates, from the same starts and batches as those of five rivals.`),
      ...(live ? [] : [h("p", { class: "lrx-panel" }, "This page has no Python behind it, so it cannot train. It shows what was measured beforehand for the schedules of the list as they are; to train your own, run the notebook.")]),
      picker.element, drawing.stage, hint, drawing.controls, picker.controls, drawingSaid, peak.element, wrong, h("div", { class: "lrx-row" }, training.button, training.said), results.element);
    if (live) put(model, { _seen: true }); // the field is trained while the learner draws
    return () => {
      const d = get(), known = training.result(), stale = known && !(same(known.shape, d) && (known.asked ?? 0) === model.get("peak"));
      picker.show(d); peak.show();
      say(hint, pointsOf(d, stop) ? "Draw across the picture with a mouse or finger, or move a point with the arrow keys." : "To draw over it, choose “my own, drawn” in the list.");
      const refused = refusal(d, stop);
      say(wrong, refused);
      if (!refused) drawing.show(d, stale && !same(known.shape, d) ? known.shape : null);
      training.show(refused);
      results.show(known, stale);
    };
  });
}

/** Why a schedule cannot be trained; "" where it can. */
function refusal(d, stop) {
  return problem(d) || (highest(d, stop) > 0 ? "" : "The rate is 0 at every update: lift at least one point above 0.");
}

// ---- what to train --------------------------------------------------------------------------------------------------

const FLOOR = ["floor, share of the peak", { ...linear(0, 1, 0.05), most: 1 }, number];
const factor = (low, high, step) => ({ ...linear(low, high, step), least: ABOVE_0, most: 1 });
const updates = (low, stop) => ({ ...linear(low, stop, 10), least: Math.min(low, 1), whole: true, step: 1 });

/** The numbers of each kind that can be changed: label, scale, and how they are said. */
function knobsOf(kind, stop) {
  const n = (label, low = 10) => [label, updates(low, stop), (v) => `${v} updates`];
  return {
    Linear: { eta_min: FLOOR }, CosineAnnealing: { eta_min: FLOOR }, WarmupCosine: { T_warmup: n("warmup", 0), eta_min: FLOOR },
    WSD: { T_warmup: n("warmup", 0), T_decay: n("cooldown"), eta_min: FLOOR }, OneCycle: { T_1: n("rise"), eta_min: FLOOR },
    StepDecay: { step_size: n("step size"), gamma: ["factor γ", factor(0.05, 1, 0.05), number] },
    ExponentialDecay: { gamma: ["kept per update γ", factor(0.97, 0.999, 0.001), number] }, InverseSqrt: { T_warmup: n("warmup") },
    Polynomial: { power: ["power", { ...linear(0.25, 5, 0.25), least: ABOVE_0 }, number], eta_min: FLOOR }, CosineRestarts: { T_0: n("first cycle"), eta_min: FLOOR },
    Cyclic: { T_up: n("rise"), eta_min: FLOOR },
  }[kind] ?? {};
}

/** The list of schedules to begin with, and the numbers of the one that is picked. */
function makePicker({ measured, stop, get, set }) {
  const [example, ...family] = measured.picks, names = Object.fromEntries(family.map((pick) => [pick.shape.schedule, pick.name]));
  const ofFamily = (d) => d.schedule in names && (d.eta_max ?? d.eta_0) === 1, kindOf = (d) => (pointsOf(d, stop) ? "drawn" : ofFamily(d) ? d.schedule : "given");
  const pick = (kind) => {
    const found = family.find((one) => one.shape.schedule === kind);
    if (found) set(found.shape);
    else if (kind === "example") set(example.shape);
    else if (kind === "drawn") set(drawnFrom(pointsOn(get(), stop)));
    else show(get()); // what was given is no more there to be picked
  };
  const given = kindOf(get()) === "given" ? { given: "given from Python" } : {};
  const list = choiceControl({ label: "schedule", options: { ...given, drawn: "my own, drawn", ...names, example: "the example drawing" }, value: kindOf(get()), onchange: pick });
  const controls = h("div", { class: "lrx-controls" });
  let now = "", made = [];
  const change = (key, v) => set({ ...get(), [key]: v, ...(key === "T_1" ? { T_2: stop - v } : {}) });
  function show(d) {
    const kind = kindOf(d);
    list.show(kind);
    if (kind !== now) {
      made = Object.entries(knobsOf(kind, stop)).map(([key, [label, scale, spoken]]) => [key, numberControl({ label, scale, value: d[key] ?? 0, onchange: (v) => change(key, v), say: spoken })]);
      controls.replaceChildren(...made.map(([, control]) => control.element));
      now = kind;
    }
    for (const [key, control] of made) if (d[key] !== undefined) control.show(d[key]);
  }
  return { element: h("div", { class: "lrx-row" }, list.element), controls, show };
}

/** The peak: found by trying several on other seeds, or the learner's own. Without Python only the first was measured. */
function makePeak(model, live) {
  const own = h("div", { class: "lrx-controls" });
  const tuned = checkControl({ label: "find its best peak (the rivals have theirs)", value: !model.get("peak"), onchange: (v) => put(model, { peak: v ? 0 : model.get("outcome").yours?.peak ?? 2 }) });
  const height = numberControl({ label: "peak, the highest rate", scale: logarithmic(0.01, 1000, 20), value: model.get("peak") || 2, onchange: (v) => put(model, { peak: v }), say: number });
  const note = h("p", { class: "lrx-soft", role: "status" });
  const show = () => {
    const peak = model.get("peak");
    tuned.show(!peak);
    if (peak) height.show(peak);
    if (Boolean(peak) !== own.contains(height.element)) own.replaceChildren(...(peak ? [height.element] : []));
    say(note, peak ? `It will be trained with a peak of ${number(peak)}.` : "");
  };
  return { element: live ? h("div", {}, tuned.element, own, note) : h("div"), show };
}

// ---- training it ----------------------------------------------------------------------------------------------------

/** Orders to Python, numbered; while one is out, the button waits. */
function inPython(model) {
  const label = "Train", said = h("span", { role: "status" });
  let waiting = 0, late = "", timer = null;
  const press = () => {
    waiting = Math.max(model.get("_ordered"), model.get("_answered")) + 1;
    late = "";
    clearTimeout(timer);
    timer = setTimeout(() => { late = "No answer from Python yet. If the kernel was restarted, run this cell again, then press Train."; waiting = 0; show(blocked); }, PATIENCE);
    put(model, { _ordered: waiting });
    show(blocked);
  };
  const one = button(label, () => { if (!waiting && !blocked) press(); });
  let blocked = "";
  function show(refused) {
    blocked = refused;
    if (waiting && model.get("_answered") >= waiting) { waiting = 0; clearTimeout(timer); }
    if (model.get("_answered") && model.get("_answered") === model.get("_ordered")) late = "";
    // Not disabled while it waits: that would take the focus from whoever pressed it.
    one.setAttribute("aria-disabled", String(Boolean(waiting || refused)));
    const { seconds } = model.get("outcome"), failed = model.get("_refused");
    say(said, waiting ? "Training …" : late || (failed ? `Not trained: ${failed}` : seconds === undefined ? "" : `Trained in ${seconds} s.`));
  }
  return { label, button: one, said, show, result: () => (model.get("outcome").yours ? model.get("outcome") : null) };
}

/** Where no Python is: what was measured, for the picks as they are. */
function onPaper(model, measured) {
  const label = "Show what was measured", said = h("span", { role: "status" });
  let result = null, asked = null;
  const find = (shape) => measured.picks.find((pick) => same(pick.shape, shape));
  const one = button(label, () => {
    asked = model.get("shape");
    const found = find(asked);
    if (found) result = { ...found, field: measured.field };
    model.set("shape", asked); // so that all is drawn anew
  });
  const show = () => say(said, asked === null || !same(asked, model.get("shape")) ? "" : find(asked) ? "Measured beforehand."
    : "This one was not measured. Pick a schedule from the list and leave its numbers, or run the notebook to train yours.");
  return { label, button: one, said, show, result: () => result };
}

// ---- what came of it ------------------------------------------------------------------------------------------------

const three = (x, plus = "") => `${x > 0 ? plus : ""}${x.toFixed(3)}`.replace("-", "−");
const lossOf = ({ mean, half, diverged }, seeds) => (mean === null ? `diverged (${diverged} of ${seeds})` : `${three(mean)} ± ${three(half)}`);

function makeResults(measured) {
  const said = h("p", { role: "status" }), body = h("tbody"), left = h("div"), legend = h("p", { class: "lrx-row" }), old = h("p", { class: "lrx-soft" });
  const names = Object.fromEntries(measured.field.map(({ name }) => [name, name]));
  let rival = measured.field[0].name, now = null;
  const beside = choiceControl({ label: "beside yours", options: names, value: rival, onchange: (v) => { rival = v; losses(now); } });
  const heads = ["schedule", "final loss, nats", "yours minus it"].map((head) => h("th", { scope: "col" }, head));
  const table = h("table", { class: "lrx-results" }, h("thead", {}, h("tr", {}, ...heads)), body);
  const code = h("pre", { tabindex: "0", "data-lm-suppress-shortcuts": "true", "aria-label": "The trained schedule as code" });
  const take = h("details", {}, h("summary", {}, "Take it along"), h("p", { class: "lrx-soft" }, "As trained: its peak times its shape. In the notebook, the explorable's .schedule is this object."), code);
  const note = h("p", { class: "lrx-soft" }, `± is a 95 % interval over ${measured.seeds} seeds; differences are taken seed by seed.`);
  const element = h("div", {}, said, old, h("div", { class: "lrx-pair" }, left, h("div", {}, table, note)), take);
  const chart = makeChart(left, "Validation loss during training", { height: 280 });
  left.append(legend, beside.element);
  const losses = (known) => {
    const top = drawLosses(chart, known, measured, rival), off = known?.yours.curve.slice(1).every((v) => v === null || v > top);
    legend.replaceChildren(...(known ? [h("span", {}, swatch(0), off ? " yours, above the picture" : " yours")] : []), h("span", {}, swatch(1), ` ${rival}`), h("span", {}, swatch(3), " the others"));
  };
  let drawnFor = "nothing yet";
  const show = (known, stale) => {
    say(old, known && stale ? "The schedule has changed since: these results are still those of the one before." : "");
    losses(known);
    if (drawnFor === known) return;
    drawnFor = now = known;
    say(said, known ? known.told : `The rivals as measured beforehand, each at its own best peak. Where will yours end? Predict, then press.`);
    body.replaceChildren(...tableRows(known, measured));
    take.style.display = known ? "" : "none";
    if (known) {
      const top = highest(known.shape, measured.updates.at(-1)), factor = known.yours.peak / top, written = expression(known.shape);
      say(code, factor === 1 ? written : `${literal(factor)} * ${known.shape.schedules ? `(${written})` : written}`);
    }
  };
  return { element, show };
}

function tableRows(known, { field, seeds }) {
  const name = (row, look) => h("th", { scope: "row" }, ...(look === null ? [] : [swatch(look), " "]), row.name, h("span", { class: "lrx-soft" }, `peak ${number(row.peak, 3)}`));
  const rivals = known?.field ?? field;
  const widest = Math.max(...(known?.differences ?? []).filter((one) => one.mean !== null).map((one) => Math.abs(one.mean) + one.half), 1e-3);
  const first = known ? [h("tr", {}, name({ ...known.yours, name: "yours" }, 0), h("td", {}, lossOf(known.yours, seeds)), h("td", {}, ""))] : [];
  return [...first, ...rivals.map((row, i) => h("tr", {}, name(row, null), h("td", {}, lossOf(row, seeds)), h("td", {}, ...difference(known?.differences[i], widest))))];
}

/** A paired difference: its numbers, its interval beside a line at 0, and what may be said of it. */
function difference(one, widest) {
  if (!one) return ["–"];
  if (one.mean === null) return ["diverged"];
  const at = (v) => (42 + (38 * v) / widest).toFixed(1);
  const bar = svg("svg", { width: 84, height: 14, viewBox: "0 0 84 14", "aria-hidden": "true", class: "lrx-swatch" },
    svg("path", { class: "lrx-axis", d: "M42 0V14" }), svg("path", { class: "lrx-line lrx-look0", d: `M${at(one.mean - one.half)} 7H${at(one.mean + one.half)}` }),
    svg("circle", { class: "lrx-dot lrx-look0", cx: at(one.mean), cy: 7, r: 3.5 }));
  return [`${three(one.mean, "+")} ± ${three(one.half)}`, h("br"), bar, " ", one.verdict];
}

function drawLosses(chart, known, measured, rival) {
  const x = measured.updates, field = known?.field ?? measured.field, other = field.find((row) => row.name === rival);
  const line = (row, look) => ({ x, y: row.curve.map((v) => v ?? NaN), look });
  const band = ({ curve, halves }, look) => ({ x, look, low: curve.map((v, i) => (v === null || halves[i] === null ? NaN : v - halves[i])), high: curve.map((v, i) => (v === null || halves[i] === null ? NaN : v + halves[i])) });
  const all = [...field, ...(known ? [known.yours] : [])], ends = all.map((row) => row.mean).filter((v) => v !== null);
  const start = field[0].curve[0], top = Math.min(start, Math.max(...field.map((row) => row.curve[2]), ...ends) + 0.05);
  const told = `Mean loss over ${x.at(-1)} updates. At the end: ${all.map((row) => `${row.name} ${lossOf(row, measured.seeds)}`).join("; ")}.`;
  chart.draw({
    curves: [...field.filter((row) => row !== other).map((row) => line(row, 3)), line(other, 1), ...(known ? [line(known.yours, 0)] : [])],
    bands: [band(other, 1), ...(known ? [band(known.yours, 0)] : [])],
    x: [0, x.at(-1)], y: [Math.min(...ends) - 0.03, top], xLabel: "update", yLabel: "validation loss, nats", told,
  });
  return top;
}
