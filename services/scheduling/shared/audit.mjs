/**
 * The audit log: who saw or changed whose data, when, in which request (SCH-8, COM-2). Reads are noted here, before the data leaves;
 * changes by the stream's function, which sees every one whoever made it. Entries name persons by hash, since they outlive them.
 */

import { keys, subjectIndex, subjectOf } from "./keys.mjs";
import { retained } from "./retention.mjs";
import { writes } from "./store.mjs";

/** Writes of one transaction at most. */
const TOGETHER = 100;

/**
 * One entry.
 *
 * @param {{tenant: string, customer?: string, actor: string, action: string, at: Date, id: string, more?: object}} entry
 *   `action` such as "booking.read"; `more` without personal data
 */
export function auditItem({ tenant, customer, actor, action, at, id, more = {} }, environment) {
  const time = at.toISOString();
  const about = customer ? { subject: subjectOf(tenant, customer), gsi1pk: subjectIndex(tenant, customer), gsi1sk: `A#${time}#${id}` } : {};
  return {
    ...keys.audit(tenant, time, id),
    ...about,
    tenant,
    ...retained("audit", at, environment),
    type: "audit",
    at: time,
    action,
    // A person who looks at their own data is named no more than in any other entry.
    actor: actor === customer ? "self" : actor,
    ...more,
  };
}

/**
 * Note that the caller is about to see data of these persons. If it cannot be noted, nothing is shown: the error goes on.
 *
 * @param {object} call see http.mjs
 * @param {string} action such as "booking.list"
 * @param {Iterable<string>} customers ids, each noted once
 */
export async function noteAccess(call, action, customers, more = {}) {
  const { parts, principal, requestId, store } = call;
  const at = parts.now();
  const entry = {
    tenant: principal.tenant,
    actor: principal.user,
    action,
    at,
    more: { request: requestId, roles: principal.roles, ...more },
  };
  const items = [...new Set(customers)].map((customer) => auditItem({ ...entry, customer, id: parts.newId() }, parts.environment));
  if (items.length === 1) await store.put(items[0]);
  for (let from = 0; items.length > 1 && from < items.length; from += TOGETHER) {
    await store.transact(items.slice(from, from + TOGETHER).map((item) => writes.put(item)));
  }
}
