/**
 * One person's rights over their data: to have it, and to have it erased (SCH-8, COM-2).
 */

import { api } from "../shared/http.mjs";
import { eraseCustomer } from "./erasure.mjs";
import { exportCustomer } from "./export.mjs";

/** @param {object} given replacements of parts, for tests */
export function privacy(given) {
  return api(
    "privacy",
    {
      "GET /customers/{customer_id}/export": exportCustomer,
      "POST /customers/{customer_id}/erasure": eraseCustomer,
    },
    given,
  );
}

/** What Lambda calls. */
export const handle = privacy();
