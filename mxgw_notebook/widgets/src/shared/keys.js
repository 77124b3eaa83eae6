const MARK = "data-lm-suppress-shortcuts";

/**
 * Keeps plain keys pressed inside `root` from JupyterLab, which would take Enter or Space on a button for
 * a notebook command; Ctrl+S and its like still reach it. Returns a function that ends it.
 *
 * @param {HTMLElement} root
 */
export function keepPlainKeys(root) {
  // JupyterLab listens on the document in the capturing phase: only the window comes before it.
  /** @param {KeyboardEvent} event */
  const mark = (event) => {
    if (event.target instanceof Node && root.contains(event.target))
      root.toggleAttribute(MARK, !(event.ctrlKey || event.metaKey || event.altKey));
  };
  window.addEventListener("keydown", mark, true);
  return () => window.removeEventListener("keydown", mark, true);
}
