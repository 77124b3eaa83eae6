/** Unpacks a widget's code, which comes compressed beside this: as text it is two and a half times as much. */

/** @import { Beginning, Rendering } from "./shared/model.d.ts" */
/** @typedef {{ _code: DataView<ArrayBuffer> }} CodeTraits */
/** @typedef {() => void} Leave */
/** @typedef {{ initialize(given: Beginning<any>): Leave, render(given: Rendering<any>): Leave }} Widget */

export default () => {
  /** @type {Widget} */
  let widget;
  return {
    /** @param {Beginning<CodeTraits>} given */
    async initialize(given) {
      widget = await unpacked(given.model.get("_code"));
      return widget.initialize(given);
    },
    /** @param {Rendering<CodeTraits>} given */
    render: (given) => widget.render(given),
  };
};

/**
 * @param {DataView<ArrayBuffer>} code
 * @returns {Promise<Widget>}
 */
async function unpacked(code) {
  const text = new Blob([code]).stream().pipeThrough(new DecompressionStream("gzip"));
  const script = new Blob([await new Response(text).arrayBuffer()], { type: "text/javascript" });
  const address = URL.createObjectURL(script);
  try {
    return (await import(address)).default();
  } finally {
    URL.revokeObjectURL(address);
  }
}
