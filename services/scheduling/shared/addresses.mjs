/**
 * Addresses that nothing more is sent to, known by a keyed hash (SCH-6, COM-2).
 *
 * Addresses are guessable, so that a plain hash would tell them to whoever tries enough of them; the key is a secret of its own, and
 * renewing it forgets the list. Another tenant's mail goes out from the same domain: an address is the same for all of them.
 */

import { createHmac } from "node:crypto";

import { secret } from "./secrets.mjs";

/** What of the environment names the secret `{ "key" }`: ADDRESS_KEY_SECRET. */
export const SECRET = "ADDRESS_KEY";

/**
 * The key of the item that marks an address.
 *
 * @param {string} address as it was given; case and surrounding spaces make no difference
 * @returns {Promise<{pk: string, sk: string}>}
 * @throws {import("./secrets.mjs").SecretError} when the key cannot be had
 */
export async function mark(address, options) {
  const { key } = await secret(SECRET, options);
  if (!key) throw new Error(`the secret of ${SECRET}_SECRET holds no 'key'`);
  return { pk: `N#${createHmac("sha256", key).update(address.trim().toLowerCase()).digest("hex")}`, sk: "N" };
}

/** @returns {Promise<boolean>} whether mail to the address came back for good, or its owner complained */
export async function isMarked(parts, address) {
  return (await parts.store.get(await mark(address, { environment: parts.environment }))) !== undefined;
}
