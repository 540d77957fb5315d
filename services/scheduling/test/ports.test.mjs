/** What each port sends, and what it makes of every kind of answer: against a server on loopback, over real connections. */

import assert from "node:assert/strict";
import { createServer } from "node:net";
import { after, before, beforeEach, test } from "node:test";

import * as meta from "../messages/ports/meta.mjs";
import { ofServiceError } from "../messages/ports/mail.mjs";
import { portOf } from "../messages/ports/index.mjs";
import * as ultramsg from "../messages/ports/ultramsg.mjs";
import * as zapi from "../messages/ports/z-api.mjs";
import { read } from "../messages/jobs.mjs";
import { stub } from "./stub.mjs";

const JOB = {
  id: "job-1",
  tenant: "clinic-a",
  customer: "c-1",
  kind: "whatsapp",
  to: "+5511912345678",
  template: "booking-created",
  language: "pt-BR",
  values: { name: "Ana", service: "Consulta", start: "10 de março, 14:00" },
};
const TEXT = "Olá, Ana! Seu agendamento está confirmado: Consulta, 10 de março, 14:00.";
const SECRET = { instance_id: "i1", token: "t1", client_token: "c1", phone_number_id: "100200", access_token: "a1" };

let server;
let settings;

before(async () => {
  server = await stub();
  settings = { url: `http://localhost:${server.port}`, secret: SECRET, timeout: 20_000 };
});
beforeEach(() => Object.assign(server.state, { plan: [], messages: [] }));
after(() => server.close());

function asked() {
  const { job, message } = read(JSON.stringify(JOB));
  return { job, to: job.to, message };
}

async function answered(port, plan) {
  server.state.plan = [plan];
  // Only an answer that stays out is given up soon: on a slow machine any other one may take longer than that.
  return port.send(asked(), plan.hang ? { ...settings, timeout: 150 } : settings);
}

test("each provider gets what its documentation asks for", async () => {
  assert.equal((await zapi.send(asked(), settings)).state, "sent");
  assert.equal((await ultramsg.send(asked(), settings)).state, "sent");
  assert.deepEqual(await meta.send(asked(), settings), { state: "sent", id: "wamid.3" });
  const [first, second, third] = server.state.messages;
  assert.deepEqual([first.provider, first.to, first.text], ["z-api", "5511912345678", TEXT]);
  assert.deepEqual([second.provider, second.to, second.text, second.reference], ["ultramsg", "+5511912345678", TEXT, "job-1"]);
  assert.deepEqual([third.provider, third.to, third.reference], ["meta", "5511912345678", "job-1"]);
  assert.deepEqual(third.template, {
    name: "booking_created",
    language: { code: "pt_BR" },
    components: [{ type: "body", parameters: Object.values(JOB.values).map((text) => ({ type: "text", text })) }],
  });
});

test("a limit is waited for as long as it says, and never tried again at once", async () => {
  for (const port of [zapi, ultramsg, meta]) {
    const { state, seconds } = await answered(port, { status: 429, headers: { "retry-after": "7" } });
    assert.deepEqual([state, seconds], ["later", 7]);
  }
  for (const code of [4, 80007, 130429, 131048, 131056]) {
    assert.equal((await answered(meta, { status: 400, body: { error: { code } } })).state, "later", String(code));
  }
});

test("what a provider failed at is tried again, what it refuses is not", async () => {
  for (const port of [zapi, ultramsg, meta]) {
    for (const status of [500, 503, 401, 403]) assert.equal((await answered(port, { status })).state, "retry", `${status}`);
    for (const status of [400, 404, 415]) assert.equal((await answered(port, { status })).state, "refused", `${status}`);
  }
  for (const code of [131000, 131016, 190, 200]) assert.equal((await answered(meta, { status: 500, body: { error: { code } } })).state, "retry");
  for (const code of [100, 131026, 131047, 132001]) assert.equal((await answered(meta, { status: 400, body: { error: { code } } })).state, "refused");
});

test("UltraMsg's refusals with status 200 are seen", async () => {
  assert.equal((await answered(ultramsg, { status: 200, body: { error: "Wrong token" } })).state, "retry");
  assert.equal((await answered(ultramsg, { status: 200, body: { error: [{ to: "invalid" }] } })).state, "refused");
});

test("an answer that stays out leaves a doubt, a connection that never came about does not", async () => {
  for (const port of [zapi, ultramsg, meta]) {
    assert.equal((await answered(port, { hang: true })).state, "unknown");
    for (const status of [502, 504]) assert.equal((await answered(port, { status })).state, "unknown");
    const closed = createServer().listen(0, "localhost");
    await new Promise((listening) => closed.once("listening", listening));
    const { port: free } = closed.address();
    await new Promise((ended) => closed.close(ended));
    assert.equal((await port.send(asked(), { ...settings, url: `http://localhost:${free}` })).state, "retry");
  }
});

test("UltraMsg tells afterwards whether it has taken a job", async () => {
  assert.equal(await ultramsg.find(asked(), settings), null);
  assert.equal((await answered(ultramsg, { hang: true, taken: true })).state, "unknown");
  assert.equal(await ultramsg.find(asked(), settings), "1");
});

test("no reason tells a token or a number", async () => {
  const { reason } = await answered(zapi, { hang: true });
  assert.doesNotMatch(reason, /t1|c1|5511912345678/);
});

test("errors of SES are told apart", () => {
  const error = (name, httpStatusCode) => Object.assign(new Error(name), { name, $metadata: { httpStatusCode } });
  assert.equal(ofServiceError(error("TooManyRequestsException", 429)).state, "later");
  assert.equal(ofServiceError(error("SendingPausedException", 400)).state, "retry");
  assert.equal(ofServiceError(error("MessageRejected", 400)).state, "refused");
  assert.equal(ofServiceError(error("TimeoutError")).state, "unknown");
  assert.equal(ofServiceError(Object.assign(new Error("x"), { code: "ECONNREFUSED", $metadata: {} })).state, "retry");
});

test("an unknown provider is refused by name", () => {
  assert.throws(() => portOf("whatsapp", "telegram"), /'telegram': it must be one of z-api, ultramsg, meta/);
});
