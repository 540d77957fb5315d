/** Signatures of webhooks against vectors that were made apart from the code, and everything near them that must not pass. */

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";

import { minorUnits } from "../payments/money.mjs";
import { follows, ofMercadoPago, ofStripe } from "../payments/notices.mjs";
import { mercadoPagoSigned, stripeSigned } from "../payments/signatures.mjs";

const SECRET = "whsec_test";
const NOW = 1_930_917_600_000;
const SECONDS = String(NOW / 1000);
const BODY = Buffer.from('{"id":"evt_1"}');
const hex = (secret, text) => createHmac("sha256", secret).update(text).digest("hex");
const V1 = hex(SECRET, `${SECONDS}.${BODY}`);

function stripe(header, change = {}) {
  return stripeSigned({ header, body: BODY, secret: SECRET, now: NOW, ...change });
}

test("Stripe's signature over time and body passes, also beside that of an older secret", () => {
  assert.ok(stripe(`t=${SECONDS},v1=${V1}`));
  assert.ok(stripe(`t=${SECONDS},v1=${"0".repeat(64)},v1=${V1},v0=${"1".repeat(64)}`));
});

test("nothing near Stripe's signature passes", () => {
  const wrong = [undefined, "", "t=,v1=", `v1=${V1}`, `t=${SECONDS}`, `t=${SECONDS},v0=${V1}`, `t=${SECONDS},v1=${V1.slice(1)}`, `t=${SECONDS},v1=é${V1.slice(1)}`];
  for (const header of [...wrong, `t=${SECONDS}0,v1=${V1}`, `t=${SECONDS}.,v1=${V1}`, `t=${SECONDS},v1=${hex("other", `${SECONDS}.${BODY}`)}`]) {
    assert.ok(!stripe(header), String(header));
  }
  assert.ok(!stripe(`t=${SECONDS},v1=${V1}`, { body: Buffer.from('{"id":"evt_2"}') }));
});

test("Stripe's tolerance is 300 seconds on both sides", () => {
  const header = `t=${SECONDS},v1=${V1}`;
  for (const late of [300, -300]) assert.ok(stripe(header, { now: NOW + late * 1000 }));
  for (const late of [301, -301]) assert.ok(!stripe(header, { now: NOW + late * 1000 }));
});

test("Mercado Pago's signature over id, request and time passes in seconds and milliseconds, in the id's own case and in small letters", () => {
  const passes = (id, signedId, ts) => {
    const header = `ts=${ts},v1=${hex(SECRET, `id:${signedId};request-id:r-1;ts:${ts};`)}`;
    return mercadoPagoSigned({ header, id, requestId: "r-1", secret: SECRET, now: NOW });
  };
  assert.ok(passes("999009", "999009", SECONDS));
  assert.ok(passes("999009", "999009", String(NOW)));
  assert.ok(passes("ORD01", "ord01", SECONDS));
  assert.ok(passes("ORD01", "ORD01", SECONDS));
  assert.ok(!passes("999010", "999009", SECONDS));
  assert.ok(!passes("999009", "999009", String(NOW / 1000 - 86_401)));
});

test("what Mercado Pago does not send is not in what it signs", () => {
  const header = `ts=${SECONDS},v1=${hex(SECRET, `id:1;ts:${SECONDS};`)}`;
  assert.ok(mercadoPagoSigned({ header, id: "1", requestId: undefined, secret: SECRET, now: NOW }));
  assert.ok(!mercadoPagoSigned({ header, id: "1", requestId: "r-1", secret: SECRET, now: NOW }));
});

test("amounts become whole numbers of the smallest unit, without rounding", () => {
  assert.deepEqual([120.5, 0.1, 19.99, 1, "1234567.89"].map((amount) => minorUnits(amount, "BRL")), [12050, 10, 1999, 100, 123456789]);
  assert.equal(minorUnits(5000, "CLP"), 5000);
  assert.throws(() => minorUnits(1.999, "BRL"), /BRL has 2 digits/);
  assert.throws(() => minorUnits(-1, "BRL"));
  assert.throws(() => minorUnits(1, "XYZ"), /currency XYZ is not known/);
});

test("a payment never goes back", () => {
  assert.ok(follows("paid", undefined) && follows("paid", "failed") && follows("refunded", "paid"));
  assert.ok(!follows("failed", "paid") && !follows("pending", "paid") && !follows("paid", "refunded"));
});

test("events are read by their type, and those of no booking of ours mean nothing", () => {
  const metadata = { tenant: "clinic-a", booking: "b-1" };
  const event = (type, object) => ofStripe({ id: "evt_1", type, data: { object: { metadata, currency: "brl", ...object } } });
  const session = event("checkout.session.completed", { id: "cs_1", payment_intent: "pi_1", payment_status: "paid", amount_total: 12500 });
  assert.deepEqual(session, { event: "evt_1", ...metadata, state: "paid", amount: 12500, currency: "BRL", reference: "pi_1" });
  assert.equal(event("checkout.session.completed", { payment_status: "unpaid" }).state, "pending");
  assert.equal(event("charge.refunded", { refunded: false, amount_refunded: 100 }).state, "partly-refunded");
  for (const type of ["customer.created", "constructor", "__proto__"]) assert.equal(event(type, {}), undefined);
  assert.equal(event("payment_intent.succeeded", { metadata: {} }), undefined);
  assert.equal(event("payment_intent.succeeded", { metadata: { tenant: "a#b", booking: "b-1" } }), undefined);
  const payment = { id: 9, status: "approved", transaction_amount: 120.5, currency_id: "BRL", external_reference: "clinic-a:b-1" };
  assert.deepEqual(ofMercadoPago("e", payment), { event: "e", ...metadata, state: "paid", amount: 12050, currency: "BRL", reference: "9" });
  assert.equal(ofMercadoPago("e", { ...payment, transaction_amount_refunded: 20 }).state, "partly-refunded");
  assert.equal(ofMercadoPago("e", { ...payment, external_reference: "somebody" }), undefined);
});
