/**
 * Colours for what a style sheet cannot reach: the canvas.
 *
 * The page's own variables decide (JupyterLab's, else the system colours); dark or light is told by
 * how bright the text is, which needs no knowledge of any theme's name.
 */

/** @typedef {"bad" | "uncertain" | "hatch" | "brush"} Shade */

// Okabe and Ito's palette, darkened for white paper and lightened for a dark one; told apart with
// every common kind of colour blindness.
const PENS = {
  light: ["#0072b2", "#c04e00", "#00805f", "#a8487f", "#8f6a00", "#5b4fc4", "#2f7f99", "#555555"],
  dark: ["#56b4e9", "#f0a33c", "#3ecf9f", "#e08fc0", "#e6d94a", "#a9a1ff", "#7fd3e6", "#c9c9c9"],
};
const SHADES = {
  light: {
    bad: "rgba(200, 45, 45, 0.16)",
    uncertain: "rgba(214, 150, 0, 0.18)",
    hatch: "rgba(70, 70, 70, 0.45)",
    brush: "rgba(0, 114, 178, 0.14)",
  },
  dark: {
    bad: "rgba(255, 95, 95, 0.24)",
    uncertain: "rgba(255, 196, 60, 0.20)",
    hatch: "rgba(215, 215, 215, 0.45)",
    brush: "rgba(86, 180, 233, 0.20)",
  },
};
// More pens than colours: the second round is dashed, so no two look alike.
const DASHES = [[], [8, 4], [2, 3]];

/** The colours that hold for `root` now; writes `data-mxgw-theme` on it for the style sheet. */
export class Theme {
  /** @type {keyof typeof PENS} */
  mode = "light";
  // The page's colour of text, of faint text and of lines, and its fonts.
  text = "";
  faint = "";
  grid = "";
  font = "";

  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.read();
  }

  /** Looks again; true when something changed and a canvas has to be drawn anew. */
  read() {
    const style = getComputedStyle(this.root);
    const text = style.color;
    const changed = text !== this.text;
    this.text = text;
    this.mode = brightness(text) > 0.5 ? "dark" : "light";
    this.faint = this.mode === "dark" ? "rgba(255, 255, 255, 0.62)" : "rgba(0, 0, 0, 0.62)";
    this.grid = this.mode === "dark" ? "rgba(255, 255, 255, 0.10)" : "rgba(0, 0, 0, 0.09)";
    this.font = style.fontFamily || "sans-serif";
    this.root.dataset.mxgwTheme = this.mode;
    return changed;
  }

  /** @param {number} index */
  pen(index) {
    return PENS[this.mode][index % PENS[this.mode].length];
  }

  /** @param {number} index */
  dash(index) {
    return DASHES[Math.floor(index / PENS.light.length) % DASHES.length];
  }

  /** @param {Shade} word */
  shade(word) {
    return SHADES[this.mode][word];
  }
}

/**
 * From 0, black, to 1.
 *
 * @param {string} colour
 */
function brightness(colour) {
  const [red, green, blue] = (colour.match(/[\d.]+/g) ?? [0, 0, 0]).map(Number);
  // "color(srgb 1 1 1)" counts to one, "rgb(255, 255, 255)" to 255.
  const full = colour.startsWith("color(") ? 1 : 255;
  return (0.299 * red + 0.587 * green + 0.114 * blue) / full;
}
