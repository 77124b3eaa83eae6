import { element } from "../shared/dom.js";

const KINDS = { area: "▣", object: "◆", template: "◇", attribute: "•" };
const KIND_WORDS = { area: "area", object: "object", template: "template", attribute: "attribute" };
// Everybody may write these, or nobody: no mark. The others ask for care.
const SECURITY_MARKS = { SecuredWrite: "S", VerifiedWrite: "V", Tune: "T", Configure: "C", ViewOnly: "R" };
const SECURITY_WORDS = {
  SecuredWrite: "secured write: signed by one person",
  VerifiedWrite: "verified write: signed by two persons",
  Tune: "tune",
  Configure: "configure",
  ViewOnly: "read only",
};
export const INDENT = 16;

/** One row of the tree; every text of the plant becomes a text node. */
export function drawRow(node, { index, height, isSelected, isActive, id, value }) {
  const twisty = node.isLoading ? "…" : node.more ? (node.isOpen ? "▾" : "▸") : "";
  const row = element(
    "div",
    {
      class: "mxgw-node",
      id,
      role: "treeitem",
      "aria-level": String(node.depth + 1),
      "aria-expanded": node.more ? String(node.isOpen) : null,
      "aria-selected": String(isSelected),
      "data-key": node.key,
      "data-kind": node.kind,
      "data-active": isActive ? "yes" : null,
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
  row.style.top = `${index * height}px`;
  row.style.height = `${height}px`;
  row.style.paddingLeft = `${6 + node.depth * INDENT}px`;
  return row;
}

function marks(node) {
  const shown = [];
  const whose = node.kind === "attribute" ? "" : "has attributes with ";
  if (node.marks.includes("A")) shown.push(mark("alarm", "A", `${whose}alarm`));
  if (node.marks.includes("H")) shown.push(mark("history", "H", `${whose}history`));
  const letter = SECURITY_MARKS[node.security];
  if (letter) shown.push(mark("security", letter, SECURITY_WORDS[node.security]));
  return shown;
}

function mark(name, letter, words) {
  return element(
    "span",
    { class: "mxgw-mark", "data-mark": name, title: words, "aria-label": words },
    letter,
  );
}

function title(node) {
  const lines = [`${KIND_WORDS[node.kind] ?? node.kind} ${node.tag || node.label}`];
  if (node.about) lines.push(node.about);
  if (node.security) lines.push(node.security);
  return lines.join("\n");
}
