/**
 * Erasing one person, so that nothing is left (SCH-8, COM-2; GDPR Art. 17, LGPD Art. 18 VI).
 *
 * 1. A tombstone, by the person's hash: from now on every write about the person is refused, and the worker sends nothing more to them.
 * 2. Addresses on suppression lists, users, files, messages in the dead-letter queue: while the items that lead to them are still there.
 * 3. Items of the table, with the slots of bookings; each step counts within its own transaction.
 * 4. The proof: a strongly consistent scan of the whole table that finds nothing of the person. Where it stopped is kept, since it may take
 *    longer than one call.
 * 5. A line of the ledger, in one transaction with the tombstone's end: an erasure is written down once.
 *
 * Every step finds its work anew and repeats without harm. An interrupted erasure goes on when it is asked for again.
 */

import { noteAccess } from "../shared/audit.mjs";
import { reply } from "../shared/http.mjs";
import { customerIndex, keys, slotsOf, subjectOf } from "../shared/keys.mjs";
import { appendErasure, erasureOf } from "../shared/ledger.mjs";
import { Problem } from "../shared/problem.mjs";
import { retained } from "../shared/retention.mjs";
import { Refused, writes } from "../shared/store.mjs";
import { removeParked } from "./parked.mjs";
import { files, removeFiles, removeSuppressions, removeUsers, users } from "./places.mjs";
import { addressesOf, subjectOfCall } from "./subject.mjs";

const NOTHING = { items: 0, files: 0, users: 0, messages: 0, suppressions: 0 };
/** Milliseconds that must be left to begin another step: each is shorter, and the answer takes some. */
const RESERVE_MS = 3_000;
const [STONE, ITEM] = ["stone", "item"];
/** A transaction has 100 writes at most, and one of them counts. */
const MOST_REMOVALS = 99;

/** POST /customers/{customer_id}/erasure */
export async function eraseCustomer(call) {
  const { parts, principal, store } = call;
  const { tenant } = principal;
  const customer = subjectOfCall(call);
  const subject = subjectOf(tenant, customer);
  const stone = keys.tombstone(tenant, customer);
  const person = { tenant, customer, subject, stone };
  const before = await store.get(stone);
  if (before?.state === "erased") return reply(200, lineOf(before.line));
  if (!before) {
    const index = customerIndex(tenant, customer);
    if (!(await isKnown(parts, tenant, customer, index))) return erasedLongAgo(store, tenant, subject);
    await noteAccess(call, "customer.erase", [customer]);
    const item = {
      ...stone,
      tenant,
      ...retained("tombstone", parts.now(), parts.environment),
      type: "tombstone",
      state: "erasing",
      ...NOTHING,
    };
    await store.putNew(item);
  }
  await empty(call, person);
  await prove(call, person);
  const line = await conclude(parts, person);
  // The log is kept elsewhere and by others: whoever rewrote the ledger would have to rewrite it too.
  call.log.info("erased", { tenant, line: line.number, hash: line.hash, subject, removed: line.removed });
  return reply(200, lineOf(line));
}

/** Nobody of this id, or one who was erased before the tombstone expired: the ledger knows. */
async function erasedLongAgo(store, tenant, subject) {
  const line = await erasureOf(store, tenant, subject);
  if (!line) throw new Problem("not-found", "nothing is kept about such a customer");
  return reply(200, lineOf(line));
}

async function isKnown(parts, tenant, customer, index) {
  const { items } = await parts.store.page(index, { index: true, limit: 1 });
  if (items.length || (await parts.store.get(keys.customer(tenant, customer)))) return true;
  if ((await users(parts, tenant, customer)).length) return true;
  for await (const _ of files(parts, tenant, customer)) return true;
  return false;
}

async function empty(call, person) {
  const { parts, store } = call;
  const { tenant, customer } = person;
  const counted = (name) => async (count) => {
    if (count) await store.send("Update", { Key: person.stone, ...adding({ [name]: count }) });
  };
  const items = [];
  for await (const item of store.all(customerIndex(tenant, customer), { index: true })) items.push(item);
  const addresses = addressesOf(items, await users(parts, tenant, customer));
  await counted("suppressions")(await removeSuppressions(parts, addresses));
  demandTime(call);
  await counted("users")(await removeUsers(parts, tenant, customer));
  demandTime(call);
  await removeFiles(parts, tenant, customer, counted("files"));
  await removeParked(parts, person, { counted: counted("messages"), demandTime: () => demandTime(call) });
  // The person's own item last: it leads to the rest, should this be interrupted.
  items.sort((one, other) => Number(one.type === "customer") - Number(other.type === "customer"));
  await removeItems(call, person, items);
}

