// Elements, and native controls that a label names and the keyboard moves.

const SVG = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null));
  return element;
}

/** An HTML element. JupyterLab's command mode would take a control's arrow keys, unless the control itself forbids it. */
export function h(tag, attributes = {}, ...children) {
  const element = fill(document.createElement(tag), attributes, children);
  if (/^(input|select|button|summary|textarea)$/.test(tag)) element.setAttribute("data-lm-suppress-shortcuts", "true");
  return element;
}

export const svg = (tag, attributes = {}, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

let made = 0;
const page = Math.random().toString(36).slice(2, 8); // two explorables on a page have two counters
export const newId = (stem) => `lrx-${stem}-${page}-${++made}`;

/** Text of an element, changed only where it differs, so that a screen reader says it once. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export const within = (v, low, high) => Math.min(high, Math.max(low, v));

// ---- scales of sliders: a whole position from 0 to `max`, and the value that belongs to it. What may be typed reaches
// farther: from `least` to `most`, in whole numbers or all.

export const ABOVE_0 = Number.MIN_VALUE;

const twoDigits = (x) => Number(x.toPrecision(2));

/** Equal steps from low to high. */
export function linear(low, high, step) {
  const tidy = (x) => Number(x.toPrecision(12));
  const max = Math.round((high - low) / step);
  return { least: low, max, step: "any", value: (i) => tidy(low + i * step), position: (v) => Math.round((v - low) / step) };
}

/** Equal ratios from low to high, rounded to two digits; with `zero`, the lowest position is 0. */
export function logarithmic(low, high, perDecade, { zero = false, whole = false } = {}) {
  const first = zero ? 1 : 0, span = Math.log10(high / low);
  const max = Math.round(span * perDecade) + first;
  const value = (i) => {
    if (i < first) return 0;
    const v = twoDigits(low * 10 ** ((i - first) / perDecade));
    return whole ? Math.round(v) : v;
  };
  const position = (v) => (v <= 0 ? 0 : Math.min(max, Math.max(0, Math.round(Math.log10(v / low) * perDecade) + first)));
  return { least: zero ? 0 : whole ? low : ABOVE_0, max, step: whole ? 1 : "any", whole, value, position };
}

/** What a typed text lacks to be a number of the scale; "" for one that is. */
export function lacking(text, { least, most = Infinity, whole }) {
  const v = Number(text), sound = text.trim() !== "" && Number.isFinite(v) && (!whole || Number.isSafeInteger(v));
  if (sound && v >= least && v <= most) return "";
  const from = least === ABOVE_0 ? "above 0" : most < Infinity ? `from ${least}` : `of at least ${least}`;
  return `Not used: it must be a ${whole ? "whole number" : "number"} ${from}${most < Infinity ? ` to ${most}` : ""}.`;
}

/**
 * A number twice: a field to type in and a slider to move. `onchange(value)` hears of every change by hand. While
 * somebody types, the field is theirs: what is not (yet) a number is told below it, and left behind when they leave.
 */
export function numberControl({ label, scale, value, onchange, say: spoken = String }) {
  const id = newId("number"), noteId = newId("note");
  const note = h("span", { id: noteId, class: "lrx-note", role: "status" });
  const field = h("input", {
    id, type: "number", step: scale.step, min: Math.round(scale.least) === scale.least ? scale.least : 0, max: scale.most ?? null, value, inputmode: "decimal", "aria-describedby": noteId,
  });
  const slider = h("input", { type: "range", min: 0, max: scale.max, step: 1, value: scale.position(value), "aria-label": `${label}, slider` });
  let typing = false, last = value;
  const tell = (wrong) => { say(note, wrong); field.setAttribute("aria-invalid", String(wrong !== "")); };
  const write = (v) => { if (field.value === "" || Number(field.value) !== v) field.value = String(v); tell(""); };
  const show = (v) => {
    if (!typing && (v !== last || document.activeElement !== field)) write(v);
    last = v;
    if (scale.position(v) !== Number(slider.value)) slider.value = scale.position(v);
    slider.setAttribute("aria-valuetext", spoken(v));
  };
  field.addEventListener("input", () => {
    const wrong = lacking(field.value, scale);
    tell(wrong);
    if (wrong) return;
    typing = true;
    show(Number(field.value));
    onchange(Number(field.value));
    typing = false;
  });
  field.addEventListener("blur", () => write(last));
  slider.addEventListener("input", () => { const v = scale.value(Number(slider.value)); show(v); onchange(v); });
  show(value);
  const element = h("div", { class: "lrx-number" }, h("label", { for: id }, label), field, slider, note);
  return { element, show, field, slider };
}

/** One of several, as a native list. */
export function choiceControl({ label, options, value, onchange }) {
  const id = newId("choice");
  const list = h("select", { id, onchange: () => onchange(list.value) },
    ...Object.entries(options).map(([key, text]) => h("option", { value: key }, text)));
  list.value = value;
  return { element: h("div", { class: "lrx-choice" }, h("label", { for: id }, label), list), show: (v) => { list.value = v; }, list };
}

/** Yes or no. */
export function checkControl({ label, value, onchange }) {
  const id = newId("check");
  const box = h("input", { id, type: "checkbox", onchange: () => onchange(box.checked) });
  box.checked = value;
  return { element: h("div", { class: "lrx-check" }, box, h("label", { for: id }, label)), show: (v) => { box.checked = v; } };
}

export const button = (label, onclick, more = {}) => h("button", { type: "button", onclick, ...more }, label);

/**
 * Mount an explorable: `build(model, root)` makes the elements and returns `draw()`, which is called at once, at every
 * change of the model, from here or from Python, and when the width changes. Returns the function that takes it down.
 */
export function mount(model, el, title, build) {
  const root = h("section", { class: "lrx", "aria-label": title });
  el.append(root);
  const draw = build(root);
  const resized = new ResizeObserver(() => { if (root.isConnected && root.clientWidth) draw(); });
  draw();
  model.on("change", draw);
  resized.observe(root);
  return () => { model.off("change", draw); resized.disconnect(); root.remove(); };
}

/** Set some of the model's values and send them on. */
export function put(model, values) {
  for (const [name, value] of Object.entries(values)) model.set(name, value);
  model.save_changes();
}
