/**
 * What a provider's event says about a booking: `{ event, tenant, booking, state, amount, currency, reference }`, or undefined when nothing.
 *
 * States: `pending`, `paid`, `failed`, `partly-refunded`, `refunded`. Amounts are in minor units. Which booking it is about is what checkout wrote
 * into the payment: metadata `tenant` and `booking` with Stripe (on the session and on its payment intent), and `external_reference`
 * `<tenant>:<booking>` with Mercado Pago.
 */

import { minorUnits } from "./money.mjs";

const TENANT = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const BOOKING = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

/** Types of events to what they say of the object that they carry. https://docs.stripe.com/api/events/types */
const STRIPE = {
  "checkout.session.completed": (session) => ({ state: session.payment_status === "unpaid" ? "pending" : "paid", ...ofSession(session) }),
  "checkout.session.async_payment_succeeded": (session) => ({ state: "paid", ...ofSession(session) }),
  "checkout.session.async_payment_failed": (session) => ({ state: "failed", ...ofSession(session) }),
  "checkout.session.expired": (session) => ({ state: "failed", ...ofSession(session) }),
  "payment_intent.processing": (intent) => ({ state: "pending", ...ofIntent(intent) }),
  "payment_intent.succeeded": (intent) => ({ state: "paid", ...ofIntent(intent) }),
  "payment_intent.payment_failed": (intent) => ({ state: "failed", ...ofIntent(intent) }),
  "charge.refunded": (charge) => ({
    state: charge.refunded ? "refunded" : "partly-refunded",
    amount: charge.amount_refunded,
    currency: charge.currency,
    reference: charge.payment_intent ?? charge.id,
  }),
};

const ofSession = (session) => ({ amount: session.amount_total, currency: session.currency, reference: session.payment_intent ?? session.id });
const ofIntent = (intent) => ({ amount: intent.amount_received || intent.amount, currency: intent.currency, reference: intent.id });

/** @param {object} event of Stripe, whose signature was checked */
export function ofStripe(event) {
  const object = event.data?.object ?? {};
  const read = Object.hasOwn(STRIPE, event.type) ? STRIPE[event.type] : undefined;
  const about = named(object.metadata?.tenant, object.metadata?.booking);
  if (!read || !about) return undefined;
  const said = read(object);
  return { event: event.id, ...about, ...said, currency: String(said.currency ?? "").toUpperCase() };
}

/** https://www.mercadopago.com.br/developers/en/docs/checkout-api-payments/response-handling/query-results */
const MERCADO_PAGO = {
  approved: "paid",
  authorized: "pending",
  pending: "pending",
  in_process: "pending",
  in_mediation: "pending",
  rejected: "failed",
  cancelled: "failed",
  refunded: "refunded",
  charged_back: "refunded",
};

/**
 * @param {string} event what the notice is known by
 * @param {object} payment as Mercado Pago's own API tells it
 */
export function ofMercadoPago(event, payment) {
  const about = named(...String(payment.external_reference ?? "").split(":"));
  const state = Object.hasOwn(MERCADO_PAGO, payment.status) ? MERCADO_PAGO[payment.status] : undefined;
  if (!about || !state) return undefined;
  const partly = state === "paid" && payment.transaction_amount_refunded > 0;
  const amount = partly || state === "refunded" ? payment.transaction_amount_refunded || payment.transaction_amount : payment.transaction_amount;
  return {
    event,
    ...about,
    state: partly ? "partly-refunded" : state,
    amount: minorUnits(amount, payment.currency_id),
    currency: payment.currency_id,
    reference: String(payment.id),
  };
}

function named(tenant, booking) {
  return TENANT.test(tenant ?? "") && BOOKING.test(booking ?? "") ? { tenant, booking } : undefined;
}

/** States that a state may follow: events come late and out of order, and what was paid does not become unpaid by an older one. */
const AFTER = {
  pending: ["pending", "failed"],
  failed: ["pending", "failed"],
  paid: ["pending", "failed", "paid"],
  "partly-refunded": ["pending", "failed", "paid", "partly-refunded"],
  refunded: ["pending", "failed", "paid", "partly-refunded"],
};

/** @returns {boolean} whether a booking's payment may become this after what it was */
export function follows(state, before) {
  return before === undefined || AFTER[state].includes(before);
}
