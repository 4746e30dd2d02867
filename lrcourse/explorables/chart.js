// A chart as SVG. It is drawn anew, as one piece of text, at every change: about a millisecond.

import { h, newId, say, svg, within } from "./dom.js";
import { number } from "./words.js";

const LEFT = 62, RIGHT = 24, TOP = 26, FOOT = 42;
const escape = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");

/** Round numbers from low to high, at most `most` steps of 1, 2, 2.5 or 5 times a power of ten apart. */
export function ticks(low, high, most = 5) {
  const rough = ((high - low) / most) * (1 - 1e-9), power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 2.5, 5, 10].find((unit) => unit * power >= rough), found = [];
  for (let i = Math.ceil(low / step - 1e-9); i <= Math.floor(high / step + 1e-9); i++) found.push(Number((i * step).toPrecision(10)));
  return found;
}

/** Steps at which to read a curve: evenly spread, and both sides of every knot. */
export function spread(knots, stop, columns = 200) {
  const steps = Array.from({ length: columns + 1 }, (_, i) => (stop * i) / columns);
  if (knots.length > 400) return steps;
  for (const k of knots) steps.push(Math.max(0, k - stop * 1e-7), k);
  return steps.sort((a, b) => a - b);
}

/** The least and greatest rate to show: from 0 to a round number above the highest, or whole decades. */
export function rateRange(rates, log) {
  const top = Math.max(0, ...rates.filter(Number.isFinite)), peak = top > 1e-300 ? top : 1, room = Math.min(peak * 1.04, Number.MAX_VALUE);
  if (!log) return [0, ticks(0, room).at(-1) >= peak ? room : peak];
  const positive = rates.filter((rate) => rate > 0 && Number.isFinite(rate)), high = Math.max(Math.ceil(Math.log10(peak) - 1e-9), -299);
  const low = positive.length ? Math.floor(Math.log10(Math.min(...positive)) + 1e-9) : high - 1;
  return [10 ** Math.max(Math.min(low, high - 1), high - 6, -300), 10 ** high];
}

const shown = (x) => (Math.abs(x) >= 1000 && Math.abs(x) < 1e6 ? x.toLocaleString("en-US") : number(x, 3));

/**
 * A chart named `title` in `parent`. draw({ curves, bands, dots, levels, cursor, x, y, log, xLabel, yLabel, told }) draws
 * it: curves are { x, y, look, dots }, bands { x, low, high, look }, dots { x, y, text, look }, levels the
 * heights of dotted lines, `told` the description.
 */
export function makeChart(parent, title, { height = 260 } = {}) {
  const ids = [newId("title"), newId("told")];
  const name = svg("title", { id: ids[0] }), told = svg("desc", { id: ids[1] }), body = svg("g");
  name.textContent = title;
  const root = svg("svg", { class: "lrx-chart", role: "img", "aria-labelledby": ids.join(" ") }, name, told, body);
  parent.append(root);
  const chart = { root, height };
  chart.draw = (picture) => {
    const width = Math.max(260, Math.round(root.parentElement.clientWidth || 400));
    Object.assign(chart, scales(picture, width, height));
    root.setAttribute("viewBox", `0 0 ${width} ${height}`);
    root.setAttribute("height", height);
    body.innerHTML = drawn(picture, chart);
    say(told, picture.told);
  };
  return chart;
}

/** A share of the frame; far outside is outside enough. */
const nearby = (share) => Math.min(20, Math.max(-20, share));

function scales({ x, y, log }, width, height) {
  const w = width - LEFT - RIGHT, tall = height - TOP - FOOT, place = log ? Math.log10 : (v) => v;
  const [low, high] = y.map(place);
  return {
    w, tall, width, frame: { x, y },
    across: (v) => LEFT + nearby((v - x[0]) / (x[1] - x[0])) * w,
    up: (v) => TOP + tall - nearby((place(log ? Math.max(v, 1e-300) : v) - low) / (high - low)) * tall,
    xAt: (px) => x[0] + ((px - LEFT) / w) * (x[1] - x[0]),
    yAt: (px) => { const v = low + ((TOP + tall - px) / tall) * (high - low); return log ? 10 ** v : v; },
  };
}

