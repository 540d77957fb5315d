/** Bookings by both versions of the contract, against the emulated cloud. */

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";

import { ANA, NOW, book, freshDay, scan, service, tenant } from "./support.mjs";

const functions = service();
const { ask, store } = functions;
const params = (body) => ({ booking_id: body.id });
const resource = { resource_id: "dr-silva" };

test("a booking is made, read, moved and cancelled, and both versions see the same", async () => {
  const { staff, name } = tenant();
  const day = freshDay();
  const made = await book(functions, staff, day, "14:00", { notes: "First visit" });
  assert.equal(made.status, 201);
  assert.equal(made.headers.location, `bookings/${made.body.id}`);
  assert.deepEqual({ ...made.body.customer, id: undefined }, { ...ANA, id: undefined });
  assert.equal(made.body.created_at, new Date(NOW).toISOString());

  const second = await ask("bookings GET /v2/bookings/{booking_id}", staff, { params: params(made.body) });
  assert.deepEqual(second.body.resource, { kind: "person", id: "dr-silva" });
  assert.deepEqual([second.body.start, second.body.end], [`${day}T14:00:00Z`, `${day}T14:30:00Z`]);

  const moved = await ask("bookings PATCH /v2/bookings/{booking_id}", staff, {
    params: params(made.body),
    body: { start: `${day}T14:15:00Z` },
    headers: { "if-match": second.headers.etag },
  });
  assert.equal(moved.status, 200);
  assert.deepEqual([moved.body.start, moved.body.end, moved.headers.etag], [`${day}T14:15:00Z`, `${day}T14:45:00Z`, '"2"']);

  const listed = await ask("bookings GET /v1/bookings", staff, { query: { resource: "dr-silva", day } });
  assert.deepEqual([listed.body.total, listed.body.items[0].start, listed.body.items[0].notes], [1, `${day}T14:15:00Z`, "First visit"]);

  const gone = await ask("bookings DELETE /v1/bookings/{booking_id}", staff, { params: params(made.body) });
  const again = await ask("bookings DELETE /v1/bookings/{booking_id}", staff, { params: params(made.body) });
  assert.deepEqual([gone.status, again.status], [204, 204]);
  const read = await ask("bookings GET /v1/bookings/{booking_id}", staff, { params: params(made.body) });
  assert.deepEqual([read.body.status, read.body.version], ["cancelled", 3]);
  assert.deepEqual(await scan(store, (item) => item.tenant === name && ["slot", "agenda"].includes(item.type)), []);
});

test("of fifty requests for one slot at the same time exactly one wins", async () => {
  const { staff, name } = tenant();
  const day = freshDay();
  const times = ["09:45", "10:00", "10:15"];
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      book(functions, staff, day, times[index % 3], { duration_minutes: 45, customer: { name: `Person ${index}` } }),
    ),
  );
  const won = answers.filter(({ status }) => status === 201);
  assert.equal(won.length, 1);
  const lost = answers.filter(({ status }) => status !== 201);
  assert.deepEqual(new Set(lost.map(({ status, body }) => `${status} ${body.type}`)), new Set(["409 urn:morefocus:problem:slot-taken"]));
  const slots = await scan(store, (item) => item.tenant === name && item.type === "slot");
  assert.deepEqual(new Set(slots.map((each) => each.booking)), new Set([won[0].body.id]));
  assert.equal(slots.length, 3);
  assert.equal((await scan(store, (item) => item.tenant === name && item.type === "customer")).length, 1, "losers leave nothing");
});

test("overlaps of every shape are refused, neighbours and other resources are not", async () => {
  const { staff } = tenant();
  const day = freshDay();
  const at = async (time, duration_minutes, more) => (await book(functions, staff, day, time, { duration_minutes, ...more })).status;
  assert.equal(await at("12:00", 60), 201);
  for (const [time, length] of [
    ["12:00", 60],
    ["11:45", 30],
    ["12:45", 30],
    ["12:15", 15],
    ["11:30", 120],
  ])
    assert.equal(await at(time, length), 409, time);
  assert.equal(await at("11:45", 15), 201);
  assert.equal(await at("13:00", 15), 201);
  assert.equal(await at("12:00", 60, { resource: "room-2" }), 201);
});

test("a move takes free time only, and gives back what it leaves", async () => {
  const { staff } = tenant();
  const day = freshDay();
  const first = await book(functions, staff, day, "09:00", { duration_minutes: 60 });
  await book(functions, staff, day, "10:30");
  const move = (body, version) =>
    ask("bookings PATCH /v1/bookings/{booking_id}", staff, { params: params(first.body), body, headers: { "If-Match": `"${version}"` } });
  assert.equal((await move({ start: `${day}T10:00:00Z` }, 1)).status, 409);
  assert.equal((await move({ duration_minutes: 120 }, 1)).status, 409);
  assert.equal((await move({ start: `${day}T09:30:00Z` }, 1)).status, 200);
  const free = await ask("bookings GET /v2/resources/{resource_id}/availability", staff, {
    params: resource,
    query: { day },
    headers: { "X-Tenant": staff.tenant },
  });
  assert.deepEqual(free.body.free, [
    { start: `${day}T00:00:00Z`, end: `${day}T09:30:00Z` },
    { start: `${day}T11:00:00Z`, end: new Date(Date.parse(day) + 86_400_000).toISOString().replace(".000", "") },
  ]);
});