/** Remove items and count them, in as few transactions as hold them; with a booking's place in the calendar go the slots that it fills. */
async function removeItems(call, person, items) {
  let group = [];
  for (const item of items) {
    const removals = removalsOf(person, item);
    if (group.length && group.flatMap((each) => each.removals).length + removals.length > MOST_REMOVALS) {
      await removeGroup(call, person, group.splice(0));
    }
    group.push({ item, removals });
  }
  if (group.length) await removeGroup(call, person, group);
}

function removalsOf({ tenant }, item) {
  const slots = item.type === "agenda" ? slotsOf(item.start, item.end) : [];
  return [
    { name: ITEM, Delete: { Key: { pk: item.pk, sk: item.sk }, ConditionExpression: "attribute_exists(pk)" } },
    ...slots.map((slot) => writes.remove(keys.slot(tenant, item.resource, slot), { name: "slot", attribute: "booking", value: item.id })),
  ];
}

async function removeGroup(call, person, group) {
  demandTime(call);
  const messages = group.filter(({ item }) => item.type === "outbox").length;
  try {
    await call.store.transact([
      ...group.flatMap(({ removals }) => removals),
      { Update: { Key: person.stone, ...adding({ messages, items: group.length - messages }) } },
    ]);
  } catch (error) {
    if (!(error instanceof Refused && error.has(ITEM))) throw error;
    // Somebody else removed one: another call of the same erasure, expiry, the function that empties the outbox.
    if (group.length > 1) for (const each of group) await removeGroup(call, person, [each]);
  }
}

/** Look through the whole table, from where the last call stopped; what is found is removed, and then it begins again. */
async function prove(call, person) {
  const { store } = call;
  const { tenant, customer, stone } = person;
  const { proof } = (await store.get(stone)) ?? {};
  let start = proof?.next;
  let found = proof?.found ?? 0;
  for (;;) {
    const page = await store.send("Scan", {
      ConsistentRead: true,
      FilterExpression: "gsi1pk = :index OR (tenant = :tenant AND customer = :customer)",
      ExpressionAttributeValues: { ":index": customerIndex(tenant, customer), ":tenant": tenant, ":customer": customer },
      ...(start ? { ExclusiveStartKey: start } : {}),
    });
    await removeItems(call, person, page.Items ?? []);
    found += page.Items?.length ?? 0;
    start = page.LastEvaluatedKey;
    // What a scan has passed may have been written behind it only by a transaction that began before the tombstone: a clean pass proves it.
    if (!start && !found) return;
    if (!start) found = 0;
    if (call.remaining() < RESERVE_MS) {
      await store.send("Update", {
        Key: stone,
        UpdateExpression: "SET proof = :proof",
        ExpressionAttributeValues: { ":proof": { next: start, found } },
      });
      demandTime(call);
    }
  }
}

async function conclude(parts, { tenant, subject, stone }) {
  const { store } = parts;
  const now = await store.get(stone);
  if (now?.state === "erased") return now.line;
  const removed = Object.fromEntries(Object.keys(NOTHING).map((name) => [name, now?.[name] ?? 0]));
  const ended = (line) => [
    {
      name: STONE,
      Update: {
        Key: stone,
        UpdateExpression: "SET #state = :erased, line = :line REMOVE proof",
        ConditionExpression: "#state = :erasing",
        ExpressionAttributeNames: { "#state": "state" },
        ExpressionAttributeValues: { ":erased": "erased", ":erasing": "erasing", ":line": line },
      },
    },
  ];
  try {
    return await appendErasure(parts, tenant, { subject, removed }, ended);
  } catch (error) {
    // Another call of the same erasure ended it.
    if (error instanceof Refused && error.has(STONE)) return (await store.get(stone)).line;
    throw error;
  }
}

/** The line as the contract writes it. */
function lineOf({ at, hash, subject, removed }) {
  return { id: `${at}-${hash.slice(0, 16)}`, customer_hash: subject, completed_at: at, removed };
}

function adding(counts) {
  const all = Object.entries(counts);
  return {
    UpdateExpression: `ADD ${all.map((_, index) => `#n${index} :c${index}`).join(", ")}`,
    ExpressionAttributeNames: Object.fromEntries(all.map(([name], index) => [`#n${index}`, name])),
    ExpressionAttributeValues: Object.fromEntries(all.map(([, count], index) => [`:c${index}`, count])),
  };
}

/** @throws {Problem} 503 when the function would be ended soon: what is done is done, and the next call goes on */
function demandTime(call) {
  if (call.remaining() >= RESERVE_MS) return;
  throw new Problem("unavailable", "the erasure is under way and not at its end; ask again to go on", { headers: { "retry-after": "1" } });
}
