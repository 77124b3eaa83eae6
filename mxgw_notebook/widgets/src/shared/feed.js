import { age } from "./words.js";

// The kernel gives a sign of life every 5 seconds.
const SILENT_MS = 15_000;

/** How a widget's feed is: the kernel's own words, or that the kernel has fallen silent. */
export class Feed {
  #status = "connecting";
  #heardAt = performance.now();

  hear(status) {
    this.#status = status;
    this.#heardAt = performance.now();
  }

  get isStopped() {
    return this.#status === "stopped";
  }

  words() {
    const silence = performance.now() - this.#heardAt;
    if (this.isStopped || silence < SILENT_MS) return this.#status;
    return `no news from the kernel for ${age(silence)}`;
  }
}