test("a change needs the version that was read, and of two at the same time one is lost aloud", async () => {
  const { staff } = tenant();
  const made = await book(functions, staff, freshDay(), "14:00");
  const change = (notes, headers) =>
    ask("bookings PATCH /v1/bookings/{booking_id}", staff, { params: params(made.body), body: { notes }, headers });
  assert.equal((await change("a", {})).status, 428);
  assert.equal((await change("a", { "If-Match": "1" })).status, 400);
  assert.equal((await change("a", { "If-Match": '"2"' })).status, 412);
  const both = await Promise.all(["b", "c"].map((notes) => change(notes, { "If-Match": '"1"' })));
  assert.deepEqual(both.map(({ status }) => status).sort(), [200, 412]);
  const cancel = (version) =>
    ask("bookings DELETE /v2/bookings/{booking_id}", staff, { params: params(made.body), headers: { "If-Match": `"${version}"` } });
  assert.equal((await ask("bookings DELETE /v2/bookings/{booking_id}", staff, { params: params(made.body) })).status, 428);
  assert.deepEqual([(await cancel(1)).status, (await cancel(2)).status], [412, 204]);
  assert.equal((await change("d", { "If-Match": '"3"' })).status, 409, "cancelled bookings stay as they are");
});

test("the same request twice has one effect and one answer", async () => {
  const { staff, name } = tenant();
  const day = freshDay();
  const headers = { "Idempotency-Key": randomUUID() };
  const body = { resource: "dr-silva", start: `${day}T14:00:00Z`, duration_minutes: 30, customer: ANA };
  const post = (given = body, claims = staff) => ask("bookings POST /v1/bookings", claims, { body: given, headers });
  const together = await Promise.all(Array.from({ length: 5 }, () => post()));
  const later = await post();
  for (const each of [...together, later]) assert.deepEqual([each.status, each.body], [201, later.body]);
  assert.equal(later.headers["idempotent-replayed"], "true");
  assert.equal((await scan(store, (item) => item.tenant === name && item.type === "booking")).length, 1);
  const other = await post({ ...body, duration_minutes: 45 });
  assert.deepEqual([other.status, other.body.type], [422, "urn:morefocus:problem:idempotency-key-reused"]);
  assert.equal((await post(body, tenant().staff)).status, 201, "another tenant's key is another key");
  functions.clock.time = NOW + 2 * 86_400_000;
  assert.equal((await post()).status, 409, "a key is kept for a day: then the time is taken, by the first");
  functions.clock.time = NOW;
  assert.equal(
    (await ask("bookings POST /v1/bookings", staff, { body, headers: { "Idempotency-Key": "short" } })).body.errors[0].pointer,
    "Idempotency-Key",
  );
});

