/**
 * Builds elements from names, attributes and texts.
 *
 * Everything a plant says is untrusted: strings become text nodes, and nothing here or above parses HTML.
 */

/** An element; a child is a node or a string, an attribute with the value null or false is left out. */
export function element(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

/** The same for a drawing inside an `<svg>`. */
export function drawing(name, attributes = {}, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

/** Sets a node's text, and leaves the page alone when it is the same: a screen reader would repeat it. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** A button that says what it does to those who cannot see it as well. */
export function button(text, title, act) {
  const made = element("button", { type: "button", class: "mxgw-button", title }, text);
  made.addEventListener("click", act);
  return made;
}

function filled(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) node.setAttribute(key, value);
  }
  node.append(...children);
  return node;
}
