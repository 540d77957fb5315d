/**
 * The ledger of erasures: one line for each, without personal data, each with the hash of the one before (SCH-8).
 * Whoever changes, takes out or adds a line must change every later one and the head; the function's log, which has every hash, shows that.
 */

import { hash, keys } from "./keys.mjs";
import { Refused, writes } from "./store.mjs";
import { iso } from "./validate.mjs";

/** What the first line has for the one before. */
const GENESIS = "0".repeat(64);
const ATTEMPTS = 8;
const HEAD = "head";

/**
 * Add a line.
 *
 * @param {object} parts see parts.mjs
 * @param {{subject: string, removed: Record<string, number>}} entry `subject` is the person's hash
 * @param {(line: object) => object[]} with writes of the same transaction, made for the line
 * @returns {Promise<{number: number, at: string, subject: string, removed: object, previous: string, hash: string}>}
 * @throws {Refused} when one of those writes is refused
 */
export async function appendErasure(parts, tenant, { subject, removed }, withLine = () => []) {
  const { store } = parts;
  for (let attempt = 1; ; attempt++) {
    const head = await store.get(keys.ledgerHead(tenant));
    const line = { number: (head?.version ?? 0) + 1, at: iso(parts.now()), subject, removed, previous: head?.hash ?? GENESIS };
    line.hash = hashOf(tenant, line);
    const common = { tenant, class: "ledger", type: "ledger" };
    const next = { ...keys.ledgerHead(tenant), ...common, version: line.number, hash: line.hash };
    try {
      await store.transact([
        writes.put({ ...keys.ledger(tenant, line.at, line.hash), ...common, ...line }, { ifNew: store.seconds(), name: "line" }),
        head ? writes.replace(next, head.version, HEAD) : writes.put(next, { ifNew: store.seconds(), name: HEAD }),
        ...withLine(line),
      ]);
      return line;
    } catch (error) {
      // Another erasure of the tenant was written down first.
      if (!(error instanceof Refused && error.has(HEAD) && attempt < ATTEMPTS)) throw error;
    }
  }
}

/** The line about a person, if there is one. */
export async function erasureOf(store, tenant, subject) {
  for await (const line of lines(store, tenant)) if (line.subject === subject) return line;
  return undefined;
}

/**
 * Read the whole ledger of a tenant and compute it anew.
 *
 * @returns {Promise<{valid: boolean, lines: number, fault?: string}>} `fault` names the first line that does not fit
 */
export async function verifyLedger(store, tenant) {
  const all = [];
  for await (const line of lines(store, tenant)) all.push(line);
  all.sort((one, other) => one.number - other.number);
  let previous = GENESIS;
  for (const [index, line] of all.entries()) {
    if (line.number !== index + 1) return { valid: false, lines: all.length, fault: `line ${index + 1} is missing, or there twice` };
    if (line.previous !== previous) return { valid: false, lines: all.length, fault: `line ${line.number} does not follow the one before` };
    if (line.hash !== hashOf(tenant, line)) return { valid: false, lines: all.length, fault: `line ${line.number} was changed` };
    previous = line.hash;
  }
  const head = await store.get(keys.ledgerHead(tenant));
  const fits = (head?.hash ?? GENESIS) === previous && (head?.version ?? 0) === all.length;
  return { valid: fits, lines: all.length, ...(fits ? {} : { fault: "the head is not that of the last line" }) };
}

/** Lines in the order of their times: "2" begins a year, and "HEAD" comes after it. */
function lines(store, tenant) {
  return store.all(keys.ledgerHead(tenant).pk, { prefix: "2" });
}

function hashOf(tenant, { number, at, subject, removed, previous }) {
  const counts = Object.entries(removed).sort(([one], [other]) => (one < other ? -1 : 1));
  return hash(tenant, number, at, subject, counts, previous);
}
