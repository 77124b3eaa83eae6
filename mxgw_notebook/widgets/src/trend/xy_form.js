import { button, element } from "../shared/dom.js";

/** Where a person chooses which tag is drawn over which; it stands above the plot while it is open. */
export class XyForm {
  /**
   * @param {() => string[]} names of the pens
   * @param {(x: string, y: string) => void} show
   */
  constructor(names, show) {
    this.names = names;
    this.show = show;
    this.x = element("select", { class: "mxgw-select" });
    this.y = element("select", { class: "mxgw-select" });
    this.node = element(
      "form",
      { class: "mxgw-xyform", hidden: "", "aria-label": "One tag over another" },
      element("label", {}, "To the right", this.x),
      element("label", {}, "Upwards", this.y),
      element("button", { type: "submit", class: "mxgw-button", title: "Show it below (Enter)" }, "Show"),
      button("Cancel", "Show nothing (Escape)", () => this.close()),
    );
    this.node.addEventListener("submit", (event) => {
      event.preventDefault();
      this.show(this.x.value, this.y.value);
      this.close();
    });
    this.node.addEventListener("keydown", (event) => {
      event.stopPropagation(); // the plot's own keys move the view
      if (event.key === "Escape") this.close();
    });
  }

  /** Opens it, or closes it where it is open. */
  toggle() {
    if (!this.node.hidden) return this.close();
    const names = this.names();
    for (const select of [this.x, this.y])
      select.replaceChildren(...names.map((name) => element("option", { value: name }, name)));
    this.y.selectedIndex = Math.min(1, names.length - 1);
    this.node.hidden = false;
    this.x.focus({ preventScroll: true });
  }

  close() {
    this.node.hidden = true;
  }
}
