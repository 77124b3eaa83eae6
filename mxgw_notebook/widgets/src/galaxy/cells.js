/**
 * Code into a new cell, text onto the clipboard.
 *
 * A widget has no part in the notebook around it, so the notebook's own button is pressed, as the person
 * would. Where there is none, the code is copied instead.
 */

const PANEL = ".jp-NotebookPanel";
const CELL = ".jp-Notebook .jp-Cell";
const INSERT = '[data-jp-item-name="insert"] :is(jp-button, button)';
const LOOKS = 20;
const LOOK_MS = 50;

/**
 * Whether a new cell below that of `root` now holds the code. A cell that was there is never written to.
 *
 * @param {Element} root
 * @param {string} code
 */
export async function insertCell(root, code) {
  const panel = root.closest(PANEL);
  const cell = root.closest(".jp-Cell");
  const button = panel?.querySelector(INSERT);
  if (!cell || !panel || !button) return false;
  activate(cell);
  const before = new Set(panel.querySelectorAll(CELL));
  press(button, "mousedown");
  let made = await appeared(panel, before);
  if (!made) {
    press(button, "click");
    made = await appeared(panel, before);
  }
  const editor = /** @type {HTMLElement | null | undefined} */ (made?.querySelector(".cm-content"));
  if (!editor) return false;
  editor.focus();
  return document.activeElement === editor && document.execCommand("insertText", false, code);
}

/**
 * The cell that was not there before, once its editor is drawn.
 *
 * @param {Element} panel
 * @param {Set<Element>} before
 */
async function appeared(panel, before) {
  for (let look = 0; look < LOOKS; look += 1) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const made = [...panel.querySelectorAll(CELL)].find(
      (cell) => !before.has(cell) && cell.querySelector(".cm-content"),
    );
    if (made) return made;
  }
  return null;
}

/**
 * @param {Element} node
 * @param {"mousedown" | "mouseup" | "click"} kind
 */
function press(node, kind) {
  node.dispatchEvent(new MouseEvent(kind, { bubbles: true, cancelable: true, button: 0 }));
}

/**
 * Makes a cell the active one, below which the notebook inserts.
 *
 * @param {Element} cell
 */
function activate(cell) {
  if (cell.classList.contains("jp-mod-active")) return;
  const prompt = cell.querySelector(".jp-InputPrompt") ?? cell;
  for (const kind of /** @type {const} */ (["mousedown", "mouseup", "click"])) press(prompt, kind);
}

/**
 * Whether the text is on the clipboard now; plain http has no clipboard but the old way.
 *
 * @param {string} text
 */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.style.position = "fixed";
    area.style.opacity = "0";
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    return copied;
  }
}
