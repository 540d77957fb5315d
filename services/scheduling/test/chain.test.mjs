/** From a request as the contract shows it to the customer's telephone: the functions of bookings, stream and queue, one after another. */

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { worker } from "../messages/handler.mjs";
import { isErased } from "../shared/erased.mjs";
import { jobsOf, scan, service, tenant } from "./support.mjs";
import { stub } from "./stub.mjs";

const provider = await stub();
provider.state.secrets = { whatsapp: { instance_id: "i1", token: "t1", client_token: "c1" } };
after(provider.close);

const environment = {
  WHATSAPP_PROVIDER: "z-api",
  WHATSAPP_URL: `http://localhost:${provider.port}`,
  WHATSAPP_SECRET: "whatsapp",
  PARAMETERS_SECRETS_EXTENSION_HTTP_PORT: String(provider.port),
  AWS_SESSION_TOKEN: "session",
};
const functions = service({ environment });
const { ask, lines, parts, pump, store } = functions;
const work = worker({ environment: { ...process.env, ...environment }, write: (line) => lines.push(line) });
const deliver = (jobs) =>
  work({
    Records: jobs.map((job, index) => ({
      messageId: `m-${index}`,
      body: JSON.stringify(job),
      attributes: { ApproximateReceiveCount: "1" },
    })),
  });
const sentTo = (phone) => provider.state.messages.filter(({ to }) => to === phone.slice(1));

test("every example of the contract that has a telephone reaches it once, however often stream and queue deliver", async () => {
  const examples = JSON.parse(process.env.CONTRACT_EXAMPLES);
  assert.deepEqual(Object.keys(examples), ["v1", "v2"]);
  for (const [version, bodies] of Object.entries(examples)) {
    const { staff, name } = tenant();
    for (const body of bodies)
      assert.equal((await ask(`bookings POST /${version}/bookings`, staff, { body })).status, 201, JSON.stringify(body));
    await pump();
    const jobs = await jobsOf(parts, name);
    const phones = bodies.map(({ customer }) => customer.phone).filter(Boolean);
    assert.ok(phones.length && jobs.length === phones.length, version);
    const before = sentTo(phones[0]).length;
    for (let time = 0; time < 2; time++) assert.deepEqual(await deliver(jobs), { batchItemFailures: [] });
    const messages = sentTo(phones[0]).slice(before);
    assert.equal(messages.length, 1);
    assert.match(messages[0].text, /Ana Souza.*dr-silva.*2031/);
  }
});

test("a message that waits in the queue when its person is erased is not sent, and leaves nothing", async () => {
  const { staff, owner, name } = tenant();
  const customer = { name: "Dora Lima", phone: "+5511955554444", language: "en" };
  const body = { resource: "room-1", start: "2031-03-20T10:00:00Z", duration_minutes: 30, customer };
  const made = await ask("bookings POST /v1/bookings", staff, { body });
  await pump();
  const jobs = await jobsOf(parts, name);
  assert.equal(jobs.length, 1);
  const params = { customer_id: made.body.customer.id };
  assert.equal((await ask("privacy POST /v1/customers/{customer_id}/erasure", owner, { params })).status, 200);
  assert.deepEqual(await deliver(jobs), { batchItemFailures: [] });
  assert.deepEqual(sentTo(customer.phone), []);
  assert.equal(await isErased(store, name, made.body.customer.id), true);
  const words = [customer.name, customer.phone, made.body.customer.id];
  assert.deepEqual(await scan(store, (item) => words.some((word) => JSON.stringify(item).includes(word))), []);
  for (const word of words) assert.ok(!lines.join("\n").includes(word), word);
});
