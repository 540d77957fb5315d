/**
 * Items that a booking is made of, and the writes that bring them from one state to the next. See the table in ../README.md.
 */

import { customerIndex, keys, slotsOf } from "../shared/keys.mjs";
import { outboxWrite } from "../shared/outbox.mjs";
import { retained } from "../shared/retention.mjs";
import { writes } from "../shared/store.mjs";

/** Names that Refused tells. */
export const [SLOT, BOOKING, CUSTOMER] = ["slot", "booking", "customer"];

/** The writes of a booking that is new. */
export function making(parts, tenant, booking) {
  return [
    writes.put(bookingItem(parts, tenant, booking), { name: BOOKING, ifNew: seconds(parts) }),
    writes.put(agendaItem(parts, tenant, booking)),
    ...slotsOf(booking.start, booking.end).map((slot) => taking(parts, tenant, booking, slot)),
  ];
}

/** The writes that make one booking of another state of it; cancelled ones leave the calendar. */
export function changing(parts, tenant, before, after) {
  const had = slotsOf(before.start, before.end);
  const gets = after.status === "confirmed" ? slotsOf(after.start, after.end) : [];
  const place = keys.agenda(tenant, before.resource, before.start, before.id);
  const stays = gets.length > 0 && after.start === before.start;
  return [
    writes.replace(bookingItem(parts, tenant, after), before.version, BOOKING),
    ...(stays ? [] : [writes.remove(place)]),
    ...(gets.length ? [writes.put(agendaItem(parts, tenant, after))] : []),
    // Only what differs: a transaction may name an item once.
    ...had.filter((slot) => !gets.includes(slot)).map((slot) => freeing(tenant, before, slot)),
    ...gets.filter((slot) => !had.includes(slot)).map((slot) => taking(parts, tenant, after, slot)),
  ];
}

/** The booking with whatever others have put into it, such as its payment. */
function bookingItem(parts, tenant, booking) {
  return {
    ...booking,
    ...keys.booking(tenant, booking.id),
    ...about(parts, tenant, booking, "booking", `B#${booking.start}#${booking.id}`),
  };
}

/** Where the calendar has the booking; what it is stands under its id alone. */
function agendaItem(parts, tenant, { id, resource, start, end, customer }) {
  const place = keys.agenda(tenant, resource, start, id);
  return { ...place, ...about(parts, tenant, { customer, end }, "agenda", `R#${start}#${id}`), id, resource, start, end, customer };
}

function about(parts, tenant, { customer, end }, type, gsi1sk) {
  return { gsi1pk: customerIndex(tenant, customer), gsi1sk, tenant, ...retained("booking", end, parts.environment), type };
}

function taking(parts, tenant, { id, resource }, slot) {
  const kept = retained("slot", slot, parts.environment);
  return writes.put(
    { ...keys.slot(tenant, resource, slot), tenant, ...kept, type: "slot", booking: id },
    { name: SLOT, ifNew: seconds(parts) },
  );
}

function freeing(tenant, { id, resource }, slot) {
  return writes.remove(keys.slot(tenant, resource, slot), { name: SLOT, attribute: "booking", value: id });
}

/**
 * The person's item with what is newly known, and the writes that make it so: none when nothing changes.
 *
 * @param {object | undefined} known the item as it is
 * @param {{id: string, name: string, email?: string, phone?: string, language?: string}} given what is given replaces what is known
 * @param {string} until end of the last booking, from which the time to keep it counts
 */
export function person(parts, tenant, known, given, until, actor) {
  const last = known?.last_end > until ? known.last_end : until;
  const kept = retained("customer", last, parts.environment);
  const now = parts.now().toISOString();
  const news = Object.keys(given).some((name) => known?.[name] !== given[name]) || known?.expires_at !== kept.expires_at;
  if (!news) return { item: known, writes: [] };
  const item = {
    ...known,
    ...keys.customer(tenant, given.id),
    gsi1pk: customerIndex(tenant, given.id),
    gsi1sk: "C",
    tenant,
    ...kept,
    type: "customer",
    ...given,
    last_end: last,
    version: (known?.version ?? 0) + 1,
    created_at: known?.created_at ?? now,
    updated_at: now,
    changed_by: actor,
  };
  const write = known ? writes.replace(item, known.version, CUSTOMER) : writes.put(item, { name: CUSTOMER, ifNew: seconds(parts) });
  return { item, writes: [write] };
}

/** The job that tells the person of it, by WhatsApp where there is a number and by mail otherwise; none when there is neither. */
export function telling(parts, tenant, template, booking, customer) {
  const to = customer?.phone ?? customer?.email;
  if (!to) return [];
  const language = customer.language ?? parts.environment.DEFAULT_LANGUAGE ?? "en";
  const zone = parts.environment.TIME_ZONE ?? "UTC";
  const job = {
    id: parts.newId(),
    tenant,
    customer: booking.customer,
    kind: customer.phone ? "whatsapp" : "mail",
    to,
    template,
    language,
    values: { name: customer.name, service: booking.resource, start: written(booking.start, language, zone) },
    booking: booking.id,
  };
  return [outboxWrite(job, parts.now())];
}

/** A time as people of the language write it, with its time zone. */
function written(time, language, zone) {
  const date = { weekday: "long", year: "numeric", month: "long", day: "numeric" };
  return new Intl.DateTimeFormat(language, { ...date, hour: "2-digit", minute: "2-digit", timeZoneName: "short", timeZone: zone }).format(
    new Date(time),
  );
}

function seconds(parts) {
  return Math.floor(parts.now().getTime() / 1000);
}
