import { element } from "../shared/dom.js";

/** @import { Quality } from "../shared/words.js" */
/** @import { TreeNode } from "./tree.js" */

/** @typedef {[text: string, quality: Quality | "failed"]} Value a tag's value as it was read */
/** @typedef {{node: HTMLElement, said: unknown[]}} DrawnNode a row's node, and what of the row it tells */

/**
 * What a row shows beside what the kernel says of its node.
 *
 * @typedef {object} Look
 * @property {string} id of the row on the page
 * @property {boolean} isSelected
 * @property {boolean} isActive whether the keyboard stands on it
 * @property {Value | undefined} value
 */

const KINDS = { area: "▣", object: "◆", template: "◇", attribute: "•" };
const KIND_WORDS = { area: "area", object: "object", template: "template", attribute: "attribute" };
// Everybody may write these, or nobody: no mark. The others ask for care.
/** @type {Record<string, string>} */
const SECURITY_MARKS = { SecuredWrite: "S", VerifiedWrite: "V", Tune: "T", Configure: "C", ViewOnly: "R" };
/** @type {Record<string, string>} */
const SECURITY_WORDS = {
  SecuredWrite: "secured write: signed by one person",
  VerifiedWrite: "verified write: signed by two persons",
  Tune: "tune",
  Configure: "configure",
  ViewOnly: "read only",
};
const INDENT = 16;

/**
 * A node's row: that of `before` as long as it says the same. Every text of the plant becomes a text node.
 *
 * @param {TreeNode} node
 * @param {DrawnNode | undefined} before
 * @param {Look} look
 * @returns {DrawnNode}
 */
export function drawRow(node, before, { id, isSelected, isActive, value }) {
  const said = [node, node.isOpen, node.isLoading, node.failure, value];
  const isSame = before?.said.every((word, place) => word === said[place]);
  const drawn = before && isSame ? before : { said, node: rowNode(node, id, value) };
  drawn.node.setAttribute("aria-selected", String(isSelected));
  drawn.node.toggleAttribute("data-active", isActive);
  return drawn;
}

/**
 * @param {TreeNode} node
 * @param {string} id
 * @param {Value | undefined} value
 */
function rowNode(node, id, value) {
  const twisty = node.isLoading ? "…" : node.more ? (node.isOpen ? "▾" : "▸") : "";
  const row = element(
    "div",
    {
      class: "mxgw-node",
      id,
      role: "treeitem",
      "aria-level": String(node.depth + 1),
      "aria-expanded": node.more ? String(node.isOpen) : null,
      "data-key": node.key,
      "data-kind": node.kind,
      title: title(node),
    },
    element("span", { class: "mxgw-twisty", "aria-hidden": "true" }, twisty),
    element("span", { class: "mxgw-kind", "aria-hidden": "true" }, KINDS[node.kind] ?? ""),
    element("span", { class: "mxgw-name" }, node.label),
    ...(node.tag && node.kind !== "attribute" ? [element("span", { class: "mxgw-tag-name" }, node.tag)] : []),
    ...(node.failure ? [element("span", { class: "mxgw-failure" }, node.failure)] : []),
    element("span", { class: "mxgw-spring" }),
    ...(value ? [element("span", { class: "mxgw-value", "data-quality": value[1] }, value[0])] : []),
    ...marks(node),
    element("span", { class: "mxgw-about" }, node.about),
  );
  row.style.paddingLeft = `${6 + node.depth * INDENT}px`;
  return row;
}

/** @param {TreeNode} node */
function marks(node) {
  const shown = [];
  const whose = node.kind === "attribute" ? "" : "has attributes with ";
  if (node.marks.includes("A")) shown.push(mark("alarm", "A", `${whose}alarm`));
  if (node.marks.includes("H")) shown.push(mark("history", "H", `${whose}history`));
  const letter = SECURITY_MARKS[node.security];
  if (letter) shown.push(mark("security", letter, SECURITY_WORDS[node.security]));
  return shown;
}

/**
 * @param {string} name
 * @param {string} letter
 * @param {string} words
 */
function mark(name, letter, words) {
  return element(
    "span",
    { class: "mxgw-mark", "data-mark": name, title: words, "aria-label": words },
    letter,
  );
}

/** @param {TreeNode} node */
function title(node) {
  const lines = [`${KIND_WORDS[node.kind] ?? node.kind} ${node.tag || node.label}`];
  if (node.about) lines.push(node.about);
  if (node.security) lines.push(node.security);
  return lines.join("\n");
}
