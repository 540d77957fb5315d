/** What the functions share, without a cloud. */

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";

import { api, reply } from "../shared/http.mjs";
import { slotsOf } from "../shared/keys.mjs";
import { logger, redacted, withoutPersons } from "../shared/log.mjs";
import { Problem } from "../shared/problem.mjs";
import { retained } from "../shared/retention.mjs";
import { SecretError, forgetSecrets, secret } from "../shared/secrets.mjs";
import { Refused, Store, writes } from "../shared/store.mjs";

test("log lines have no addresses, numbers or names, and keep times, ids and versions", () => {
  const text =
    "ana.souza+x@mail.example.com called +55 11 91234-5678 or 5511912345678 from 203.0.113.9 " +
    "and 2001:db8:0:0:0:0:0:1 at 2031-03-10T14:00:00Z";
  assert.equal(withoutPersons(text), "[e-mail] called [phone] or [phone] from [ip] and [ip] at 2031-03-10T14:00:00Z");
  const kept = "booking 3f6b1f0e-8d0a-4c63-9a53-0d8f0c1f7a11 of version 1.2.3, 12 items";
  assert.equal(withoutPersons(kept), kept);
  const lines = [];
  const log = logger({ function: "x" }, { write: (line) => lines.push(JSON.parse(line)), now: () => new Date(0) });
  log
    .with({ request: "r" })
    .warn("told a@b.example", {
      email: "a@b.example",
      name: "Ana",
      job: { to: "+5511912345678", template: "t" },
      error: new Error("for a@b.example"),
    });
  const [{ error, ...line }] = lines;
  assert.deepEqual(line, {
    level: "warn",
    time: "1970-01-01T00:00:00.000Z",
    message: "told [e-mail]",
    function: "x",
    request: "r",
    email: "[left out]",
    name: "[left out]",
    job: { to: "[left out]", template: "t" },
  });
  assert.deepEqual([error.name, error.message], ["Error", "for [e-mail]"]);
  assert.equal(redacted({ a: { b: { c: { d: { e: { f: 1 } } } } } }).a.b.c.d.e, "[deeper]");
});

test("secrets come from the extension with its token, are kept for a minute, and are named but never shown when they fail", async () => {
  const asked = [];
  const values = { good: { SecretString: '{"key":"s3cr3t"}' }, bad: { SecretString: "s3cr3t" } };
  const server = createServer((request, answer) => {
    const id = new URL(request.url, "http://x").searchParams.get("secretId");
    asked.push([id, request.headers["x-aws-parameters-secrets-token"]]);
    answer.writeHead(id in values ? 200 : 400).end(JSON.stringify(values[id] ?? {}));
  });
  await new Promise((done) => server.listen(0, "localhost", done));
  const port = String(server.address().port);
  const environment = {
    PARAMETERS_SECRETS_EXTENSION_HTTP_PORT: port,
    AWS_SESSION_TOKEN: "token",
    GOOD_SECRET: "good",
    BAD_SECRET: "bad",
    NONE_SECRET: "none",
  };
  let time = 0;
  const options = { environment, now: () => time };
  try {
    assert.deepEqual(await secret("GOOD", options), { key: "s3cr3t" });
    await secret("GOOD", options);
    assert.deepEqual(asked, [["good", "token"]]);
    time = 61_000;
    await secret("GOOD", options);
    await secret("GOOD", { ...options, fresh: true });
    assert.equal(asked.length, 3);
    for (const name of ["BAD", "NONE", "MISSING"]) {
      await assert.rejects(secret(name, options), (error) => error instanceof SecretError && !error.message.includes("s3cr3t"), name);
    }
  } finally {
    server.close();
    forgetSecrets();
  }
  await assert.rejects(secret("GOOD", options), /does not answer/);
});

test("items are kept for the days of their class, and nonsense in config is an error", () => {
  assert.deepEqual(retained("booking", "1970-01-02T00:00:00Z", {}), { class: "booking" });
  assert.deepEqual(retained("booking", "1970-01-02T00:00:00Z", { RETENTION_DAYS_BOOKING: "2" }), {
    class: "booking",
    expires_at: 3 * 86_400,
  });
  assert.deepEqual(retained("idempotency", new Date(0), {}), { class: "idempotency", expires_at: 86_400 });
  assert.throws(
    () => retained("booking", new Date(0), { RETENTION_DAYS_BOOKING: "forever" }),
    /RETENTION_DAYS_BOOKING must be a whole number/,
  );
  assert.throws(() => retained("bookings", new Date(0), {}), /no class of items/);
});

test("a booking's slots are its quarters of an hour, also over midnight", () => {
  assert.deepEqual(slotsOf("2031-03-10T23:45:00Z", "2031-03-11T00:15:00Z"), ["2031-03-10T23:45:00Z", "2031-03-11T00:00:00Z"]);
});

test("a transaction that met another one is tried again, and told when that does not end", async () => {
  const cancelled = (...codes) =>
    Object.assign(new Error("x"), { name: "TransactionCanceledException", CancellationReasons: codes.map((Code) => ({ Code })) });
  const answers = [];
  const waits = [];
  const parts = {
    documents: async () => ({
      send: async () => {
        const answer = answers.shift();
        if (answer) throw answer;
        return {};
      },
    }),
    variable: () => "table",
    sleep: async (milliseconds) => waits.push(milliseconds),
    now: () => new Date(0),
  };
  const store = new Store(parts);
  const list = [writes.put({ pk: "a", sk: "a" }), writes.put({ pk: "b", sk: "b" }, { name: "second", ifNew: 1 })];
  answers.push(cancelled("None", "TransactionConflict"), cancelled("ThrottlingError", "None"));
  await store.transact(list);
  assert.equal(waits.length, 2);
  answers.push(cancelled("None", "ConditionalCheckFailed"));
  await assert.rejects(store.transact(list), (error) => error instanceof Refused && error.has("second"));
  answers.push(...Array.from({ length: 8 }, () => cancelled("TransactionConflict")));
  await assert.rejects(store.transact(list), (error) => error instanceof Problem && error.status === 503);
  answers.push(cancelled("ValidationError"));
  await assert.rejects(store.transact(list), /x/);
});

test("a fault of the program is a problem without its words, and CORS names only origins that config allows", async () => {
  const lines = [];
  const environment = { ALLOWED_ORIGINS: "https://app.example.com,https://beta.example.com" };
  const routes = {
    "GET /fails": async () => Promise.reject(new Error("table xyz of ana@example.com")),
    "GET /works": async () => reply(200, {}),
  };
  const handle = api("x", routes, { environment, write: (line) => lines.push(line) });
  const get = (resource, headers = {}) => handle({ httpMethod: "GET", resource, headers, requestContext: { requestId: "r-1" } });
  const failed = await get("/v1/fails");
  assert.equal(failed.statusCode, 500);
  assert.ok(!failed.body.includes("xyz"));
  assert.equal(JSON.parse(failed.body).instance, "urn:request:r-1");
  assert.match(lines.join(""), /table xyz of \[e-mail\]/);
  const allowed = await get("/v2/works", { Origin: "https://app.example.com" });
  assert.equal(allowed.headers["access-control-allow-origin"], "https://app.example.com");
  const other = await get("/v2/works", { origin: "https://evil.example.com" });
  assert.deepEqual([other.headers["access-control-allow-origin"], other.headers.vary], [undefined, "Origin"]);
  assert.equal((await get("/v1/toString")).statusCode, 404);
});
