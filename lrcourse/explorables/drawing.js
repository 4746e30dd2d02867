// A schedule drawn as straight lines from point to point: points that a mouse, a finger or the arrow keys move.

import { draggable, makeChart, pickable, placeOver, spread } from "./chart.js";
import { button, choiceControl, h, linear, numberControl, say, within } from "./dom.js";
import { schedule } from "./schedules.js";
import { number, shapeOf } from "./words.js";

const GRAIN = 5, FINE = 0.01, KEY = 0.05, FEWEST = 3, MOST = 12; // updates and rates are drawn in steps of these

/** The points [update, rate] of a drawing that ends at update `stop`; null for any other schedule. */
export function pointsOf(d, stop) {
  const parts = d.schedule === "Join" ? d.schedules : [];
  const joined = parts.every((part, i) => part.schedule === "Ramp" && part.shape === "linear" && (!i || part.eta_start === parts[i - 1].eta_end));
  if (parts.length < FEWEST - 1 || !joined) return null;
  let t = 0;
  const points = [[0, parts[0].eta_start], ...parts.map((part) => [(t += part.T), part.eta_end])];
  const top = Math.max(...points.map((p) => p[1]));
  return t === stop && top <= 1 ? points : null;
}

/** The schedule through the points, as Python's lab.trial.drawn makes it. */
export const drawnFrom = (points) => ({
  schedule: "Join",
  schedules: points.slice(1).map(([t, rate], i) => ({ schedule: "Ramp", eta_start: points[i][1], eta_end: rate, T: t - points[i][0], shape: "linear", after: "hold" })),
});

/** Nine points on the curve of any schedule, its highest rate at 1. */
export function pointsOn(d, stop) {
  const s = schedule(d), at = Array.from({ length: 9 }, (_, i) => Math.round((stop * i) / 8));
  const top = highest(d, stop) || 1;
  return at.map((t) => [t, Number(within(s.at(t) / top, 0, 1).toFixed(2))]);
}

/** The highest rate of the updates 0 to stop - 1. */
export function highest(d, stop) {
  const { at } = schedule(d);
  let top = 0;
  for (let t = 0; t < stop; t++) top = Math.max(top, at(t));
  return top;
}

/** `points` with point i moved to update t and rate y, as far as its neighbours and the frame let it. */
export function moved(points, i, t, y) {
  const last = points.length - 1, low = i ? points[i - 1][0] + GRAIN : 0, high = i < last ? points[i + 1][0] - GRAIN : points[last][0];
  const update = i === 0 || i === last || low > high ? points[i][0] : within(Math.round(t / GRAIN) * GRAIN, low, high);
  const rate = Number(within(Math.round(y / FINE) * FINE, 0, 1).toFixed(2));
  return points.map((point, k) => (k === i ? [update, rate] : point));
}

/** With a point more, in the middle of the longest stretch beside point i; null where there is no room. */
export function withOneMore(points, i) {
  const gap = (k) => (k >= 0 && k + 1 < points.length ? points[k + 1][0] - points[k][0] : 0), k = gap(i) >= gap(i - 1) ? i : i - 1;
  if (points.length >= MOST || gap(k) < 2 * GRAIN) return null;
  const [a, b] = [points[k], points[k + 1]], t = Math.round((a[0] + b[0]) / 2 / GRAIN) * GRAIN;
  const rate = a[1] + ((b[1] - a[1]) * (t - a[0])) / (b[0] - a[0]);
  return { points: [...points.slice(0, k + 1), [t, Number(rate.toFixed(2))], ...points.slice(k + 1)], added: k + 1 };
}

/**
 * The canvas: the schedule's curve, and, while it is a drawing, its points. get() gives the schedule and set(d) takes the
 * changed one. `stage` holds the picture, `controls` what belongs below it; show(d, before) draws both, with the curve
 * trained before, if that is another one.
 */
export function makeDrawing({ stop, get, set, said }) {
  const stage = h("div", { class: "lrx-stage" }), controls = h("div"), chart = makeChart(stage, "The schedule that will be trained", { height: 250 });
  let chosen = 1, knobs = [];
  const points = () => pointsOf(get(), stop), put = (changed) => set(drawnFrom(changed));
  const move = (i, t, y) => { chosen = i; put(moved(points(), i, t, y)); };
  const choose = (i) => { if (chosen !== i) { chosen = i; show(get(), shown); } };
  const remove = () => {
    const all = points(), focused = knobs.includes(document.activeElement);
    if (all.length <= FEWEST || chosen === 0 || chosen === all.length - 1) return;
    put(all.filter((_, k) => k !== chosen));
    if (focused) knobs[chosen].focus(); // the last knob is the one that goes
  };
  const add = () => { const more = withOneMore(points(), chosen); if (more) { chosen = more.added; put(more.points); } };
  const panel = pointPanel({ stop, points, chosen: () => chosen, choose, move, add, remove });
  controls.append(panel.element);
  pickable(chart, (t, y) => { const all = points(); if (all) move(nearest(all, t), all[nearest(all, t)][0], y); });
  let shown = null;
  const show = (d, before) => {
    shown = before;
    const all = points();
    if (all) chosen = Math.min(chosen, all.length - 1);
    paint(chart, d, before, stop, all, chosen, said);
    panel.show(all);
    while (knobs.length > (all?.length ?? 0)) knobs.pop().remove();
    while (all && knobs.length < all.length) stage.append(knobs[knobs.push(makeKnob(knobs.length, chart, points, { choose, move, remove })) - 1]);
    (all ?? []).forEach((point, i) => placeKnob(knobs[i], chart, point, i === chosen));
  };
  return { stage, controls, show };
}

