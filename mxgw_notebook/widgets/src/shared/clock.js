/** The kernel's clock as seen from the browser: the two may be different machines. */
export class Clock {
  #ahead = 0;

  /**
   * Learns from a message that left the kernel at `kernelMs`; its time on the way is taken for nothing.
   *
   * @param {number} kernelMs
   */
  learn(kernelMs) {
    if (Number.isFinite(kernelMs)) this.#ahead = kernelMs - Date.now();
  }

  /** Now, in the kernel's epoch milliseconds. */
  now() {
    return Date.now() + this.#ahead;
  }
}
