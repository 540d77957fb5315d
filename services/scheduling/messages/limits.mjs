/**
 * How much of the way out one tenant may take in a minute, so that a flood of one does not hold up the others.
 *
 * A counter for each tenant and minute; what is beyond it goes back to the end of the queue until the next minute. Source of the default: a
 * gateway that paces one message a second, shared by a few.
 */

import { retained } from "../shared/retention.mjs";

export const DEFAULT = 120;
const MINUTE_MS = 60_000;

/**
 * Takes room for messages of a tenant.
 *
 * @param {object} parts see ../shared/parts.mjs
 * @param {string} tenant
 * @param {number} wanted
 * @returns {Promise<{granted: number, seconds: number}>} how many may go now, and how long the others wait
 */
export async function take(parts, tenant, wanted) {
  const limit = limitOf(parts.environment);
  const now = parts.now();
  const minute = Math.floor(now.getTime() / MINUTE_MS);
  const { expires_at: end } = retained("idempotency", now, parts.environment);
  const { Attributes } = await parts.store.send("Update", {
    Key: { pk: `T#${tenant}#Q`, sk: String(minute) },
    UpdateExpression: "ADD taken :wanted SET #tenant = :tenant, #class = :class, #type = :type, expires_at = :end",
    ExpressionAttributeNames: { "#tenant": "tenant", "#class": "class", "#type": "type" },
    ExpressionAttributeValues: { ":wanted": wanted, ":tenant": tenant, ":class": "idempotency", ":type": "pace", ":end": end },
    ReturnValues: "UPDATED_NEW",
  });
  const before = Attributes.taken - wanted;
  const granted = Math.max(0, Math.min(wanted, limit - before));
  return { granted, seconds: Math.ceil(((minute + 1) * MINUTE_MS - now.getTime()) / 1000) };
}

/** @throws {Error} when the variable is no number above 0 */
function limitOf(environment) {
  const given = environment.TENANT_MESSAGES_PER_MINUTE;
  const limit = given ? Number(given) : DEFAULT;
  if (!Number.isInteger(limit) || limit < 1) throw new Error(`TENANT_MESSAGES_PER_MINUTE must be a whole number above 0 (got ${given})`);
  return limit;
}