const nearest = (points, t) => points.reduce((best, point, i) => (Math.abs(point[0] - t) < Math.abs(points[best][0] - t) ? i : best), 0);

function makeKnob(i, chart, points, { choose, move, remove }) {
  return draggable(chart, (t, y) => move(i, t, y), {
    class: "lrx-handle lrx-point", "aria-label": `Point ${i + 1}`, "aria-orientation": "vertical", "aria-valuemin": 0, "aria-valuemax": 1,
    onfocus: () => choose(i),
    onkeydown: (event) => {
      const [t, y] = points()[i];
      const to = {
        ArrowUp: [t, y + KEY], ArrowDown: [t, y - KEY], PageUp: [t, y + 5 * KEY], PageDown: [t, y - 5 * KEY], Home: [t, 0], End: [t, 1],
        ArrowLeft: [t - GRAIN, y], ArrowRight: [t + GRAIN, y],
      }[event.key];
      if (!to && event.key !== "Delete") return;
      event.preventDefault();
      if (to) move(i, ...to); else remove();
    },
  }, String(i + 1));
}

function placeKnob(knob, chart, [t, y], chosen) {
  placeOver(chart, knob, [t, y]);
  knob.toggleAttribute("data-chosen", chosen);
  knob.setAttribute("aria-valuenow", y);
  knob.setAttribute("aria-valuetext", `rate ${number(y)} at update ${t}`);
}

/** The chosen point in numbers: which, where and how high; and one more, or one less. */
function pointPanel({ stop, points, chosen, choose, move, add, remove }) {
  const whole = { whole: true, step: 1 }, at = () => points()[chosen()];
  const which = choiceControl({ label: "point", options: {}, value: "", onchange: (v) => choose(Number(v)) });
  const update = numberControl({ label: "its update", scale: { ...linear(0, stop, GRAIN), ...whole, most: stop }, value: 0, onchange: (v) => move(chosen(), v, at()[1]), say: (v) => `update ${v}` });
  const rate = numberControl({ label: "its rate, relative", scale: { ...linear(0, 1, FINE), most: 1 }, value: 0, onchange: (v) => move(chosen(), at()[0], v), say: number });
  const more = button("Add a point", add, { class: "lrx-quiet" }), less = button("Remove it", remove, { class: "lrx-quiet" });
  const element = h("div", {}, h("div", { class: "lrx-controls" }, which.element, update.element, rate.element), h("div", { class: "lrx-row" }, more, less));
  const show = (all) => {
    element.style.display = all ? "" : "none";
    if (!all) return;
    const i = chosen(), end = i === 0 || i === all.length - 1;
    if (which.list.length !== all.length) which.list.replaceChildren(...all.map((_, k) => h("option", { value: k }, String(k + 1))));
    which.show(String(i)); update.show(all[i][0]); rate.show(all[i][1]);
    update.element.style.display = end ? "none" : "";
    more.disabled = !withOneMore(all, i);
    less.disabled = end || all.length <= FEWEST;
  };
  return { element, show };
}

function paint(chart, d, before, stop, all, chosen, said) {
  const curve = (one, look) => {
    const s = schedule(one), x = spread(s.knots(stop), stop), top = pointsOf(one, stop) ? 1 : highest(one, stop) || 1;
    return { x, y: x.map((t) => s.at(t) / top), look };
  };
  const told = `${all ? "The drawn rate" : "The rate"} ${shapeOf(schedule(d).at, stop, "update")}.`
    + (all ? ` Point ${chosen + 1} of ${all.length} is chosen: rate ${number(all[chosen][1])} at update ${all[chosen][0]}.` : "");
  const trace = before ? " The thin line is the schedule trained last." : "";
  chart.draw({ curves: [...(before ? [curve(before, 3)] : []), curve(d, 0)], x: [0, stop], y: [0, 1.08], xLabel: "update", yLabel: "learning rate, relative", told: told + trace });
  say(said, told);
}
