import { Kept } from "./kept.js";

/** @import { Beginning, Rendering, WidgetModel } from "./model.d.ts" */
/** @typedef {{ kept: string }} KeptTraits */

/**
 * A widget with one feed a model and any number of views on it, as anywidget wants it.
 *
 * A view that begins makes the channel look, and ends the look as its last act: the kernel sends nothing to nobody.
 *
 * @template {KeptTraits} Traits
 * @template {{ channel: { look(): () => void, close(): void } }} Feed
 * @param {new (model: WidgetModel<Traits>) => Feed} FeedOf
 * @param {new (model: WidgetModel<Traits>, feed: Feed, host: HTMLElement) => { root: HTMLElement, close(): void }} ViewOf
 */
export const widgetOf = (FeedOf, ViewOf) => () => {
  /** @type {Feed} */
  let feed;
  /** @type {Kept} */
  let kept;
  return {
    /** @param {Beginning<Traits>} widget */
    initialize({ model }) {
      kept = new Kept(model);
      feed = new FeedOf(model);
      return () => feed.channel.close();
    },
    /** @param {Rendering<Traits>} widget */
    render({ model, el }) {
      const view = new ViewOf(model, feed, el);
      const leave = feed.channel.look();
      const forget = kept.show(view.root);
      return () => {
        forget();
        view.close();
        leave();
      };
    },
  };
};
