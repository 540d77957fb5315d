/** One person's data: handed out whole, and erased so that nothing is left. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { AdminCreateUserCommand, ListUsersCommand } from "@aws-sdk/client-cognito-identity-provider";
import { DeleteObjectCommand, ListObjectVersionsCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { GetSuppressedDestinationCommand, PutSuppressedDestinationCommand } from "@aws-sdk/client-sesv2";
import { randomUUID } from "node:crypto";

import { isErased } from "../shared/erased.mjs";
import { keys, subjectOf } from "../shared/keys.mjs";
import { verifyLedger } from "../shared/ledger.mjs";
import { writes } from "../shared/store.mjs";
import { book, freshDay, jobsOf, scan, service, tenant } from "./support.mjs";

const functions = service();
const { ask, parts, pump, store } = functions;
const [cognito, s3, ses, sqs] = await Promise.all([parts.cognito(), parts.s3(), parts.ses(), parts.sqs()]);
const UserPoolId = process.env.USER_POOL_ID;
const Bucket = process.env.FILES_BUCKET;

/** A person of whom something is everywhere: a user, two bookings, files in versions, an address that gets no mail, a job that waits. */
async function someone(name = tenant(), key = randomUUID().slice(0, 8)) {
  const about = {
    name: `Carla ${key}`,
    email: `carla-${key}@example.com`,
    phone: `+5511${String(Math.random()).slice(2, 11)}`,
    language: "pt-BR",
  };
  const UserAttributes = [
    ["email", about.email],
    ["custom:tenant", name.name],
  ].map(([Name, Value]) => ({ Name, Value }));
  const { User } = await cognito.send(
    new AdminCreateUserCommand({ UserPoolId, Username: about.email, UserAttributes, MessageAction: "SUPPRESS" }),
  );
  const sub = User.Attributes.find(({ Name }) => Name === "sub").Value;
  const claims = { ...name.customer, sub };
  const headers = { "Idempotency-Key": randomUUID() };
  const day = freshDay();
  const body = { resource: "dr-silva", start: `${day}T14:00:00Z`, duration_minutes: 30, customer: about };
  const first = await ask("bookings POST /v1/bookings", claims, { body, headers });
  await ask("bookings POST /v1/bookings", name.staff, {
    body: { ...body, start: `${day}T15:00:00Z`, customer: { id: sub, name: about.name } },
  });
  await ask("bookings PATCH /v1/bookings/{booking_id}", claims, {
    params: { booking_id: first.body.id },
    body: { start: `${day}T16:00:00Z` },
    headers: { "If-Match": '"1"' },
  });
  const file = (path, Body) => s3.send(new PutObjectCommand({ Bucket, Key: `${name.name}/${sub}/${path}`, Body }));
  await file("consent.txt", "yes");
  await file("consent.txt", "yes, indeed");
  await file("old/photo.txt", "photo");
  await s3.send(new DeleteObjectCommand({ Bucket, Key: `${name.name}/${sub}/old/photo.txt` }));
  await s3.send(new PutObjectCommand({ Bucket, Key: `${name.name}/${sub}0/other.txt`, Body: "another person's" }));
  await ses.send(new PutSuppressedDestinationCommand({ EmailAddress: about.email, Reason: "BOUNCE" }));
  return { ...name, claims, sub, about, day, booking: first.body.id };
}

const exported = (claims, id) => ask("privacy GET /v1/customers/{customer_id}/export", claims, { params: { customer_id: id } });
const erased = (claims, id, on = functions, context) =>
  on.ask("privacy POST /v1/customers/{customer_id}/erasure", claims, { params: { customer_id: id }, context });

/** Whatever is left of the person, anywhere. */
async function left({ name, sub, about }) {
  const words = [sub, about.name, about.email, about.phone];
  const items = await scan(store, (item) => words.some((word) => JSON.stringify(item).includes(word)));
  const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: `${name}/${sub}/` }));
  const { Users } = await cognito.send(new ListUsersCommand({ UserPoolId, Filter: `email = "${about.email}"` }));
  const listed = await ses.send(new GetSuppressedDestinationCommand({ EmailAddress: about.email })).then(
    () => 1,
    (error) => (error.name === "NotFoundException" ? 0 : Promise.reject(error)),
  );
  return { items: items.length, files: Versions.length + DeleteMarkers.length, users: Users.length, suppressions: listed };
}

const NOTHING = { items: 0, files: 0, users: 0, suppressions: 0 };

/** Of whom the first tests only read. */
const reader = await someone();

