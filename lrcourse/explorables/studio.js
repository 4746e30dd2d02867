// The schedule studio: up to three schedules with their numbers, on one chart, with the rate at a step and their code.

import { makeChart, pickable, rateRange, spread, swatch } from "./chart.js";
import { code, TARGETS } from "./code.js";
import { button, checkControl, choiceControl, h, logarithmic, mount, numberControl, put, say } from "./dom.js";
import { FAMILY, nameOf, problem, scheduleControls, span, start } from "./family.js";
import { area, schedule } from "./schedules.js";
import { count, number, shapeOf } from "./words.js";

const MOST = 3;

export function render({ model, el }) {
  return mount(model, el, "Schedule studio", (root) => {
    root.append(h("h3", {}, "Schedule studio"));
    const stage = h("div", { class: "lrx-sticky" });
    root.append(stage);
    const chart = makeChart(stage, "Learning rate over the steps");
    pickable(chart, (x) => put(model, { t: Math.round(x) }), { hover: true });
    const table = h("tbody"), cards = h("div"), told = h("p", { role: "status", class: "lrx-told" });
    const steps = () => model.get("steps") || longest(model.get("schedules"));
    const t = numberControl({ label: "step t", scale: sliding(steps), value: model.get("t"), onchange: (v) => put(model, { t: v }), say: (v) => `step ${count(v)}` });
    const length = numberControl({
      label: "steps shown (0: all)", scale: logarithmic(10, 1e6, 20, { zero: true, whole: true }), value: model.get("steps"),
      onchange: (v) => put(model, { steps: v }), say: (v) => (v ? `${count(v)} steps` : "the whole shape"),
    });
    const linked = checkControl({ label: "change shared numbers together", value: model.get("linked"), onchange: (v) => put(model, { linked: v }) });
    const log = checkControl({ label: "logarithmic rates", value: model.get("logarithmic"), onchange: (v) => put(model, { logarithmic: v }) });
    root.append(
      h("table", {}, h("thead", {}, h("tr", {}, ...["schedule", "rate at t", "area", "mean"].map((head) => h("th", { scope: "col" }, head)))), table),
      h("div", { class: "lrx-controls" }, t.element, length.element, log.element, linked.element), told, cards, codePanel(model));
    const rebuild = cardList(model, cards);
    return () => {
      rebuild();
      t.show(model.get("t")); length.show(model.get("steps")); log.show(model.get("logarithmic")); linked.show(model.get("linked"));
      drawAll(model, chart, table, told, steps());
    };
  });
}

const longest = (all) => Math.max(10, ...all.filter((d) => !problem(d)).map(span));

/** The slider of step t goes over the steps that are shown, however many they are. */
function sliding(steps) {
  return {
    least: 0, max: 400, step: 1, whole: true,
    value: (i) => Math.round((i * steps()) / 400), position: (v) => Math.round((400 * Math.min(v, steps())) / steps()),
  };
}

function drawAll(model, chart, table, told, steps) {
  const all = model.get("schedules"), t = model.get("t"), log = model.get("logarithmic");
  const sound = all.map((d, look) => ({ d, look, wrong: problem(d) })).filter((one) => !one.wrong);
  const curves = sound.map(({ d, look }) => {
    const s = schedule(d), x = spread(s.knots(steps), steps, 240);
    return { x, y: x.map(s.at), look, s, d };
  });
  const dots = t <= steps ? curves.map(({ s, look }) => ({ x: t, y: s.at(t), look })) : [];
  const words = curves.map(({ s, d, look }) => `${name(all, look)}: ${shapeOf(s.at, steps)}; at step ${count(t)} the rate is ${number(s.at(t))}.`);
  const y = rateRange(curves.flatMap((curve) => curve.y).concat(curves.length ? [] : [1]), log);
  chart.draw({ curves, dots, cursor: t <= steps ? t : null, x: [0, steps], y, log, xLabel: "step t", yLabel: "learning rate", told: words.join(" ") || "No schedule is drawn." });
  table.replaceChildren(...curves.map(({ s, look }) => {
    const sum = area(s, steps);
    return h("tr", {}, h("th", { scope: "row" }, swatch(look), ` ${name(all, look)}`), h("td", {}, number(s.at(t), 4)), ...[sum, sum / steps].map((one) => h("td", {}, Number.isFinite(one) ? number(one, 4) : "–")));
  }));
  say(told, words.join(" "));
}

/** A schedule's name, with a number where several have the same. */
function name(all, i) {
  const same = all.filter((d) => nameOf(d) === nameOf(all[i])).length > 1;
  return same ? `${nameOf(all[i])} ${i + 1}` : nameOf(all[i]);
}

/** `other` with the number that changes between `before` and `after`, if it has one of that name; a start is a peak. */
function following(other, before, after) {
  if (before.schedule !== after.schedule) return other;
  const changed = Object.keys(after).find((key) => after[key] !== before[key]), twin = { eta_0: "eta_max", eta_max: "eta_0" }[changed];
  const key = changed in other ? changed : twin in other ? twin : null;
  return key ? { ...other, [key]: after[changed] } : other;
}

/** One card for each schedule, made anew when one is added or removed. */
function cardList(model, cards) {
  let shows = [];
  const all = () => model.get("schedules");
  const remove = (i) => { put(model, { schedules: all().filter((_, k) => k !== i) }); cards.querySelector("select")?.focus(); };
  const add = () => {
    const unused = Object.keys(FAMILY).find((kind) => !all().some((d) => d.schedule === kind));
    put(model, { schedules: [...all(), start(unused, all()[0])] });
    [...cards.querySelectorAll("fieldset")].at(-1).querySelector("select").focus();
  };
  const card = (_, i, { length }) => {
    const drop = button("Remove", () => remove(i), { class: "lrx-quiet", "aria-label": `Remove schedule ${i + 1}` });
    const controls = scheduleControls({
      label: "kind", kinds: Object.keys(FAMILY), get: () => all()[i], more: length > 1 ? [drop] : [],
      set: (d) => put(model, { schedules: all().map((old, k) => (k === i ? d : model.get("linked") ? following(old, all()[i], d) : old)) }),
    });
    const element = h("fieldset", {}, h("legend", {}, swatch(i), ` Schedule ${i + 1}`), controls.element);
    return { element, show: controls.show };
  };
  return () => {
    if (all().length !== shows.length) {
      const made = all().map(card);
      shows = made.map((one) => one.show);
      cards.replaceChildren(...made.map((one) => one.element), ...(made.length < MOST ? [button("Add a schedule", add, { class: "lrx-quiet" })] : []));
    }
    all().forEach((d, i) => shows[i](d));
  };
}

/** The code of each schedule, shown when opened. */
function codePanel(model) {
  const text = h("pre", { tabindex: "0", "data-lm-suppress-shortcuts": "true", "aria-label": "Code of the schedules" }), done = h("span", { role: "status" });
  let target = "lrcourse";
  const write = () => say(text, model.get("schedules").filter((d) => !problem(d)).map((d) => code(d, target)).join("\n\n"));
  const copy = async () => {
    try { await navigator.clipboard.writeText(text.textContent); say(done, "Copied."); } catch {
      getSelection().selectAllChildren(text);
      say(done, "The code is selected: copy it with Ctrl+C or ⌘C.");
    }
  };
  const pick = choiceControl({ label: "write it for", options: TARGETS, value: target, onchange: (v) => { target = v; say(done, ""); write(); } });
  model.on("change:schedules", write);
  write();
  return h("details", {}, h("summary", {}, "Code"), h("div", { class: "lrx-row" }, pick.element, button("Copy", copy), done), text);
}