test("what is malformed is told by field, all at once", async () => {
  const { staff } = tenant();
  const post = (body, more) => ask("bookings POST /v1/bookings", staff, { body, ...more });
  const whole = { resource: "dr-silva", start: "2031-03-10T14:00:00Z", duration_minutes: 30, customer: { name: "Ana" } };
  const cases = [
    [{ ...whole, resource: "Dr Silva" }, ["#/resource"]],
    [{ ...whole, start: "2031-02-30T14:00:00Z" }, ["#/start"]],
    [{ ...whole, start: "2031-03-10T14:05:00Z" }, ["#/start"]],
    [{ ...whole, duration_minutes: "30" }, ["#/duration_minutes"]],
    [{ ...whole, duration_minutes: 20 }, ["#/duration_minutes"]],
    [
      { ...whole, customer: { name: "", email: "ana", phone: "119", language: "de", id: "1" } },
      ["id", "name", "email", "phone", "language"].map((each) => `#/customer/${each}`),
    ],
    [{ ...whole, notes: null }, ["#/notes"]],
    [{ ...whole, "te/nant": "other" }, ["#/te~1nant"]],
    [{}, ["#/resource", "#/start", "#/duration_minutes", "#/customer"]],
  ];
  for (const [body, pointers] of cases) {
    const answer = await post(body);
    assert.equal(answer.status, 400, JSON.stringify(body));
    assert.equal(answer.headers["content-type"], "application/problem+json");
    assert.deepEqual(
      answer.body.errors.map((each) => each.pointer),
      pointers,
      JSON.stringify(body),
    );
    assert.match(answer.body.instance, /^urn:request:/);
  }
  const second = {
    resource: { kind: "boat", id: "dr-silva" },
    start: "2031-03-10T14:00:00Z",
    end: "2031-03-10T13:00:00Z",
    customer: { name: "Ana" },
  };
  assert.equal((await ask("bookings POST /v2/bookings", staff, { body: second })).body.errors[0].pointer, "#/resource/kind");
  const turned = await ask("bookings POST /v2/bookings", staff, { body: { ...second, resource: { kind: "room", id: "r" } } });
  assert.equal(turned.body.errors[0].pointer, "#/end");
  const raws = [
    ["{", {}, 400],
    ["[]", {}, 400],
    ["null", {}, 400],
    ["{}", { "Content-Type": "text/plain" }, 415],
    [`{"notes":"${"x".repeat(70_000)}"}`, {}, 413],
  ];
  for (const [raw, headers, status] of raws)
    assert.equal((await post(undefined, { raw, headers: { "Content-Type": "application/json", ...headers } })).status, status);
  assert.deepEqual(
    (await ask("bookings GET /v1/bookings", staff, { query: { page: "0", day: "2031-13-01" } })).body.errors.map((each) => each.pointer),
    ["resource", "day", "page"],
  );
  assert.equal(
    (await ask("bookings GET /v1/bookings/{booking_id}", staff, { params: { booking_id: "../x" } })).body.errors[0].pointer,
    "booking_id",
  );
  assert.equal((await ask("bookings PUT /v1/bookings", staff)).status, 404);
});

test("time that has passed is not booked, and what has begun stays", async () => {
  const { staff } = tenant();
  const day = freshDay();
  const made = await book(functions, staff, day, "14:00");
  assert.equal((await book(functions, staff, "2031-02-01", "14:00")).body.type, "urn:morefocus:problem:in-the-past");
  const change = (body) =>
    ask("bookings PATCH /v1/bookings/{booking_id}", staff, { params: params(made.body), body, headers: { "If-Match": '"1"' } });
  assert.equal((await change({ start: "2031-02-01T14:00:00Z" })).status, 422);
  functions.clock.time = Date.parse(`${day}T14:10:00Z`);
  assert.equal((await change({ start: `${day}T15:00:00Z` })).status, 409);
  assert.equal((await ask("bookings DELETE /v1/bookings/{booking_id}", staff, { params: params(made.body) })).status, 409);
  const free = await ask("bookings GET /v1/resources/{resource_id}/availability", staff, {
    params: resource,
    query: { day },
    headers: { "x-tenant": staff.tenant },
  });
  assert.equal(free.body.free[0], `${day}T14:30:00Z`);
  assert.equal(free.headers["cache-control"], "private, max-age=300");
  functions.clock.time = NOW;
});

test("nothing of another tenant can be reached: not by id, list, free time, header, body or path", async () => {
  const [mine, other] = [tenant(), tenant()];
  const day = freshDay();
  const made = await book(functions, mine.staff, day, "14:00");
  const headers = { "If-Match": '"1"', "X-Tenant": mine.name };
  for (const claims of [other.owner, other.staff, other.customer]) {
    const on = (target, more = {}) => ask(`bookings ${target}`, claims, { params: params(made.body), headers, ...more });
    assert.equal((await on("GET /v1/bookings/{booking_id}")).status, 404);
    assert.equal((await on("PATCH /v2/bookings/{booking_id}", { body: { notes: "mine now" } })).status, 404);
    assert.equal((await on("DELETE /v1/bookings/{booking_id}")).status, 404);
    assert.equal((await on("GET /v1/bookings", { query: { resource: "dr-silva", day, tenant: mine.name } })).body.total, 0);
    assert.equal((await on("GET /v1/resources/{resource_id}/availability", { params: resource, query: { day } })).status, 403);
    assert.equal((await on("POST /v1/bookings", { body: { ...made.body, tenant: mine.name } })).status, 400);
  }
  const span = { from: `${day}T00:00:00Z`, to: `${day}T23:45:00Z` };
  const list = (claims, cursor) =>
    ask("bookings GET /v2/resources/{resource_id}/bookings", claims, {
      params: resource,
      query: { ...span, limit: "1", ...(cursor ? { cursor } : {}) },
    });
  await book(functions, mine.staff, day, "15:00");
  const first = await list(mine.staff);
  assert.deepEqual((await list(other.staff, first.body.next_cursor)).body.items, [], "a cursor opens nobody else's calendar");
  const forged = Buffer.from(`T#${mine.name}#R#dr-silva`).toString("base64url");
  assert.equal((await list(other.staff, forged)).body.errors[0].pointer, "cursor");
  assert.equal((await book(functions, other.staff, day, "14:00")).status, 201, "the same resource of another tenant is another one");
  assert.equal((await ask("bookings GET /v1/bookings/{booking_id}", mine.staff, { params: params(made.body) })).body.version, 1);
});

