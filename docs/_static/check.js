// Checks answers on the page. It knows only slow, salted hashes of them (docs/hidden_answers.py), and the words to say
// are enciphered with the hash of the answer that they belong to.
(() => {
  const bytes = (text) => new TextEncoder().encode(text);
  const hex = (block) => [...block].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  async function hash(text, salt, iterations) {
    const key = await crypto.subtle.importKey("raw", bytes(text), "PBKDF2", false, ["deriveBits"]);
    return new Uint8Array(await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt: bytes(salt), iterations }, key, 256));
  }

  async function open(sealed, key) {
    const told = Uint8Array.from(atob(sealed), (letter) => letter.charCodeAt(0));
    for (let i = 0; i * 32 < told.length; i++) {
      const block = new Uint8Array(await crypto.subtle.digest("SHA-256", Uint8Array.from([...key, i >> 8, i & 255])));
      for (let k = 0; k < 32 && i * 32 + k < told.length; k++) told[i * 32 + k] ^= block[k];
    }
    return new TextDecoder().decode(told);
  }

  function place([scale, width, shift], value) {
    if (scale === "linear") return String(Math.floor(value / width - shift));
    if (value === 0) return "0";
    return (value < 0 ? "-" : "+") + String(Math.floor(Math.log(Math.abs(value)) / width - shift));
  }

  /** What the target says if `answer` is its, else null. */
  async function matches(sheet, target, answer) {
    const text = target.grids ? target.grids.map((grid, i) => place(grid, answer[i])).join("|") : answer;
    const made = await hash(text, `lrcourse ${sheet.id} ${target.name}`, sheet.rounds);
    return hex(made.slice(0, 8)) === target.tag ? open(target.message, made.slice(8)) : null;
  }

  async function verdict(sheet, answer) {
    for (const target of sheet.targets ?? []) {
      const said = await matches(sheet, target, answer);
      if (said !== null) return { right: Boolean(target.right), text: said };
    }
    const parts = sheet.parts ?? [];
    let good = 0;
    for (const [i, part] of parts.entries()) {
      const one = sheet.kind === "numbers" ? [answer[i]] : answer[i];
      if (await matches(sheet, part, one) !== null) good++;
    }
    if (parts.length && good === parts.length) return { right: true, text: "Right, all of them." };
    return { right: false, text: parts.length ? `Not yet: ${good} of ${parts.length} are right.` : "Not yet. A hint may help." };
  }

  const put = (tag, more, ...inside) => { const one = Object.assign(document.createElement(tag), more); one.append(...inside); return one; };

  /** The fields of one form: `read()` gives the answer, or says in `problem` why there is none. */
  function fields(sheet, box) {
    const id = `check-${sheet.id.replaceAll(".", "-")}`;
    const list = (name, options, label) => {
      const select = put("select", { id: name }, put("option", { value: "", textContent: "choose" }), ...Object.entries(options).map(([value, text]) => put("option", { value, textContent: text })));
      return { select, row: put("p", {}, put("label", { htmlFor: name, textContent: `${label}: ` }), select) };
    };
    if (sheet.kind === "choice") {
      const options = JSON.parse(box.dataset.options || "{}"), one = list(id, Object.fromEntries(sheet.options.map((key) => [key, `${key}) ${options[key] ?? ""}`])), "Your choice");
      return { rows: [one.row], read: () => (one.select.value ? { answer: one.select.value } : { problem: "Choose one first." }) };
    }
    if (sheet.kind === "classification") {
      const named = Object.fromEntries(sheet.options.map((key) => [key, key])), all = sheet.items.map((item, i) => list(`${id}-${i}`, named, item));
      return { rows: all.map((one) => one.row), read: () => (all.every((one) => one.select.value) ? { answer: all.map((one) => one.select.value) } : { problem: "Choose for each of them first." }) };
    }
    const input = put("input", { id, type: "text", inputMode: "decimal", autocomplete: "off", spellcheck: false });
    return { rows: [put("p", {}, put("label", { htmlFor: id, textContent: `${box.dataset.label}: ` }), input)], read: () => numbers(input.value, sheet) };
  }

  const DECIMAL = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

  /** What is typed, as numbers, or what is amiss with it. */
  function numbers(text, sheet) {
    const one = sheet.places === 1, plain = text.trim().replaceAll("−", "-").replace(one ? /[\s_]/g : /_/g, "");
    if (!plain) return { problem: "Type your answer first." };
    if (plain.includes("%")) return { problem: "Leave out the percent sign." };
    if (one ? plain.includes(",") : /\d,\d.*;/.test(plain)) return { problem: "Write decimals with a point, and no other marks: 0.5, 10000." };
    const pieces = one ? [plain] : plain.replace(/^[[({]|[\])}]$/g, "").split(/[,;\s]+/).filter(Boolean);
    const odd = pieces.find((piece) => !DECIMAL.test(piece) || !Number.isFinite(Number(piece)));
    if (odd !== undefined) {
      const bare = odd.match(/^([-+]?[\d.]+(?:e[-+]?\d+)?)[a-zµ]+$/i);
      return { problem: bare ? `Leave out the unit: ${bare[1]}.` : "That is no number: write 0.0017 or 1.7e-3." };
    }
    return pieces.length === sheet.places ? { answer: pieces.map(Number) } : { problem: `${sheet.places} numbers are asked for; you gave ${pieces.length}. Decimals have a point.` };
  }

  function build(box) {
    const sheet = JSON.parse(box.dataset.sheet), { rows, read } = fields(sheet, box);
    const said = put("p", { className: "verdict" }), button = put("button", { type: "submit", textContent: `Check ${sheet.id}` });
    said.setAttribute("role", "status");
    const form = put("form", { className: "check-form" }, ...rows, button, said);
    let asked = 0;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const mine = ++asked, { answer, problem } = read();
      if (problem) { said.textContent = problem; said.dataset.right = ""; return; }
      if (!globalThis.crypto?.subtle) { said.textContent = "This browser checks answers only on https pages and pages from this machine."; return; }
      said.textContent = "Checking …";
      said.dataset.right = "";
      const { right, text } = await verdict(sheet, answer);
      if (mine !== asked) return; // another answer was given meanwhile
      said.textContent = `${right ? "✓" : "✗"} ${text}`;
      said.dataset.right = right ? "yes" : "no";
    });
    box.replaceChildren(form);
  }

  addEventListener("DOMContentLoaded", () => document.querySelectorAll(".lrcourse-check").forEach(build));
})();
