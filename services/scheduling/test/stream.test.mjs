/** The stream's function: jobs of the outbox reach the queue without loss, and every access is in the audit log. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { subjectIndex, subjectOf } from "../shared/keys.mjs";
import { ANA, NOW, book, freshDay, jobsOf, record, scan, service, tenant } from "./support.mjs";

const functions = service();
const { ask, audit, clock, lines, parts, pump, store } = functions;

async function entriesOf(name, customer) {
  const found = [];
  for await (const entry of store.all(subjectIndex(name, customer), { index: true })) found.push(entry);
  return found;
}

test("a committed change is told of once, a refused one never, and the outbox is empty then", async () => {
  const { staff, name } = tenant();
  const day = freshDay();
  const made = await book(functions, staff, day, "14:00");
  await book(functions, staff, day, "14:15");
  assert.deepEqual(await jobsOf(parts, name), [], "nothing is sent before its transaction is in the stream");
  await pump();
  const [job, ...others] = await jobsOf(parts, name);
  assert.deepEqual(others, []);
  assert.deepEqual(
    { ...job, id: undefined, values: undefined },
    {
      id: undefined,
      tenant: name,
      customer: made.body.customer.id,
      kind: "whatsapp",
      to: ANA.phone,
      template: "booking-created",
      language: "pt-BR",
      values: undefined,
      booking: made.body.id,
    },
  );
  assert.match(job.values.start, /2031.*14:00/);
  await ask("bookings PATCH /v1/bookings/{booking_id}", staff, {
    params: { booking_id: made.body.id },
    body: { start: `${day}T16:00:00Z` },
    headers: { "If-Match": '"1"' },
  });
  await ask("bookings DELETE /v1/bookings/{booking_id}", staff, { params: { booking_id: made.body.id } });
  await book(functions, staff, day, "10:00", { customer: { name: "Bruno", email: "bruno@example.com" } });
  await book(functions, staff, day, "11:00", { customer: { name: "No address" } });
  await pump();
  const told = (await jobsOf(parts, name)).map(({ template, kind }) => `${template} ${kind}`);
  assert.deepEqual(told.sort(), ["booking-cancelled whatsapp", "booking-changed whatsapp", "booking-created mail"]);
  assert.deepEqual(await scan(store, (item) => item.tenant === name && item.type === "outbox"), []);
});

test("while the queue is down records come again from the first that failed, and nothing is lost", async () => {
  const { staff, name } = tenant();
  const day = freshDay();
  await pump();
  for (const time of ["14:00", "15:00", "16:00"]) await book(functions, staff, day, time);
  const sqs = await parts.sqs();
  const send = sqs.send.bind(sqs);
  let failures = 0;
  const broken = service({
    sqs: {
      send: (command) => {
        if (
          command.constructor.name === "SendMessageCommand" &&
          JSON.parse(command.input.MessageBody).values.start.includes("15:00") &&
          failures++ < 2
        ) {
          throw new Error("the queue is down");
        }
        return send(command);
      },
    },
  });
  const first = await broken.pump();
  const second = await broken.pump();
  assert.deepEqual(
    [first, second].map((each) => each.batchItemFailures.length),
    [1, 1],
  );
  assert.deepEqual((await broken.pump()).batchItemFailures, []);
  assert.equal((await jobsOf(parts, name)).length, 3);
});

test("what the stream gave up is found by the sweep, which leaves what is on its way alone", async () => {
  const { staff, name } = tenant();
  await book(functions, staff, freshDay(), "14:00");
  assert.deepEqual(await audit({ source: "aws.events" }), { sent: 0 });
  clock.time = NOW + 400_000;
  const { sent } = await audit({ source: "aws.events" });
  clock.time = NOW;
  assert.ok(sent >= 1);
  assert.equal((await jobsOf(parts, name)).length, 1);
  await pump();
  assert.deepEqual(new Set((await jobsOf(parts, name)).map(({ booking }) => booking)).size <= 1, true);
});

test("every access is noted under a hash: reads before they are answered, changes from the stream", async () => {
  const { staff, owner, customer, name } = tenant();
  const day = freshDay();
  const made = await book(functions, customer, day, "14:00");
  await ask("bookings GET /v1/bookings/{booking_id}", staff, { params: { booking_id: made.body.id } });
  await ask("bookings GET /v1/bookings", owner, { query: { resource: "dr-silva", day } });
  clock.time += 1000;
  await ask("bookings PATCH /v1/bookings/{booking_id}", staff, {
    params: { booking_id: made.body.id },
    body: { notes: "x" },
    headers: { "If-Match": '"1"' },
  });
  await pump();
  const entries = await entriesOf(name, customer.sub);
  const seen = entries.map(({ action, actor, fields }) => [action, actor, ...(action.endsWith("changed") ? fields : [])].join(" ")).sort();
  assert.deepEqual(seen, [
    `booking.changed ${staff.sub} notes`,
    "booking.created self",
    `booking.list ${owner.sub}`,
    `booking.read ${staff.sub}`,
    "customer.created self",
  ]);
  for (const secret of [ANA.name, ANA.email, ANA.phone, customer.sub]) assert.ok(!JSON.stringify(entries).includes(secret), secret);
  assert.equal(new Set(entries.map((each) => each.subject)).size, 1);
});

test("when a read cannot be noted it is not answered", async () => {
  const { staff, name } = tenant();
  const made = await book(functions, staff, freshDay(), "14:00");
  const documents = await parts.documents();
  const broken = service({
    documents: {
      send: (command) => {
        if (command.constructor.name === "PutCommand" && command.input.Item.type === "audit") throw new Error(`cannot note ${ANA.email}`);
        return documents.send(command);
      },
    },
  });
  const answer = await broken.ask("bookings GET /v1/bookings/{booking_id}", staff, { params: { booking_id: made.body.id } });
  assert.equal(answer.status, 500);
  assert.ok(!JSON.stringify(answer).includes("Ana"));
  assert.match(broken.lines.join("\n"), /cannot note \[e-mail\]/);
  assert.equal((await scan(store, (item) => item.tenant === name && item.action === "booking.read")).length, 0);
});

test("a repeated record makes one entry, an expiry is told apart, and the log's own items are left out", async () => {
  const { name } = tenant();
  const item = {
    pk: `T#${name}#C#c`,
    sk: "C",
    gsi1pk: `T#${name}#C#c`,
    tenant: name,
    class: "customer",
    type: "customer",
    name: "Ana",
    version: 1,
  };
  const expired = record("REMOVE", { before: item, userIdentity: { type: "Service", principalId: "dynamodb.amazonaws.com" } });
  const silent = record("INSERT", { after: { ...item, type: "audit" } });
  for (let time = 0; time < 2; time++) assert.deepEqual(await audit({ Records: [expired, silent] }), { batchItemFailures: [] });
  const entries = await entriesOf(name, "c");
  assert.deepEqual(
    entries.map(({ action, actor, subject }) => [action, actor, subject]),
    [["customer.expired", "service", subjectOf(name, "c")]],
  );
});

test("no line of a log holds a person", async () => {
  await pump();
  const all = lines.join("\n");
  assert.ok(lines.length > 20);
  for (const secret of [ANA.name, ANA.email, ANA.phone, "bruno@example.com", "Bruno"]) assert.ok(!all.includes(secret), secret);
  for (const line of lines) assert.equal(JSON.parse(line).function !== undefined, true);
});
