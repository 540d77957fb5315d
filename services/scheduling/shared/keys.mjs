/**
 * Keys of the single table (SCH-3), and who a person is in items that outlive them. The access patterns stand in ../README.md.
 * Parts never hold "#": tenants, ids and times are checked before they come here.
 */

import { createHash } from "node:crypto";

import { iso } from "./validate.mjs";

/** Minutes of one slot: bookings begin and end on multiples of it. */
export const SLOT_MINUTES = 15;
const SLOT_MS = SLOT_MINUTES * 60_000;

/** Partitions of jobs that wait to be sent: a sweep reads them all, and no single one takes every write. */
export const OUTBOX_SHARDS = 8;

export const keys = {
  booking: (tenant, id) => ({ pk: `T#${tenant}#B#${id}`, sk: "B" }),
  agenda: (tenant, resource, start, id) => ({ pk: `T#${tenant}#R#${resource}`, sk: `S#${start}#${id}` }),
  slot: (tenant, resource, slot) => ({ pk: `T#${tenant}#R#${resource}`, sk: `L#${slot}` }),
  customer: (tenant, id) => ({ pk: `T#${tenant}#C#${id}`, sk: "C" }),
  /** That a person was erased: by their hash, so that it names nobody. */
  tombstone: (tenant, customer) => ({ pk: `X#${subjectOf(tenant, customer)}`, sk: "X" }),
  idempotency: (tenant, user, operation, key) => ({ pk: `T#${tenant}#I#${hash(user, operation, key)}`, sk: "I" }),
  outbox: (job, at) => ({ pk: `O#${Number.parseInt(hash(job).slice(0, 8), 16) % OUTBOX_SHARDS}`, sk: `${at}#${job}` }),
  sent: (job) => ({ pk: `M#${job}`, sk: "M" }),
  webhook: (provider, event) => ({ pk: `W#${provider}#${event}`, sk: "W" }),
  audit: (tenant, at, id) => ({ pk: `T#${tenant}#A#${at.slice(0, 10)}`, sk: `${at}#${id}` }),
  /** Held by the one erasure that looks through the dead-letter queue. */
  deadLetterSearch: () => ({ pk: "Q#dead-letters", sk: "Q" }),
  ledger: (tenant, at, entryHash) => ({ pk: `T#${tenant}#E`, sk: `${at}#${entryHash}` }),
  ledgerHead: (tenant) => ({ pk: `T#${tenant}#E`, sk: "HEAD" }),
};

/** `gsi1pk` of every item about a person: export and erasure find all of them by it. */
export function customerIndex(tenant, customer) {
  return `T#${tenant}#C#${customer}`;
}

/** `gsi1pk` of entries of the audit log about a person: they outlive the person, and so name a hash. */
export function subjectIndex(tenant, customer) {
  return `T#${tenant}#S#${subjectOf(tenant, customer)}`;
}

/** The folder of a person's files in the bucket. */
export function filesPrefix(tenant, customer) {
  return `${tenant}/${customer}/`;
}

/** A person as a hash. Ids of persons are random, so nobody finds one by trying. */
export function subjectOf(tenant, customer) {
  return hash(tenant, customer);
}

/** SHA-256 over parts, in hexadecimal; no two lists of parts give the same text. */
export function hash(...parts) {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

/** Beginnings of the slots that a booking fills, in order. */
export function slotsOf(start, end) {
  const [from, to] = [Date.parse(start), Date.parse(end)];
  return Array.from({ length: Math.ceil((to - from) / SLOT_MS) }, (_, index) => iso(from + index * SLOT_MS));
}