function drawn({ curves = [], bands = [], dots = [], levels = [], cursor = null, x, y, log, xLabel, yLabel }, { w, tall, width, across, up }) {
  const right = LEFT + w, foot = TOP + tall, parts = [], at = (v) => v.toFixed(1);
  const decades = () => { const all = []; for (let p = Math.round(Math.log10(y[0])); p <= Math.round(Math.log10(y[1])); p++) all.push(10 ** p); return all; };
  for (const v of log ? decades() : ticks(...y)) {
    parts.push(`<path class="lrx-grid" d="M${LEFT} ${at(up(v))}H${right}"/><text x="${LEFT - 7}" y="${at(up(v) + 4)}" text-anchor="end">${shown(v)}</text>`);
  }
  for (const v of ticks(...x, width < 420 ? 4 : 5)) {
    parts.push(`<path class="lrx-axis" d="M${at(across(v))} ${foot}v5"/><text x="${at(across(v))}" y="${foot + 18}" text-anchor="middle">${shown(v)}</text>`);
  }
  parts.push(`<path class="lrx-axis" d="M${LEFT} ${TOP}V${foot}H${right}"/>`);
  parts.push(`<text x="6" y="15">${escape(yLabel)}</text><text x="${right}" y="${foot + 36}" text-anchor="end">${escape(xLabel)}</text>`);
  // A nested SVG cuts off what lies outside, and needs no name for that, as a clip path would.
  parts.push(`<svg x="${LEFT - 6}" y="${TOP - 6}" width="${w + 12}" height="${tall + 12}" viewBox="${LEFT - 6} ${TOP - 6} ${w + 12} ${tall + 12}">`);
  for (const level of levels) parts.push(`<path class="lrx-level" d="M${LEFT} ${at(up(level))}H${right}"/>`);
  if (cursor !== null) parts.push(`<path class="lrx-cursor" d="M${at(across(cursor))} ${TOP}V${foot}"/>`);
  for (const { x: along, low, high, look } of bands) {
    const edge = [...along.map((v, i) => [v, low[i]]), ...along.map((v, i) => [v, high[i]]).reverse()].filter((p) => Number.isFinite(p[1]));
    parts.push(`<polygon class="lrx-band lrx-look${look}" points="${edge.map(([a, b]) => `${at(across(a))},${at(up(b))}`).join(" ")}"/>`);
  }
  for (const curve of curves) {
    const points = curve.x.map((v, i) => [v, curve.y[i]]).filter((p) => Number.isFinite(p[1])).map(([a, b]) => `${at(across(a))},${at(up(b))}`);
    parts.push(`<polyline class="lrx-line lrx-look${curve.look}${curve.dots ? " lrx-thin" : ""}" points="${points.join(" ")}"/>`);
    if (curve.dots) for (const p of points) { const [a, b] = p.split(","); parts.push(`<circle class="lrx-dot lrx-look${curve.look}" cx="${a}" cy="${b}" r="3.2"/>`); }
  }
  for (const dot of dots) {
    const px = across(dot.x), py = up(dot.y), left = px > LEFT + 0.6 * w;
    parts.push(`<circle class="lrx-dot lrx-spot lrx-look${dot.look ?? 2}" cx="${at(px)}" cy="${at(py)}" r="5.5"/>`);
    if (dot.text) parts.push(`<text class="lrx-halo" x="${at(px + (left ? -9 : 9))}" y="${at(py + (py < TOP + 14 ? 20 : -8))}" text-anchor="${left ? "end" : "start"}">${escape(dot.text)}</text>`);
  }
  parts.push("</svg>");
  return parts.join("");
}

/** A short piece of line that says which curve is meant. */
export function swatch(look) {
  return svg("svg", { class: "lrx-swatch", width: 34, height: 10, viewBox: "0 0 34 10", "aria-hidden": "true" },
    svg("path", { class: `lrx-line lrx-look${look}`, d: "M1 5H33" }));
}

/** Where a pointer is, in the chart's own units. */
function placeOf(event, chart) {
  const box = chart.root.getBoundingClientRect(), scale = chart.width / box.width;
  return [chart.xAt((event.clientX - box.left) * scale), chart.yAt((event.clientY - box.top) * scale)];
}

/**
 * Let a mouse, pen or finger on the chart name a place: `onpick(x, y)`, in the chart's own units and within its frame. With
 * `hover`, a mouse need not be pressed.
 */
export function pickable(chart, onpick, { hover = false } = {}) {
  const inside = (v, frame) => within(v, Math.min(...frame), Math.max(...frame));
  const pick = (event) => {
    const [x, y] = placeOf(event, chart);
    onpick(inside(x, chart.frame.x), inside(y, chart.frame.y));
  };
  chart.root.classList.add("lrx-pickable");
  chart.root.addEventListener("pointerdown", (event) => { chart.root.setPointerCapture(event.pointerId); pick(event); });
  chart.root.addEventListener("pointermove", (event) => { if (event.buttons || (hover && event.pointerType === "mouse")) pick(event); });
}

/** A knob over the chart, with these attributes, that a mouse, pen or finger drags: `onmove(x, y)`, in the chart's own units. */
export function draggable(chart, onmove, attributes, ...children) {
  const knob = h("div", {
    class: "lrx-handle", role: "slider", tabindex: "0", "data-lm-suppress-shortcuts": "true", ...attributes,
    onpointerdown: (event) => { event.preventDefault(); knob.focus(); knob.setPointerCapture(event.pointerId); },
    onpointermove: (event) => { if (knob.hasPointerCapture(event.pointerId)) onmove(...placeOf(event, chart)); },
  }, ...children);
  return knob;
}

/** Put a knob over a point of the chart. */
export function placeOver(chart, knob, [x, y]) {
  const box = chart.root.getBoundingClientRect(), scale = (box.width || chart.width) / chart.width;
  knob.style.left = `${chart.across(x) * scale}px`;
  knob.style.top = `${chart.up(y) * scale}px`;
}
