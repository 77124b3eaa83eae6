/** The galaxy tree widget: each view has a tree of its own, the selection is the kernel's. */
import "./shared/base.css";
import "./galaxy/galaxy.css";
import { TreeView } from "./galaxy/view.js";
import { Kept } from "./shared/kept.js";

/** @import { Beginning, Rendering } from "./shared/model.d.ts" */
/** @import { TreeTraits } from "./galaxy/messages.d.ts" */

export default () => {
  /** @type {Kept} */
  let kept;
  return {
    /** @param {Beginning<TreeTraits>} widget */
    initialize({ model }) {
      kept = new Kept(model);
    },
    /** @param {Rendering<TreeTraits>} widget */
    render({ model, el }) {
      const view = new TreeView(model, el);
      const forget = kept.show(view.root);
      return () => {
        forget();
        view.close();
      };
    },
  };
};
