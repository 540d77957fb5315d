/**
 * What the functions speak to outside AWS, on loopback: the three WhatsApp providers, Mercado Pago's payments and the secrets extension.
 *
 * Alone (`node test/stub.mjs`) it writes its port as its first line. `POST /stub/plan` with a list says how the next messages are answered:
 * `{ "status", "body", "headers", "times" }`, or `{ "hang": true }` for no answer at all, in which case `"taken": true` takes the message first.
 * `GET /stub/messages` tells what was taken (`/stub/count`: how many), `PUT /stub/secrets` and `PUT /stub/payments` set what the others tell, `DELETE /stub` forgets it all.
 */

import { createServer } from "node:http";
import { fileURLToPath } from "node:url";

const TOKEN_HEADER = "x-aws-parameters-secrets-token";

/** @returns {Promise<{port: number, state: object, close: () => Promise<void>}>} */
export async function stub({ token = "session" } = {}) {
  const state = fresh();
  const server = createServer(async (asked, answer) => {
    const chunks = [];
    for await (const chunk of asked) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const url = new URL(asked.url, "http://stub");
    const said = route(state, { method: asked.method, url, headers: asked.headers, body, token });
    if (!said) return;
    answer.writeHead(said.status, { "content-type": "application/json", ...said.headers });
    answer.end(JSON.stringify(said.body));
  });
  await new Promise((listening) => server.listen(0, "localhost", listening));
  const close = () => new Promise((closed) => (server.close(closed), server.closeAllConnections()));
  return { port: server.address().port, state, close };
}

function fresh() {
  return { plan: [], messages: [], secrets: {}, payments: {} };
}

/** The answer; none for a request that is left hanging. */
function route(state, { method, url, headers, body, token }) {
  const path = url.pathname;
  if (path === "/stub/messages") return ok(state.messages);
  if (path === "/stub/count") return ok(state.messages.length);
  if (path === "/stub/plan") return ok(Object.assign(state, { plan: JSON.parse(body) }).plan.length);
  if (path === "/stub/secrets") return ok(Object.keys(Object.assign(state, { secrets: JSON.parse(body) }).secrets));
  if (path === "/stub/payments") return ok(Object.keys(Object.assign(state, { payments: JSON.parse(body) }).payments));
  if (path === "/stub" && method === "DELETE") return ok(Object.keys(Object.assign(state, fresh())));
  if (path === "/secretsmanager/get") return ofSecret(state, url.searchParams.get("secretId"), headers[TOKEN_HEADER] === token);
  if (path.startsWith("/v1/payments/")) return ofPayment(state, path.split("/").at(-1), headers.authorization);
  const sent = ofProvider({ method, url, headers, body });
  if (sent?.asks) return ok({ total: 0, messages: state.messages.filter((each) => each.reference === sent.asks).map(({ id }) => ({ id })) });
  return sent ? message(state, sent) : { status: 404, body: { error: `nothing is at ${method} ${path}` } };
}

const ok = (body) => ({ status: 200, body });

function ofSecret(state, id, known) {
  if (!known) return { status: 403, body: { message: "the token is not the session's" } };
  if (!Object.hasOwn(state.secrets, id)) return { status: 400, body: { message: "no such secret" } };
  return ok({ Name: id, SecretString: JSON.stringify(state.secrets[id]) });
}

function ofPayment(state, id, authorization) {
  if (authorization !== "Bearer mp-token") return { status: 401, body: { message: "invalid access token" } };
  return Object.hasOwn(state.payments, id) ? ok(state.payments[id]) : { status: 404, body: { message: "Payment not found" } };
}

/** What a request asks of a provider, and how that provider says yes; undefined for what none of them knows. */
function ofProvider({ method, url, headers, body }) {
  const path = url.pathname;
  const zapi = /^\/instances\/([^/]+)\/token\/([^/]+)\/send-text$/.exec(path);
  if (zapi && method === "POST" && headers["client-token"]) {
    const { phone, message: text } = JSON.parse(body);
    return { provider: "z-api", to: phone, text, yes: (id) => ({ zaapId: `z${id}`, messageId: id, id }) };
  }
  const meta = /^\/v\d+\.\d+\/(\d+)\/messages$/.exec(path);
  if (meta && method === "POST" && headers.authorization?.startsWith("Bearer ")) {
    const { to, template, biz_opaque_callback_data: reference } = JSON.parse(body);
    return { provider: "meta", to, template, reference, yes: (id) => ({ messaging_product: "whatsapp", messages: [{ id: `wamid.${id}` }] }) };
  }
  if (/^\/[^/]+\/messages\/chat$/.test(path) && method === "POST") {
    const form = new URLSearchParams(body);
    const [to, text, reference] = ["to", "body", "referenceId"].map((name) => form.get(name));
    return { provider: "ultramsg", to, text, reference, token: form.get("token"), yes: (id) => ({ sent: "true", message: "ok", id }) };
  }
  return /^\/[^/]+\/messages$/.test(path) && method === "GET" ? { asks: url.searchParams.get("referenceId") } : undefined;
}

function message(state, { yes, ...about }) {
  const planned = state.plan[0];
  if (planned && (planned.times = (planned.times ?? 1) - 1) <= 0) state.plan.shift();
  const id = String(state.messages.length + 1);
  const take = () => state.messages.push({ id, ...about });
  if (planned?.hang) return void (planned.taken && take());
  if (planned) return { status: planned.status, body: planned.body ?? { error: "planned" }, headers: planned.headers };
  take();
  return ok(yes(id));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { port, close } = await stub();
  process.stdout.write(`${port}\n`);
  process.on("SIGTERM", close);
}
