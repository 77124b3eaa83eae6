/**
 * The receiving end of a widget's numbered messages.
 *
 * A page that comes late, or loses a message, asks for a resync and ignores what comes until it is
 * answered: a message with `reset`, which carries everything.
 */

const ASK_AGAIN_MS = 2000;

/** Calls `receive(content, buffers)` for each message in order; returns a function that ends it. */
export function openChannel(model, receive) {
  let last = null;
  let asking = null;

  const ask = () => {
    if (asking !== null) return;
    model.send({ kind: "resync" });
    asking = setInterval(() => model.send({ kind: "resync" }), ASK_AGAIN_MS);
  };
  const answered = () => {
    clearInterval(asking);
    asking = null;
  };
  const listen = (content, buffers) => {
    if (typeof content?.number !== "number") return;
    if (content.reset) answered();
    else if (asking !== null) return;
    else if (content.number !== last + 1) return ask();
    last = content.number;
    receive(content, buffers ?? []);
  };

  model.on("msg:custom", listen);
  ask();
  return () => {
    answered();
    model.off("msg:custom", listen);
  };
}
