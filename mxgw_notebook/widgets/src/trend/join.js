/** Puts pens with times of their own on the one time axis that the chart wants. */

/**
 * The pens' samples between two times as `[seconds, column, column, ...]` for uPlot, and how many
 * samples of each pen stand in it.
 *
 * A value holds until the next one and up to `to`; before a pen's first number there is null. A pen
 * with far more samples than pixels is thinned to those that show.
 */
export function joinPens(pens, from, to, pixels) {
  const chosen = pens.map((pen) => thinned(pen, Math.max(0, pen.after(from) - 1), pen.after(to), from, to, pixels));
  const seconds = mergedTimes(pens, chosen, from, to);
  const columns = pens.map((pen, k) => heldValues(pen, chosen[k], seconds));
  return {
    data: [Array.from(seconds, (ms) => ms / 1000), ...columns],
    drawn: chosen.map((indices) => indices.length),
  };
}

/** The indices of the samples that show: all, or first, lowest, highest and last of each pixel column. */
function thinned(pen, low, high, from, to, pixels) {
  if (high - low <= 4 * pixels) return range(low, high);
  const kept = [];
  const perMs = pixels / (to - from);
  let start = low;
  while (start < high) {
    const column = Math.floor((pen.time[start] - from) * perMs);
    let end = start + 1;
    let [least, most] = [start, start];
    for (; end < high && Math.floor((pen.time[end] - from) * perMs) === column; end++) {
      if (pen.value[end] < pen.value[least]) least = end;
      if (pen.value[end] > pen.value[most]) most = end;
    }
    kept.push(...[...new Set([start, least, most, end - 1])].sort((a, b) => a - b));
    start = end;
  }
  return kept;
}

function mergedTimes(pens, chosen, from, to) {
  const all = new Float64Array(chosen.reduce((sum, indices) => sum + indices.length, 2));
  all[0] = from;
  all[1] = to;
  let at = 2;
  pens.forEach((pen, k) => {
    for (const index of chosen[k]) all[at++] = Math.max(from, pen.time[index]);
  });
  all.sort();
  return all.filter((ms, i) => i === 0 || ms !== all[i - 1]);
}

function heldValues(pen, indices, times) {
  const column = new Array(times.length);
  let next = 0;
  let held = null;
  for (let i = 0; i < times.length; i++) {
    while (next < indices.length && pen.time[indices[next]] <= times[i]) {
      const value = pen.value[indices[next++]];
      if (Number.isFinite(value)) held = value;
    }
    column[i] = held;
  }
  return column;
}

function range(low, high) {
  return Array.from({ length: high - low }, (_, i) => low + i);
}
