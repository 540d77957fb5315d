/**
 * Making, moving and cancelling bookings: each is one transaction, so that a slot belongs to one booking and a message tells of what is so.
 */

import { demandNotErased, notErased } from "../shared/erased.mjs";
import { once } from "../shared/idempotency.mjs";
import { keys } from "../shared/keys.mjs";
import { Problem, invalid } from "../shared/problem.mjs";
import { header, jsonBody } from "../shared/request.mjs";
import { reply } from "../shared/http.mjs";
import { Refused } from "../shared/store.mjs";
import { readChange, readNew, view } from "./contract.mjs";
import { BOOKING, CUSTOMER, SLOT, changing, making, person, telling } from "./items.mjs";
import { ownBooking } from "./reading.mjs";

/** Attempts when others change the same booking or person meanwhile. */
const ATTEMPTS = 5;
const ETAG = /^"([1-9]\d{0,8})"$/;

/** POST /bookings */
export async function create(call) {
  const body = jsonBody(call.event);
  const wanted = readNew(call.version, body);
  const { parts, principal } = call;
  const customer = { ...wanted.customer, id: whose(principal, wanted.customer.id) ?? parts.newId() };
  return once(call, body, (keep) => attempts((last) => createOnce(call, wanted, customer, keep, last)));
}

async function createOnce(call, wanted, customer, keep, last) {
  const { parts, principal, store, version } = call;
  const { tenant } = principal;
  // Not before it is known whether this is a repetition, which may come late.
  demandFuture(wanted.start, parts);
  const now = parts.now().toISOString();
  const booking = {
    ...wanted,
    customer: customer.id,
    id: parts.newId(),
    status: "confirmed",
    version: 1,
    created_at: now,
    updated_at: now,
    changed_by: actorOf(principal, customer.id),
  };
  const known = await store.get(keys.customer(tenant, customer.id));
  const about = person(parts, tenant, known, customer, booking.end, booking.changed_by);
  const headers = { location: `bookings/${booking.id}`, etag: etag(booking) };
  const answer = reply(201, view(version, booking, about.item), headers);
  try {
    await store.transact([
      notErased(tenant, customer.id),
      ...keep(answer, customer.id),
      ...about.writes,
      ...making(parts, tenant, booking),
      ...telling(parts, tenant, "booking-created", booking, about.item),
    ]);
    return answer;
  } catch (error) {
    demandNotErased(error);
    demandFree(error, wanted.resource);
    // Somebody else wrote the same person: what is newly known is put onto that.
    if (error instanceof Refused && error.has(CUSTOMER) && !last) return undefined;
    throw error;
  }
}

/** PATCH /bookings/{booking_id} */
export async function change(call) {
  const expected = ifMatch(call.event);
  const body = jsonBody(call.event);
  const { parts, principal, store, version } = call;
  const before = await ownBooking(call);
  const wanted = readChange(version, body, before);
  if (before.version !== expected) throw otherVersion(before);
  if (before.status !== "confirmed") throw new Problem("conflict", "the booking is cancelled, and cannot be changed; make a new one");
  const moves = wanted.start !== before.start || wanted.end !== before.end;
  if (moves) demandNotBegun(before, parts);
  if (moves) demandFuture(wanted.start, parts);
  const after = { ...before, ...wanted, ...changed(call, before) };
  const customer = await store.get(keys.customer(principal.tenant, before.customer));
  const told = moves ? telling(parts, principal.tenant, "booking-changed", after, customer) : [];
  try {
    await store.transact([notErased(principal.tenant, before.customer), ...changing(parts, principal.tenant, before, after), ...told]);
  } catch (error) {
    demandNotErased(error);
    if (error instanceof Refused && error.has(BOOKING)) throw otherVersion();
    demandFree(error, before.resource);
    throw error;
  }
  return reply(200, view(version, after, customer), { etag: etag(after) });
}

/** DELETE /bookings/{booking_id}; the second version of the contract asks for If-Match. */
export async function cancel(call) {
  const expected = call.version === "v1" ? undefined : ifMatch(call.event);
  return attempts((last) => cancelOnce(call, expected, last));
}

async function cancelOnce(call, expected, last) {
  const { parts, principal, store } = call;
  const before = await ownBooking(call);
  if (expected !== undefined && before.version !== expected) throw otherVersion(before);
  if (before.status === "cancelled") return reply(204);
  demandNotBegun(before, parts);
  const after = { ...before, status: "cancelled", ...changed(call, before) };
  const customer = await store.get(keys.customer(principal.tenant, before.customer));
  try {
    await store.transact([
      notErased(principal.tenant, before.customer),
      ...changing(parts, principal.tenant, before, after),
      ...telling(parts, principal.tenant, "booking-cancelled", after, customer),
    ]);
    return reply(204);
  } catch (error) {
    // The person's erasure takes the booking away.
    if (error instanceof Refused && !error.has(BOOKING)) throw new Problem("not-found", "there is no such booking");
    if (!(error instanceof Refused) || last) throw error;
    return undefined;
  }
}

/** Do it until it gives something; `work` is told when it is the last attempt. */
async function attempts(work) {
  for (let attempt = 1; ; attempt++) {
    const done = await work(attempt === ATTEMPTS);
    if (done !== undefined) return done;
  }
}

/** Whom the booking is for: customers book for themselves, staff for anyone of their tenant. */
function whose(principal, id) {
  if (principal.staff) return id;
  if (id !== undefined && id !== principal.user)
    throw new Problem("forbidden", "customers book for themselves only: leave out the id, or give your own");
  return principal.user;
}

function changed({ parts, principal }, before) {
  return { version: before.version + 1, updated_at: parts.now().toISOString(), changed_by: actorOf(principal, before.customer) };
}

/** Who changed it, for the audit log. */
function actorOf(principal, customer) {
  return principal.user === customer ? "self" : principal.user;
}

function ifMatch(event) {
  const given = header(event, "if-match");
  if (given === undefined)
    throw new Problem("precondition-required", "give the version that was read, as `If-Match` with the booking's ETag");
  const [, version] = ETAG.exec(given) ?? [];
  if (!version) throw invalid([{ pointer: "If-Match", detail: 'must be the ETag of the booking, such as "1" with its quotes' }]);
  return Number(version);
}

function etag(booking) {
  return `"${booking.version}"`;
}

function otherVersion(booking) {
  return new Problem(
    "version-mismatch",
    `the booking was changed since it was read${booking ? `, and is at version ${booking.version}` : ""}; read it again`,
  );
}

function demandFuture(start, parts) {
  if (Date.parse(start) <= parts.now().getTime()) throw new Problem("in-the-past", `${start} has passed; give a time in the future`);
}

function demandNotBegun(booking, parts) {
  if (Date.parse(booking.start) <= parts.now().getTime())
    throw new Problem("conflict", `the booking began at ${booking.start}, and stays as it is`);
}

function demandFree(error, resource) {
  if (error instanceof Refused && error.has(SLOT))
    throw new Problem("slot-taken", `${resource} is booked for part of that time; see its availability`);
}