test("an export has everything, and files can be fetched by it", async () => {
  const person = reader;
  await ask("bookings GET /v1/bookings/{booking_id}", person.staff, { params: { booking_id: person.booking } });
  const { status, body, headers } = await exported(person.claims, person.sub);
  assert.deepEqual([status, headers["cache-control"]], [200, "no-store"]);
  const counts = {};
  for (const { class: kind } of body.records) counts[kind] = (counts[kind] ?? 0) + 1;
  assert.deepEqual(counts, { audit: 1, booking: 2, customer: 1, idempotency: 1, outbox: 3, user: 1, suppression: 1 });
  const kept = body.records.find((each) => each.class === "customer").data;
  assert.deepEqual([kept.name, kept.email, kept.phone, kept.id], [person.about.name, person.about.email, person.about.phone, person.sub]);
  assert.deepEqual(body.files.map(({ name }) => name).sort(), ["consent.txt", "consent.txt", "old/photo.txt"]);
  const texts = await Promise.all(body.files.map(async ({ url }) => (await fetch(url)).text()));
  assert.deepEqual(texts.sort(), ["photo", "yes", "yes, indeed"]);
  assert.ok(!JSON.stringify(body).includes(person.staff.sub), "who of the staff looked is not handed out");
  const again = await exported(person.owner, person.sub);
  assert.ok(again.body.records.some(({ data }) => data.action === "customer.export" && data.by === "self"));
});

test("owners and the person alone may have it, and other tenants do not know the person", async () => {
  const person = reader;
  const other = tenant();
  for (const ask of [exported, erased]) {
    assert.equal((await ask(person.staff, person.sub)).status, 403);
    assert.equal((await ask(person.person("customer"), person.sub)).status, 403);
    assert.equal((await ask(other.owner, person.sub)).status, 404);
    assert.equal((await ask({ ...other.customer, sub: person.sub }, person.sub)).status, 404);
    assert.equal((await ask(person.owner, "someone")).status, 400);
  }
  assert.deepEqual(await left(person), { items: 9, files: 4, users: 1, suppressions: 1 });
});

test("an erasure leaves nothing, stops what is under way, and is written down by hash", async () => {
  const person = await someone();
  const { body, status } = await erased(person.claims, person.sub);
  assert.equal(status, 200);
  assert.deepEqual(body.removed, { items: 6, files: 3, users: 1, messages: 3, suppressions: 1 });
  assert.equal(body.customer_hash, subjectOf(person.name, person.sub));
  assert.deepEqual(await left(person), NOTHING);
  assert.deepEqual(await scan(store, (item) => item.tenant === person.name && item.type === "slot"), [], "the time is free again");
  const neighbour = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: `${person.name}/${person.sub}0/` }));
  assert.equal(neighbour.Versions.length, 1, "whose id begins alike keeps their files");
  assert.deepEqual(await verifyLedger(store, person.name), { valid: true, lines: 1 });

  const log = functions.lines.join("\n");
  assert.match(
    log,
    /"message":"erased","function":"privacy".*"line":1,"hash":"[0-9a-f]{64}"/,
    "the line's hash is in the log, which others keep",
  );
  for (const word of [person.sub, ...Object.values(person.about).slice(0, 3)]) assert.ok(!log.includes(word), word);

  assert.equal(await isErased(store, person.name, person.sub), true, "the worker asks this before it sends");
  await pump();
  assert.deepEqual(await jobsOf(parts, person.name), [], "a job that the stream still had is dropped");
  assert.deepEqual(await left(person), NOTHING, "and the audit log has hashes alone");
  const back = await book(functions, person.staff, freshDay(), "14:00", { customer: { id: person.sub, name: person.about.name } });
  assert.deepEqual([back.status, back.body.type], [410, "urn:morefocus:problem:gone"]);
  assert.equal((await exported(person.owner, person.sub)).status, 410);
  assert.deepEqual((await erased(person.owner, person.sub)).body, body, "asked again, it answers as before");
  assert.equal((await verifyLedger(store, person.name)).lines, 1);
  functions.clock.time += 40 * 86_400_000;
  assert.deepEqual((await erased(person.owner, person.sub)).body, body, "also when the tombstone has expired");
  functions.clock.time -= 40 * 86_400_000;
  assert.equal((await erased(person.owner, randomUUID())).status, 404);
});

