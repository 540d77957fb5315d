/**
 * Bookings as each version of the contract writes them; inside there is one form, and both versions see the same bookings.
 */

import { invalid } from "../shared/problem.mjs";
import { email, integer, iso, object, oneOf, optional, phone, quarter, readFields, resourceId, text, uuid } from "../shared/validate.mjs";

const MINUTE_MS = 60_000;
const LONGEST_MINUTES = 480;
/** What the first version can book. */
const FIRST_KIND = "person";

const NOTES = optional(text({ min: 0, max: 500, lines: true }));
const MINUTES = integer({ min: 15, max: LONGEST_MINUTES, step: 15 });
const CUSTOMER = object({
  id: optional(uuid()),
  name: text({ max: 120 }),
  email: optional(email()),
  phone: optional(phone()),
  language: optional(oneOf("en", "es", "pt-BR")),
});

const NEW = {
  v1: { resource: resourceId(), start: quarter(), duration_minutes: MINUTES, customer: CUSTOMER, notes: NOTES },
  v2: {
    resource: object({ kind: oneOf("person", "room", "equipment"), id: resourceId() }),
    start: quarter(),
    end: quarter(),
    customer: CUSTOMER,
    notes: NOTES,
  },
};

const CHANGE = {
  v1: { start: optional(quarter()), duration_minutes: optional(MINUTES), notes: NOTES },
  v2: { start: optional(quarter()), end: optional(quarter()), notes: NOTES },
};

/**
 * Read the body of a new booking.
 *
 * @returns {{resource: string, kind: string, start: string, end: string, customer: object, notes?: string}}
 * @throws {Problem} 400 with every wrong field
 */
export function readNew(version, body) {
  const given = readFields(body, NEW[version]);
  const { start, customer, notes } = given;
  if (version === "v1")
    return { resource: given.resource, kind: FIRST_KIND, start, end: later(start, given.duration_minutes), customer, notes };
  demandLength(start, given.end);
  return { resource: given.resource.id, kind: given.resource.kind, start, end: given.end, customer, notes };
}

/**
 * Read the body of a change, onto what is booked now: what is not given stays, and so does the length when the start alone is given.
 *
 * @param {{start: string, end: string, notes?: string}} booking
 * @returns {{start: string, end: string, notes?: string}}
 * @throws {Problem} 400
 */
export function readChange(version, body, booking) {
  const given = readFields(body, CHANGE[version]);
  if (!Object.keys(given).length) throw invalid([{ pointer: "#", detail: `must have one of ${Object.keys(CHANGE[version]).join(", ")}` }]);
  const start = given.start ?? booking.start;
  const end = given.end ?? later(start, given.duration_minutes ?? minutes(booking.start, booking.end));
  demandLength(start, end);
  return { start, end, notes: given.notes ?? booking.notes };
}

/** The booking as the version writes it. @param {object} customer the person's item; after erasure there is none */
export function view(version, booking, customer) {
  const { id, resource, kind, start, end, status, notes, version: number, created_at, updated_at } = booking;
  const known = customer ?? {};
  const about = { id: booking.customer, name: known.name, email: known.email, phone: known.phone, language: known.language };
  const rest = { status, customer: about, notes, version: number, created_at, updated_at };
  if (version === "v1") return { id, resource, start, duration_minutes: minutes(start, end), ...rest };
  return { id, resource: { kind, id: resource }, start, end, ...rest };
}

function demandLength(start, end) {
  const length = minutes(start, end);
  if (length >= 15 && length <= LONGEST_MINUTES) return;
  throw invalid([{ pointer: "#/end", detail: `must be 15 to ${LONGEST_MINUTES} minutes after the start (got ${length})` }]);
}

function minutes(start, end) {
  return (Date.parse(end) - Date.parse(start)) / MINUTE_MS;
}

function later(start, length) {
  return iso(Date.parse(start) + length * MINUTE_MS);
}
