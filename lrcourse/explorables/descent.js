// Gradient descent on ½ Σ λᵢxᵢ², with noise: one run, and exactly the mean over all runs (lrcourse.quadratic in Python).

import { schedule } from "./schedules.js";

export const UPDATES = 60;
export const LANDSCAPES = { bowl: "a bowl", ravine: "a ravine, 10 times as steep across as along" };
const CURVATURES = { bowl: [1], ravine: [0.1, 1] }; // the steepest is 1, so that the rate is η·λ
const START = { bowl: [2.5], ravine: [-3.4, 1.6] };

/** Numbers of a normal distribution, the same ones for the same seed, here and in Python (explorables/driver_widget.py). */
export function normals(seed, n) {
  let state = Math.imul(seed, 2654435761) >>> 0;
  const uniform = () => { // mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let z = Math.imul(state ^ (state >>> 15), state | 1);
    z = (z + Math.imul(z ^ (z >>> 7), z | 61)) ^ z;
    return (((z ^ (z >>> 14)) >>> 0) + 0.5) / 4294967296;
  };
  return Array.from({ length: n }, () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()));
}

/** The places and losses of one run: UPDATES + 1 of each. */
export function journey({ landscape, noise, seed }, rates) {
  const curvatures = CURVATURES[landscape], eta = schedule(rates).at;
  const xi = normals(seed, UPDATES * curvatures.length), loss = (x) => x.reduce((sum, v, i) => sum + 0.5 * curvatures[i] * v * v, 0);
  const places = [START[landscape]];
  for (let t = 0; t < UPDATES; t++) {
    places.push(places[t].map((v, i) => v - eta(t) * (curvatures[i] * v + noise * xi[t * curvatures.length + i])));
  }
  return { places, losses: places.map(loss), curvatures };
}

/** The mean loss before each update and after the last, over all the noise there could be. */
export function expectedLosses({ landscape, noise }, rates) {
  const curvatures = CURVATURES[landscape], eta = schedule(rates).at;
  let squares = START[landscape].map((v) => v * v);
  const mean = () => squares.reduce((sum, square, i) => sum + 0.5 * curvatures[i] * square, 0), all = [mean()];
  for (let t = 0; t < UPDATES; t++) {
    squares = squares.map((square, i) => (1 - eta(t) * curvatures[i]) ** 2 * square + (eta(t) * noise) ** 2);
    all.push(mean());
  }
  return all;
}

/** The mean loss that a fixed rate settles at: Σ ½ ησ²/(2 − ηλ); infinite at the limit 2/λ and above. */
export function noiseFloor({ landscape, noise, rate }) {
  return CURVATURES[landscape].reduce((sum, l) => sum + (rate * l < 2 ? (0.5 * rate * noise ** 2) / (2 - rate * l) : Infinity), 0);
}
