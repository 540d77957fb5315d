/**
 * The erased: a tombstone by hash says that a person's data may not come back. Every write about a person is in one transaction with
 * `notErased`, and whoever sends a message asks `isErased` first: what was under way when the person was erased stops there (SCH-8).
 */

import { keys } from "./keys.mjs";
import { Problem } from "./problem.mjs";
import { Refused, writes } from "./store.mjs";

const NAME = "not erased";

/** @returns {Promise<boolean>} whether the person was erased, or is being */
export async function isErased(store, tenant, customer) {
  return (await store.get(keys.tombstone(tenant, customer))) !== undefined;
}

/** A condition for transactions that write about the person. */
export function notErased(tenant, customer) {
  return writes.absent(keys.tombstone(tenant, customer), NAME);
}

/** @throws {Problem} 410 when a transaction was refused because the person is erased */
export function demandNotErased(error) {
  if (error instanceof Refused && error.has(NAME)) throw new Problem("gone", "this person's data was erased, and is not taken again");
}
