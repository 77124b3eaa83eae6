/**
 * Builds elements from names, attributes and texts.
 *
 * Everything a plant says is untrusted: strings become text nodes, and nothing here or above parses HTML.
 */

/** @typedef {Record<string, string | number | null | false>} Attributes one that is null or false is left out */
/** @typedef {Node | string} Child */

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Attributes} attributes
 * @param {...Child} children
 */
export function element(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

/**
 * The same for a drawing inside an `<svg>`.
 *
 * @template {keyof SVGElementTagNameMap} Name
 * @param {Name} name
 * @param {Attributes} attributes
 * @param {...Child} children
 */
export function drawing(name, attributes = {}, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

/**
 * Sets a node's text, and leaves the page alone when it is the same: a screen reader would repeat it.
 *
 * @param {Node} node
 * @param {string} text
 */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * A button that says what it does to those who cannot see it as well.
 *
 * @param {string} text
 * @param {string} title
 * @param {(event: MouseEvent) => void} act
 */
export function button(text, title, act) {
  const made = element("button", { type: "button", class: "mxgw-button", title }, text);
  made.addEventListener("click", act);
  return made;
}

/**
 * @template {Element} Made
 * @param {Made} node
 * @param {Attributes} attributes
 * @param {Child[]} children
 */
function filled(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) node.setAttribute(key, String(value));
  }
  node.append(...children);
  return node;
}
