"""What can be wrong with how outputs look, found by measuring what a page has computed."""

from __future__ import annotations

from playwright.sync_api import Page

LEAST_CONTRAST = 4.5
LOOK = """
(leastContrast) => {
  const found = [];
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  const colours = new Map();
  const rgba = (colour) => {
    if (!colours.has(colour)) {
      brush.clearRect(0, 0, 1, 1);
      brush.fillStyle = colour;
      brush.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = brush.getImageData(0, 0, 1, 1).data;
      colours.set(colour, [r, g, b, a / 255]);
    }
    return colours.get(colour);
  };
  const over = (top, below, alpha = top[3]) =>
    [0, 1, 2].map((part) => top[part] * alpha + below[part] * (1 - alpha)).concat(1);
  const ground = (node) => {
    const layers = [];
    for (let one = node; one; one = one.parentElement) {
      const layer = rgba(getComputedStyle(one).backgroundColor);
      if (layer[3] > 0) layers.push(layer);
      if (layer[3] === 1) break;
    }
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255, 1]);
  };
  const light = ([r, g, b]) => {
    const part = (each) => {
      const share = each / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    };
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const named = (node) => {
    const words = (node.getAttribute("aria-label") || node.textContent || "").trim().slice(0, 40);
    return `${node.tagName.toLowerCase()}.${node.getAttribute("class") || ""} "${words}"`;
  };
  const visible = (node) => {
    const box = node.getBoundingClientRect();
    const style = getComputedStyle(node);
    return box.width > 1 && box.height > 1 && style.visibility === "visible" && style.clip === "auto";
  };
  const scrolls = (node, root) => {
    for (let one = node.parentElement; one && one !== root.parentElement; one = one.parentElement)
      if (getComputedStyle(one).overflowX !== "visible") return true;
    return false;
  };
  const wholeOpacity = (node) => {
    let opacity = 1;
    for (let one = node; one; one = one.parentElement) opacity *= Number(getComputedStyle(one).opacity);
    return opacity;
  };
  for (const root of document.querySelectorAll(".jp-Notebook .jp-OutputArea-output")) {
    if (!visible(root) || !root.textContent.trim()) continue;
    const edge = root.getBoundingClientRect().right;
    const canScroll = ["auto", "scroll"].includes(getComputedStyle(root).overflowX);
    const isWider = root.scrollWidth > root.clientWidth + 1;
    if (isWider && !canScroll) found.push(`wider than its output: ${named(root)}`);
    for (const node of root.querySelectorAll("*")) {
      if (!visible(node) || node.closest("[hidden], defs")) continue;
      const style = getComputedStyle(node);
      if (node.getBoundingClientRect().right > edge + 1 && !scrolls(node, root))
        found.push(`reaches out: ${named(node)}`);
      if (node.placeholder && !node.value) {
        brush.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
        const padding = Number.parseFloat(style.paddingLeft) + Number.parseFloat(style.paddingRight);
        const room = node.clientWidth - padding;
        if (brush.measureText(node.placeholder).width > room) found.push(`cut placeholder: ${named(node)}`);
      }
      const text = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
      if (!text || node.matches("option, style, title, script")) continue;
      const isCut = node.scrollWidth > node.clientWidth + 1 && style.overflowX === "hidden";
      if (isCut && style.textOverflow !== "ellipsis") found.push(`cut: ${named(node)}`);
      if (node.closest(":disabled, [inert], [aria-disabled='true']")) continue;
      const isDrawn = node instanceof SVGElement;
      const below = ground(isDrawn ? node.closest("svg").parentElement : node);
      const ink = rgba(isDrawn ? style.fill : style.color);
      const shown = over(ink, below, ink[3] * wholeOpacity(node));
      const [low, high] = [light(shown), light(below)].sort((a, b) => a - b);
      const contrast = (high + 0.05) / (low + 0.05);
      if (contrast < leastContrast) found.push(`contrast ${contrast.toFixed(2)}: ${named(node)}`);
    }
  }
  return [...new Set(found)];
}
"""
CONTROLS = """
() => {
  const found = [];
  const all = document.querySelectorAll(
    ".jp-Notebook [data-mxgw-widget] :is(button, select, input, [tabindex='0'])",
  );
  for (const node of all) {
    if (!node.checkVisibility() || node.disabled || node.closest("[inert], [hidden]")) continue;
    node.scrollIntoView({ block: "center", inline: "nearest" });
    const told = node.getAttribute("aria-label") || node.textContent || node.placeholder || "";
    const words = told.slice(0, 40);
    const named = `${node.tagName.toLowerCase()}.${node.className} "${words}"`;
    const box = node.getBoundingClientRect();
    if (box.right < 0 || box.left > innerWidth) found.push(`out of view: ${named}`);
    const at = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 20));
    const isPlot = node.matches(".mxgw-plot, [role='slider'], .mxgw-notesign");
    if (!isPlot && at && !node.contains(at) && !at.contains(node)) {
      const over = `${at.tagName.toLowerCase()}.${at.getAttribute("class") || ""}`;
      found.push(`overlapped by ${over}: ${named}`);
    }
    const look = () => {
      const style = getComputedStyle(node);
      return [style.outlineStyle !== "none" && style.outlineWidth, style.boxShadow, style.borderColor].join();
    };
    const before = look();
    node.focus({ preventScroll: true });
    if (document.activeElement === node && look() === before) found.push(`focus is not seen: ${named}`);
    node.blur();
  }
  return [...new Set(found)];
}
"""


def faults_of_layout(page: Page) -> list[str]:
    """What is cut, too wide or too pale in any output of the notebook that is shown."""
    found: list[str] = page.evaluate(LOOK, LEAST_CONTRAST)
    return found


def faults_of_controls(page: Page) -> list[str]:
    """The widgets' controls that are covered, out of view, or show no focus."""
    page.keyboard.press("Escape")  # what a key was pressed before is focused visibly
    found: list[str] = page.evaluate(CONTROLS)
    return found
