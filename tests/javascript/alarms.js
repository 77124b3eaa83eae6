/** @import { AlarmRow } from "../../mxgw_notebook/widgets/src/alarms/messages.d.ts" */

/**
 * A row as the kernel sends it.
 *
 * @param {string} reference
 * @param {Partial<AlarmRow>} [facts]
 * @returns {AlarmRow}
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
    changed_ms: 1000,
    degraded: false,
    ...facts,
  };
}
