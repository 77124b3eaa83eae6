/**
 * A row as the kernel sends it.
 *
 * @param {string} reference
 * @param {Partial<import("../../mxgw_notebook/widgets/src/alarms/board.js").AlarmRow>} [facts]
 * @returns {import("../../mxgw_notebook/widgets/src/alarms/board.js").AlarmRow}
 */
export function alarm(reference, facts = {}) {
  return {
    reference,
    tag: reference,
    area: "North",
    description: "",
    kind: "Hi",
    operator: "",
    comment: "",
    value: "1",
    limit: "2",
    severity: 500,
    state: "unacknowledged",
    raised_ms: 1000,
    degraded: false,
    ...facts,
  };
}
