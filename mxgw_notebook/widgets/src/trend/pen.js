/** @import { Outage, TrendTag } from "./messages.d.ts" */

/**
 * What a tag read; a value that is NaN is no number. One that `isLost` was the last before an outage.
 *
 * @typedef {{time: number, value: number, quality: number, isLost: boolean}} Reading
 */

const FIRST_ROOM = 1024;
// A tag at ten samples a second fills this in fourteen hours; then the older half goes.
const MOST_SAMPLES = 500_000;

/** The samples of one tag in time order, in arrays that grow; a sample without a number holds the last one. */
export class Pen {
  length = 0;
  time = new Float64Array(FIRST_ROOM);
  value = new Float64Array(FIRST_ROOM);
  quality = new Uint8Array(FIRST_ROOM);
  lastHasNumber = false;
  /** What is to be said of the tag beside its value. */
  note = "";
  /** @type {Outage[]} */
  outages = []; // when nobody told of its values
  /**
   * Where the value stands that holds since long before a clearing, and since when.
   *
   * @type {{time: number, since: number} | null}
   */
  carried = null;

  /**
   * @param {TrendTag} tag
   * @param {string} earlier by how much it is shifted, in words; empty of the present
   */
  constructor(tag, earlier = "") {
    this.tag = tag;
    this.words = tag.words;
    this.earlier = earlier;
  }

  /** What it is called on the page. */
  get name() {
    const name = this.tag.label || this.tag.tag;
    return this.earlier ? `${name}, ${this.earlier}` : name;
  }

  /** Forgets all samples; the room stays, since as many will come. */
  clear() {
    this.length = 0;
    this.lastHasNumber = false;
  }

  /**
   * @param {Float64Array} time
   * @param {Float64Array} value
   * @param {Uint8Array} quality
   */
  append(time, value, quality) {
    this.#makeRoom(time.length);
    for (let i = 0; i < time.length; i++) {
      const at = this.length++;
      // A plant's clock may be set back; the drawing needs one that only goes on.
      this.time[at] = at > 0 ? Math.max(time[i], this.time[at - 1]) : time[i];
      this.lastHasNumber = Number.isFinite(value[i]);
      this.value[at] = this.lastHasNumber ? value[i] : at > 0 ? this.value[at - 1] : NaN;
      this.quality[at] = quality[i];
    }
  }

  /**
   * Puts samples of a window in the place of those known of it, which were thinned.
   *
   * @param {number} from
   * @param {number} to
   * @param {Float64Array} time
   * @param {Float64Array} value
   * @param {Uint8Array} quality
   */
  splice(from, to, time, value, quality) {
    let first = 0;
    while (first < time.length && time[first] < from) first += 1;
    const low = this.after(from - 1e-3);
    const high = this.after(to);
    const more = time.length - first - (high - low);
    if (this.length + more > MOST_SAMPLES) return;
    const before = low > 0 ? this.value[low - 1] : NaN;
    const lastKept = low > 0 ? this.time[low - 1] : -Infinity;
    this.#makeRoom(Math.max(0, more));
    for (const column of [this.time, this.value, this.quality])
      column.copyWithin(high + more, high, this.length);
    let held = before;
    let latest = lastKept;
    for (let i = first, at = low; i < time.length; i++, at++) {
      latest = Math.max(latest, time[i]);
      if (Number.isFinite(value[i])) held = value[i];
      this.time[at] = latest;
      this.value[at] = held;
      this.quality[at] = quality[i];
    }
    this.length += more;
  }

  /**
   * The value on the straight line between the samples around `ms`; null where there are not two.
   *
   * @param {number} ms
   */
  between(ms) {
    const next = this.after(ms);
    if (next === 0 || next >= this.length) return null;
    const [t0, t1, v0, v1] = [this.time[next - 1], this.time[next], this.value[next - 1], this.value[next]];
    return t1 > t0 && Number.isFinite(v0) && Number.isFinite(v1)
      ? v0 + ((v1 - v0) * (ms - t0)) / (t1 - t0)
      : null;
  }

  /** Whether the tag has states in words, not numbers. */
  get isState() {
    return Boolean(this.tag.words);
  }

  /**
   * A value as the legend writes it: a number is itself, a state its word.
   *
   * @param {number} value
   */
  word(value) {
    return this.words?.[value] ?? (Number.isFinite(value) ? String(value) : "–");
  }

  /**
   * The index of the first sample after `ms`.
   *
   * @param {number} ms
   */
  after(ms) {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.time[middle] <= ms) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * What the tag read at `ms`; null before the first sample.
   *
   * @param {number} ms
   * @returns {Reading | null}
   */
  at(ms) {
    const index = this.after(ms) - 1;
    if (index < 0) return null;
    const isLast = index === this.length - 1;
    const value = isLast && !this.lastHasNumber ? NaN : this.value[index];
    const time = this.time[index];
    const isLost = Number.isFinite(ms) && this.isLost(ms, time);
    const since = time === this.carried?.time ? this.carried.since : time;
    return { time: since, value, quality: this.quality[index], isLost };
  }

  /**
   * Whether a value that came at `since` is not known to hold at `ms`: between them nobody told, and still does not.
   *
   * @param {number} ms
   * @param {number} since
   */
  isLost(ms, since) {
    return this.outages.some(([from, to]) => since <= from && from < ms && ms < (to ?? Infinity));
  }

  /** @param {number} more */
  #makeRoom(more) {
    if (this.length + more > MOST_SAMPLES) this.#forgetOlderHalf();
    if (this.length + more <= this.time.length) return;
    const room = Math.max(this.time.length * 2, this.length + more);
    this.time = grown(this.time, new Float64Array(room));
    this.value = grown(this.value, new Float64Array(room));
    this.quality = grown(this.quality, new Uint8Array(room));
  }

  #forgetOlderHalf() {
    const from = this.length >> 1;
    for (const column of [this.time, this.value, this.quality]) column.copyWithin(0, from, this.length);
    this.length -= from;
  }
}

/**
 * @template {Float64Array | Uint8Array} Column
 * @param {Column} column
 * @param {Column} larger
 */
function grown(column, larger) {
  larger.set(column);
  return larger;
}
