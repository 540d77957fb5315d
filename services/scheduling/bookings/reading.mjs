/**
 * Reading bookings and free time. Whatever shows a person's data is noted in the audit log before it is answered.
 */

import { noteAccess } from "../shared/audit.mjs";
import { reply } from "../shared/http.mjs";
import { SLOT_MINUTES, keys, slotsOf } from "../shared/keys.mjs";
import { Problem, invalid } from "../shared/problem.mjs";
import { header } from "../shared/request.mjs";
import { count, day, iso, optional, quarter, readParameters, resourceId, text, uuid } from "../shared/validate.mjs";
import { view } from "./contract.mjs";

const DAY_MS = 86_400_000;
const MOST_DAYS = 92;
const CURSOR = /^S#(20\d\d-[0-9:TZ-]+)#[0-9a-f-]{36}$/;

/** GET /bookings/{booking_id} */
export async function get(call) {
  const booking = await ownBooking(call);
  const [customer] = await customersOf(call, [booking]);
  await noteAccess(call, "booking.read", [booking.customer], { booking: booking.id });
  return reply(200, view(call.version, booking, customer), { etag: `"${booking.version}"` });
}

/**
 * The booking that the path names. A customer's booking is nobody else's: others are told that there is none, as of other tenants' ones.
 *
 * @throws {Problem} 400, 404
 */
export async function ownBooking({ params, principal, store }) {
  const { booking_id: id } = readParameters(params, { booking_id: uuid() });
  const booking = await store.get(keys.booking(principal.tenant, id));
  if (!booking || !mayBeSeen(principal, booking)) throw new Problem("not-found", "there is no such booking");
  return booking;
}

/** GET /bookings of the first version: one resource's day, in numbered pages. */
export async function listDay(call) {
  const fields = {
    resource: resourceId(),
    day: day(),
    page: count({ min: 1, max: 96, otherwise: 1 }),
    page_size: count({ min: 1, max: 96, otherwise: 50 }),
  };
  const { resource, day: wanted, page, page_size } = readParameters(call.query, fields);
  const { tenant } = call.principal;
  const seen = [];
  for await (const each of call.store.all(keys.slot(tenant, resource, "").pk, { from: `S#${wanted}T00`, to: `S#${wanted}T24` })) {
    if (mayBeSeen(call.principal, each)) seen.push(each);
  }
  const items = await shown(call, seen.slice((page - 1) * page_size, page * page_size));
  return reply(200, { items, page, page_size, total: seen.length });
}

/** GET /resources/{resource_id}/bookings of the second version: any span of time, read on with a cursor. */
export async function listSpan(call) {
  const { resource_id: resource } = readParameters(call.params, { resource_id: resourceId() });
  const fields = {
    from: quarter(),
    to: quarter(),
    limit: count({ min: 1, max: 100, otherwise: 50 }),
    cursor: optional(text({ max: 1024, pattern: /^[A-Za-z0-9_.-]+$/, what: "the `next_cursor` of a page" })),
  };
  const { from, to, limit, cursor } = readParameters(call.query, fields);
  const span = Date.parse(to) - Date.parse(from);
  if (span <= 0 || span > MOST_DAYS * DAY_MS)
    throw invalid([{ pointer: "to", detail: `must be after \`from\`, by ${MOST_DAYS} days at most` }]);
  const { pk } = keys.slot(call.principal.tenant, resource, "");
  const start = cursor && { pk, sk: placeOf(cursor, from, to) };
  const { items, next } = await call.store.page(pk, { from: `S#${from}`, to: `S#${to}`, limit, start });
  const mine = items.filter((each) => mayBeSeen(call.principal, each));
  const next_cursor = next && Buffer.from(next.sk).toString("base64url");
  return reply(200, { items: await shown(call, mine), next_cursor });
}

/** The cursor's place in the calendar: a sort key within the span, never a partition, so that it opens nothing. */
function placeOf(cursor, from, to) {
  const sk = Buffer.from(cursor, "base64url").toString("latin1");
  const [, start] = CURSOR.exec(sk) ?? [];
  if (!start || start < from || start >= to)
    throw invalid([{ pointer: "cursor", detail: "must be the `next_cursor` of a page with the same `from` and `to`" }]);
  return sk;
}

/** GET /resources/{resource_id}/availability: slots in the first version, spans in the second. It tells nothing of persons. */
export async function availability(call) {
  const { principal, parts, store, version } = call;
  const { resource_id: resource } = readParameters(call.params, { resource_id: resourceId() });
  const { day: wanted } = readParameters(call.query, { day: day() });
  demandTenant(call);
  const midnight = Date.parse(`${wanted}T00:00:00Z`);
  const all = slotsOf(iso(midnight), iso(midnight + DAY_MS));
  const { pk } = keys.slot(principal.tenant, resource, "");
  const taken = new Set();
  for await (const { sk } of store.all(pk, { from: `L#${all[0]}`, to: `L#${all.at(-1)}` })) taken.add(sk.slice("L#".length));
  const free = all.filter((slot) => !taken.has(slot) && Date.parse(slot) > parts.now().getTime());
  const kept = { "cache-control": "private, max-age=300" };
  if (version === "v1") return reply(200, { resource, day: wanted, slot_minutes: SLOT_MINUTES, free }, kept);
  return reply(200, { resource_id: resource, day: wanted, free: spans(free) }, kept);
}

/** Slots that touch, as one span each. */
function spans(slots) {
  const found = [];
  for (const start of slots) {
    const end = iso(Date.parse(start) + SLOT_MINUTES * 60_000);
    const last = found.at(-1);
    if (last?.end === start) last.end = end;
    else found.push({ start, end });
  }
  return found;
}

/** The gateway tells kept answers apart by this header: one that names another tenant must not fill their place. */
function demandTenant({ event, principal }) {
  const named = header(event, "x-tenant");
  if (named === undefined) throw invalid([{ pointer: "X-Tenant", detail: "is required: the tenant of the token" }]);
  if (named !== principal.tenant) throw new Problem("forbidden", "X-Tenant must be the tenant of the token");
}

function mayBeSeen(principal, booking) {
  return principal.staff || booking.customer === principal.user;
}

/** What the calendar points at, as the caller sees it, noted in the audit log. */
async function shown(call, entries) {
  const { principal, store } = call;
  const bookings = await store.getMany(entries.map(({ id }) => keys.booking(principal.tenant, id)));
  const customers = await customersOf(call, bookings);
  await noteAccess(
    call,
    "booking.list",
    bookings.map((each) => each.customer),
  );
  const [booking, customer] = [bookings, customers].map((list) => new Map(list.map((each) => [each.id, each])));
  // One may have been erased between the two reads.
  const there = entries.map(({ id }) => booking.get(id)).filter(Boolean);
  return there.map((each) => view(call.version, each, customer.get(each.customer)));
}

async function customersOf({ principal, store }, bookings) {
  const ids = [...new Set(bookings.map((each) => each.customer))];
  return store.getMany(ids.map((id) => keys.customer(principal.tenant, id)));
}