/** Messages that could not be sent: two of the person, one of them no JSON, among other persons'. */
async function park(person, others) {
  const job = (customer, number, more = {}) => JSON.stringify({ id: `j${number}`, tenant: person.name, customer, kind: "mail", ...more });
  const bodies = [job(person.sub, 1), `{"tenant": "${person.name}", "customer": "${person.sub}", cut`];
  for (let number = 0; number < others; number++) bodies.push(job(`${person.sub}0`, number + 2), job("someone", number, { tenant: `${person.name}-other` }));
  const QueueUrl = parts.variable("DEAD_LETTER_QUEUE_URL");
  for (const MessageBody of bodies.sort(() => Math.random() - 0.5)) await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
}

/** Every message around the person that the dead-letter queue shows; they are still there afterwards. */
async function parked({ name }) {
  const found = [];
  const asked = { QueueUrl: parts.variable("DEAD_LETTER_QUEUE_URL"), MaxNumberOfMessages: 10, VisibilityTimeout: 2 };
  for (;;) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(asked));
    if (!Messages.length) return found.filter((each) => each.includes(name));
    found.push(...Messages.map(({ Body }) => Body));
  }
}

test("an erasure takes the person's messages out of the dead-letter queue, and shows other persons' again at once", async () => {
  const person = await someone();
  await park(person, 11);
  const { body } = await erased(person.owner, person.sub);
  assert.equal(body.removed.messages, 3 + 2);
  const left = await parked(person);
  assert.deepEqual([left.length, left.filter((each) => each.includes(`"${person.sub}"`)).length], [22, 0]);
});

test("one erasure at a time looks through the dead-letter queue, and another one is asked to come again", async () => {
  const first = await someone();
  await park(first, 1);
  const busy = { ...keys.deadLetterSearch(), type: "search", class: "message", holder: "another", expires_at: store.seconds() + 60 };
  await store.put(busy);
  const answer = await erased(first.owner, first.sub);
  assert.deepEqual([answer.status, answer.headers["retry-after"]], [503, "5"]);
  await store.put({ ...busy, expires_at: store.seconds() });
  assert.equal((await erased(first.owner, first.sub)).body.removed.messages, 3 + 2, "one that died holds nobody up for long");
});

/** Fails the given call of a client, once. */
function interrupted(client, command, nth = 1) {
  let count = 0;
  return {
    send: (given, ...rest) => {
      if (given.constructor.name === command && ++count === nth) throw new Error(`interrupted at ${command}`);
      return client.send(given, ...rest);
    },
    config: client.config,
  };
}

/** The person's items go in one transaction, and the ledger's line is in the next. */
const PLACES = [
  ["AdminDeleteUserCommand", 1],
  ["DeleteObjectsCommand", 1],
  ["ReceiveMessageCommand", 1],
  ["ScanCommand", 1],
  ["TransactWriteCommand", 2],
];
for (const [at, nth] of PLACES) {
  test(`an erasure interrupted at ${at} ${nth} goes on when it is asked for again, and counts as one`, async () => {
    const person = await someone();
    await interruptedErasure(person, at, nth);
    const { body } = await erased(person.owner, person.sub);
    assert.deepEqual(body.removed, { items: 6, files: 3, users: 1, messages: 3, suppressions: 1 });
    assert.deepEqual(await left(person), NOTHING);
    assert.deepEqual(await verifyLedger(store, person.name), { valid: true, lines: 1 });
  });
}

async function interruptedErasure(person, at, nth) {
  const documents = await parts.documents();
  const clients = { cognito, ses, s3, sqs, documents };
  const broken = service(Object.fromEntries(Object.entries(clients).map(([name, client]) => [name, interrupted(client, at, nth)])));
  assert.equal((await erased(person.owner, person.sub, broken)).status, 500);
  assert.equal(await isErased(store, person.name, person.sub), true, "from its first moment nothing new is written");
}

test("an erasure interrupted in the middle of many items goes on with the others, also when some went meanwhile", async () => {
  const person = await someone();
  const { pk, sk, gsi1pk } = await store.get(keys.customer(person.name, person.sub));
  const note = (number) => ({ pk: `${pk}#${number}`, sk, gsi1pk, gsi1sk: `N#${number}`, tenant: person.name, class: "note", type: "note" });
  const notes = Array.from({ length: 120 }, (_, number) => note(number));
  for (let from = 0; from < notes.length; from += 60) await store.transact(notes.slice(from, from + 60).map((each) => writes.put(each)));
  await interruptedErasure(person, "TransactWriteCommand", 2);
  const half = await left(person);
  assert.ok(half.items > 0 && half.items < 120, String(half.items));
  await store.put({ ...note(500), gsi1pk: undefined, gsi1sk: undefined, customer: person.sub });
  const racing = service({ documents: racingWith(await parts.documents(), () => store.delete(keys.customer(person.name, person.sub))) });
  const { body } = await erased(person.owner, person.sub, racing);
  assert.deepEqual(
    body.removed,
    { items: 6 + 120 + 1 - 1, files: 3, users: 1, messages: 3, suppressions: 1 },
    "what went by itself is not counted",
  );
  assert.deepEqual(await left(person), NOTHING);
});

