/**
 * What draws on a canvas.
 *
 * @param {HTMLCanvasElement} canvas
 */
export function contextOf(canvas) {
  const found = canvas.getContext("2d");
  if (!found) throw new Error("this browser cannot draw on a canvas");
  return found;
}
