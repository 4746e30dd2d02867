// The step-by-step calculator of sections 8.4 and 8.8: one rate, and every line of the arithmetic that leads to it.

import { makeChart, pickable, rateRange, spread } from "./chart.js";
import { h, logarithmic, mount, numberControl, put, say } from "./dom.js";
import { EXPLAINED, explain } from "./explain.js";
import { nameOf, problem, scheduleControls, span } from "./family.js";
import { schedule } from "./schedules.js";
import { count, number, shapeOf } from "./words.js";

export function render({ model, el }) {
  return mount(model, el, "Step-by-step calculator", (root) => {
    const t = numberControl({ label: "step t", scale: logarithmic(1, 1e6, 20, { zero: true, whole: true }), value: model.get("t"), onchange: (v) => put(model, { t: v }), say: (v) => `step ${count(v)}` });
    const controls = scheduleControls({ label: "schedule", kinds: EXPLAINED, get: () => model.get("schedule"), set: (d) => put(model, { schedule: d }) });
    const lines = h("ol", { class: "lrx-lines", "aria-label": "The arithmetic" });
    const told = h("p", { role: "status" });
    root.append(h("h3", {}, "Step-by-step calculator"), controls.element, h("div", { class: "lrx-controls" }, t.element), lines, told);
    const chart = makeChart(root, "Where this rate lies on its curve", { height: 220 });
    pickable(chart, (x) => put(model, { t: Math.round(x) }));
    return () => {
      const d = model.get("schedule"), step = model.get("t"), refused = problem(d);
      controls.show(d);
      t.show(step);
      const written = refused ? [] : explain(d, step);
      if (lines.children.length !== written.length) lines.replaceChildren(...written.map(() => h("li")));
      written.forEach((line, i) => say(lines.children[i], line));
      draw(chart, told, refused ? null : d, step);
    };
  });
}

function draw(chart, told, d, t) {
  if (!d) {
    chart.draw({ x: [0, 10], y: [0, 1], xLabel: "step t", yLabel: "learning rate", told: "There is no such schedule." });
    return say(told, "");
  }
  const s = schedule(d), stop = Math.max(span(d), t, 10), x = spread(s.knots(stop), stop);
  const y = x.map(s.at), words = `${nameOf(d)} ${shapeOf(s.at, stop)}. At step ${count(t)} the rate is ${number(s.at(t))}.`;
  const dot = { x: t, y: s.at(t), text: number(s.at(t)) };
  chart.draw({ curves: [{ x, y, look: 0 }], dots: [dot], cursor: t, x: [0, stop], y: rateRange(y, false), xLabel: "step t", yLabel: "learning rate", told: words });
  say(told, words);
}