/** Does something before the first transaction, which then finds one of its items gone. */
function racingWith(client, meanwhile) {
  let done = false;
  return {
    send: async (given) => {
      if (given.constructor.name === "TransactWriteCommand" && !done) {
        done = true;
        await meanwhile();
      }
      return client.send(given);
    },
  };
}

test("an erasure that lacks time says so, and goes on with each call", async () => {
  const person = await someone();
  const answers = [];
  while (answers.at(-1)?.status !== 200 && answers.length < 10) {
    // Each call gets one step further before its time is over.
    let steps = answers.length + 1;
    const context = { getRemainingTimeInMillis: () => (steps-- > 0 ? 10_000 : 1_000) };
    answers.push(await erased(person.owner, person.sub, functions, context));
  }
  const told = answers.map(({ status, headers }) => [status, headers["retry-after"]]);
  assert.deepEqual(told.at(-1), [200, undefined]);
  assert.ok(told.length > 2 && told.slice(0, -1).every(([status, again]) => status === 503 && again === "1"), JSON.stringify(told));
  assert.deepEqual(answers.at(-1).body.removed, { items: 6, files: 3, users: 1, messages: 3, suppressions: 1 });
  assert.deepEqual(await left(person), NOTHING);
});

test("an erasure asked for twice at the same time is written down once", async () => {
  const person = await someone();
  const both = await Promise.all([erased(person.owner, person.sub), erased(person.claims, person.sub)]);
  assert.deepEqual(
    both.map(({ status }) => status),
    [200, 200],
  );
  assert.deepEqual(both[0].body, both[1].body);
  assert.equal((await verifyLedger(store, person.name)).lines, 1);
  assert.deepEqual(await left(person), NOTHING);
});

test("a ledger with a line changed, taken out, added or cut off is found out", async () => {
  const name = tenant();
  for (let number = 0; number < 3; number++) {
    const made = await book(functions, name.staff, freshDay(), "14:00");
    assert.equal((await erased(name.owner, made.body.customer.id)).status, 200);
  }
  assert.deepEqual(await verifyLedger(store, name.name), { valid: true, lines: 3 });
  const { pk, sk } = keys.ledgerHead(name.name);
  const lines = (await scan(store, (item) => item.pk === pk && item.sk !== sk)).sort((one, other) => one.number - other.number);
  const faulty = async (change, back) => {
    await change();
    const { valid, fault } = await verifyLedger(store, name.name);
    await back();
    assert.equal(valid, false);
    return fault;
  };
  const [, second, third] = lines;
  const restore = (line) => () => store.put(line);
  assert.match(
    await faulty(() => store.put({ ...second, removed: { ...second.removed, items: 0 } }), restore(second)),
    /line 2 was changed/,
  );
  assert.match(await faulty(() => store.delete(second), restore(second)), /line 2 is missing/);
  assert.match(await faulty(() => store.delete(third), restore(third)), /head/);
  const added = { ...third, sk: `${third.sk}x` };
  assert.match(
    await faulty(
      () => store.put(added),
      () => store.delete(added),
    ),
    /line 4 is missing, or there twice/,
  );
  assert.equal((await verifyLedger(store, name.name)).valid, true);
});

test("an export that is too large to be answered is a file below the person's prefix, which erasure empties", async () => {
  const person = await someone();
  const { pk, sk, ...rest } = await store.get(keys.customer(person.name, person.sub));
  const many = Array.from({ length: 18 }, (_, number) => ({ ...rest, pk: `${pk}#${number}`, sk, type: "note", text: "x".repeat(300_000) }));
  await Promise.all(many.map((each) => store.put(each)));
  const { files, ...before } = await left(person);
  const { body } = await exported(person.claims, person.sub);
  assert.deepEqual([body.records.length, body.files.length], [0, 1]);
  const whole = await (await fetch(body.files[0].url)).json();
  assert.equal(whole.records.filter((each) => each.class === "note").length, 18);
  assert.deepEqual(await left(person), { ...before, files: files + 1 });
});
