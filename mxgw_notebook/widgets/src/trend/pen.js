const FIRST_ROOM = 1024;
// A tag at ten samples a second fills this in fourteen hours; then the older half goes.
const MOST_SAMPLES = 500_000;

/** The samples of one tag in time order, in arrays that grow; a sample without a number holds the last one. */
export class Pen {
  constructor(tag) {
    this.tag = tag;
    this.clear();
  }

  clear() {
    this.length = 0;
    this.time = new Float64Array(FIRST_ROOM);
    this.value = new Float64Array(FIRST_ROOM);
    this.quality = new Uint8Array(FIRST_ROOM);
    this.lastHasNumber = false;
  }

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

  /** The index of the first sample after `ms`. */
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

  /** What the tag read at `ms`: time, value (NaN: no number) and quality; null before the first sample. */
  at(ms) {
    const index = this.after(ms) - 1;
    if (index < 0) return null;
    const isLast = index === this.length - 1;
    const value = isLast && !this.lastHasNumber ? NaN : this.value[index];
    return { time: this.time[index], value, quality: this.quality[index] };
  }

  #makeRoom(more) {
    if (this.length + more > MOST_SAMPLES) this.#forgetOlderHalf();
    if (this.length + more <= this.time.length) return;
    const room = Math.max(this.time.length * 2, this.length + more);
    this.time = grown(this.time, room);
    this.value = grown(this.value, room);
    this.quality = grown(this.quality, room);
  }

  #forgetOlderHalf() {
    const from = this.length >> 1;
    for (const column of [this.time, this.value, this.quality]) column.copyWithin(0, from, this.length);
    this.length -= from;
  }
}

function grown(column, room) {
  const larger = new column.constructor(room);
  larger.set(column);
  return larger;
}