test("without identity, tenant or role there is nothing", async () => {
  const { staff } = tenant();
  const get = async (claims) =>
    (await ask("bookings GET /v1/bookings", claims, { query: { resource: "dr-silva", day: "2031-03-10" } })).status;
  assert.equal(await get(undefined), 401);
  assert.equal(await get({ ...staff, sub: undefined }), 401);
  assert.equal(await get({ ...staff, tenant: undefined }), 403);
  assert.equal(await get({ ...staff, tenant: "a#C#b" }), 403);
  assert.equal(await get({ ...staff, "cognito:groups": "auditors" }), 403);
  assert.equal(await get({ ...staff, "cognito:groups": "[auditors staff]" }), 200);
  assert.deepEqual((await ask("bookings GET /v1/health")).body, { status: "ok" });
});

test("customers book, see and change their own only", async () => {
  const { staff, customer, person } = tenant();
  const day = freshDay();
  const stranger = person("customer");
  const own = await book(functions, customer, day, "14:00");
  assert.equal(own.body.customer.id, customer.sub);
  assert.equal((await book(functions, customer, day, "15:00", { customer: { ...ANA, id: randomUUID() } })).status, 403);
  await book(functions, staff, day, "16:00", { customer: { name: "Bruno" } });
  const list = async (claims) => (await ask("bookings GET /v1/bookings", claims, { query: { resource: "dr-silva", day } })).body;
  assert.deepEqual([(await list(customer)).total, (await list(stranger)).total, (await list(staff)).total], [1, 0, 2]);
  const on = async (target, claims, more) =>
    (
      await ask(`bookings ${target} /v1/bookings/{booking_id}`, claims, {
        params: params(own.body),
        headers: { "If-Match": '"1"' },
        ...more,
      })
    ).status;
  assert.equal(await on("GET", stranger), 404);
  assert.equal(await on("PATCH", stranger, { body: { notes: "x" } }), 404);
  assert.equal(await on("DELETE", stranger), 404);
  assert.equal(await on("PATCH", customer, { body: { notes: "x" } }), 200);
  const known = await book(functions, staff, day, "17:00", { customer: { id: customer.sub, name: "Ana S. Souza" } });
  assert.deepEqual(known.body.customer, { ...ANA, id: customer.sub, name: "Ana S. Souza" }, "what is given replaces what is known");
});

test("lists are read on, in numbered pages and with a cursor, each booking once", async () => {
  const { staff } = tenant();
  const day = freshDay();
  for (let hour = 8; hour < 13; hour++) await book(functions, staff, day, `${String(hour).padStart(2, "0")}:00`);
  const pages = await Promise.all(
    [1, 2, 3].map((page) =>
      ask("bookings GET /v1/bookings", staff, { query: { resource: "dr-silva", day, page: String(page), page_size: "2" } }),
    ),
  );
  assert.deepEqual(
    pages.map(({ body }) => [body.items.length, body.total]),
    [
      [2, 5],
      [2, 5],
      [1, 5],
    ],
  );
  const seen = [];
  let cursor;
  do {
    const query = { from: `${day}T08:00:00Z`, to: `${day}T12:00:00Z`, limit: "3", ...(cursor ? { cursor } : {}) };
    const { body } = await ask("bookings GET /v2/resources/{resource_id}/bookings", staff, { params: resource, query });
    seen.push(...body.items.map((each) => each.start.slice(11, 16)));
    cursor = body.next_cursor;
  } while (cursor);
  assert.deepEqual(seen, ["08:00", "09:00", "10:00", "11:00"]);
});

test("retention counts from the end of a booking, and is nothing where config names none", async () => {
  const { staff, name } = tenant();
  const short = service({ environment: { RETENTION_DAYS_BOOKING: "30", RETENTION_DAYS_CUSTOMER: "60" } });
  const day = freshDay();
  await book(short, staff, day, "14:00");
  const end = Date.parse(`${day}T14:30:00Z`) / 1000;
  const items = await scan(store, (item) => item.tenant === name);
  const kept = Object.fromEntries(items.map((item) => [item.type, item.expires_at && item.expires_at - end]));
  assert.deepEqual([kept.booking, kept.agenda, kept.customer, kept.outbox], [30 * 86_400, 30 * 86_400, 60 * 86_400, undefined]);
  short.clock.time = Date.parse(`${day}T14:30:00Z`) + 31 * 86_400_000;
  const booking = items.find((item) => item.type === "booking");
  const read = await short.ask("bookings GET /v1/bookings/{booking_id}", staff, { params: { booking_id: booking.id } });
  assert.equal(read.status, 404, "what has expired is gone, even while DynamoDB still has it");
});
