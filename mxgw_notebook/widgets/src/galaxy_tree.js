/** The galaxy tree widget: each view has a tree of its own, the selection is the kernel's. */
import "./shared/base.css";
import "./galaxy/galaxy.css";
import { TreeView } from "./galaxy/view.js";

/** @import { Rendering } from "./shared/model.d.ts" */
/** @import { TreeTraits } from "./galaxy/messages.d.ts" */

export default () => ({
  initialize() {},
  /** @param {Rendering<TreeTraits>} widget */
  render({ model, el }) {
    const view = new TreeView(model, el);
    return () => view.close();
  },
});
