// Numbers and sentences, as lrcourse writes them in Python.

/** Mantissa's digits and the power of ten of |x|, rounded to `digits` places as Python rounds: ties go to even. */
function rounded(x, digits) {
  let [mantissa, power] = Math.abs(x).toExponential(60).split("e");
  mantissa = mantissa.replace(".", "");
  const kept = mantissa.slice(0, digits), rest = mantissa.slice(digits), tie = /^50*$/.test(rest);
  const up = tie ? Number(kept.at(-1)) % 2 === 1 : rest[0] >= "5";
  const shown = up ? String(BigInt(kept) + 1n).padStart(digits, "0") : kept;
  return shown.length > digits ? [shown.slice(0, digits), Number(power) + 1] : [shown, Number(power)];
}

/** Python's f"{x:.6g}". */
export function general(x, digits = 6) {
  if (!Number.isFinite(x)) return x > 0 ? "inf" : x < 0 ? "-inf" : "nan";
  if (x === 0) return "0";
  const [all, power] = rounded(x, digits), sign = x < 0 ? "-" : "";
  const trim = (text) => (text.includes(".") ? text.replace(/\.?0*$/, "") : text);
  if (power < -4 || power >= digits) {
    const size = String(Math.abs(power)).padStart(2, "0");
    return `${sign}${trim(`${all[0]}.${all.slice(1)}`)}e${power < 0 ? "-" : "+"}${size}`;
  }
  if (power < 0) return sign + trim(`0.${"0".repeat(-power - 1)}${all}`);
  return sign + trim(`${all.slice(0, power + 1)}.${all.slice(power + 1)}`);
}

/** A number for display: six significant digits, no noise, a true minus. */
export const number = (x, digits = 6) => general(x, digits).replace("e-0", "e-").replace("e+0", "e+").replaceAll("-", "−");

/** "= 0.5" where six digits say it all, "≈ 0.707107" where they round. */
export function equals(x) {
  const shown = Number(general(x)), exact = Math.abs(shown - x) <= Math.max(1e-12 * Math.max(Math.abs(shown), Math.abs(x)), 1e-300);
  return `${exact ? "=" : "≈"} ${number(x)}`;
}

/** Python's repr of a number: 1e-05, 0.001, 1000. */
export function literal(x) {
  if (x === null) return "None";
  if (typeof x === "boolean") return x ? "True" : "False";
  if (typeof x === "string") return JSON.stringify(x);
  if (Array.isArray(x)) return `[${x.map(literal).join(", ")}]`;
  if (Number.isInteger(x) && Math.abs(x) < 1e16) return String(x);
  const [mantissa, power] = x.toExponential().split("e");
  if (power >= -4 && power < 16) return String(Number(x));
  return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

/** A step or a count: 10,000. */
export const count = (x) => (Number.isInteger(x) ? x.toLocaleString("en-US") : number(x));

/** In a sentence, what the curve of `at` does between 0 and `stop`; `unit` is what is counted there. */
export function shapeOf(at, stop, unit = "step", steps = 240) {
  const rates = Array.from({ length: steps + 1 }, (_, i) => at((stop * i) / steps)).filter(Number.isFinite);
  if (!rates.length) return "has no rate here";
  const spot = (i) => (i === steps ? `${unit} ${count(stop)}` : `about ${unit} ${count(Math.round((stop * i) / steps))}`);
  const high = rates.indexOf(Math.max(...rates)), low = rates.indexOf(Math.min(...rates)), last = rates.length - 1;
  if (rates[high] === rates[low]) return `stays at ${number(rates[0], 3)}`;
  const ups = rates.slice(1).filter((rate, i) => rate > rates[i] && !(i && rates[i] > rates[i - 1])).length;
  let told = `starts at ${number(rates[0], 3)}`;
  if (high > 0 && high < last) told += `, is highest (${number(rates[high], 3)}) at ${spot(high)}`;
  if (low > 0 && low < last && rates[low] < Math.min(rates[0], rates[last])) told += `, is lowest (${number(rates[low], 3)}) at ${spot(low)}`;
  told += `, ${ups > 2 ? `rises ${ups} times and ` : ""}`;
  return `${told}ends at ${number(rates[last], 3)} at ${unit} ${count(stop)}`;
}
