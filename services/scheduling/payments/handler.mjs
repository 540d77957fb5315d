/**
 * Webhooks of Stripe and Mercado Pago (SCH-5, API-6): nothing of a request is believed before its signature is, nothing is taken twice.
 *
 * Answers: 200 when it is taken, and when its provider repeats what was taken; 401 for a bad signature; 409 for the very same delivery again.
 * Events that mean nothing here get 200, since a provider repeats what it gets anything else for.
 */

import { api, reply } from "../shared/http.mjs";
import { hash } from "../shared/keys.mjs";
import { Unanswered, Unsent, request } from "../shared/outgoing.mjs";
import { Problem } from "../shared/problem.mjs";
import { bodyBytes, header, jsonBody } from "../shared/request.mjs";
import { secret } from "../shared/secrets.mjs";
import { ofMercadoPago, ofStripe } from "./notices.mjs";
import { mercadoPagoSigned, stripeSigned } from "./signatures.mjs";
import { take } from "./take.mjs";

const MERCADO_PAGO_ADDRESS = "https://api.mercadopago.com";
const TAKEN = reply(200, { received: true });

/** A handler of the payments' routes; `given` replaces parts, for tests. */
export function payments(given) {
  return api("payments", { "POST /payments/webhooks/stripe": stripe, "POST /payments/webhooks/mercado-pago": mercadoPago }, given);
}

/** What Lambda calls. */
export const handle = payments();

async function stripe(call) {
  const { event, parts } = call;
  const signature = header(event, "stripe-signature");
  const given = { header: signature, body: bodyBytes(event), now: parts.now().getTime() };
  await demandSigned(call, "STRIPE_WEBHOOK", (value) => stripeSigned({ ...given, secret: value }));
  const notice = ofStripe(jsonBody(event));
  if (!notice) return ignored(call, "stripe");
  await take(call, "stripe", notice, signature);
  return TAKEN;
}

async function mercadoPago(call) {
  const { event, parts, query } = call;
  const [id, requestId, signature] = [query["data.id"] ?? "", header(event, "x-request-id"), header(event, "x-signature")];
  const given = { header: signature, id, requestId, now: parts.now().getTime() };
  await demandSigned(call, "MERCADO_PAGO_WEBHOOK", (value) => mercadoPagoSigned({ ...given, secret: value }));
  const body = jsonBody(event);
  if ((query.type ?? body.type) !== "payment" || !/^\d{1,20}$/.test(id)) return ignored(call, "mercado-pago");
  // The body is not signed, so nothing of it is believed: the payment is asked for, and the event is known by what is signed.
  const payment = await paymentOf(call, id);
  const notice = payment && ofMercadoPago(hash(id, requestId ?? "", signature), payment);
  if (!notice) return ignored(call, "mercado-pago");
  await take(call, "mercado-pago", notice, signature);
  return TAKEN;
}

/** Events of other types, and payments that no booking of ours began. */
function ignored({ log }, provider) {
  log.info("ignored", { provider });
  return TAKEN;
}

/**
 * @param {(secret: string) => boolean} signed
 * @throws {Problem} 401; a secret that was just renewed is read again first
 */
async function demandSigned({ parts }, name, signed) {
  for (const fresh of [false, true]) {
    const { signing_secret: value } = await secret(name, { fresh, environment: parts.environment });
    if (!value) throw new Error(`the secret of ${name}_SECRET holds no 'signing_secret'`);
    if (signed(value)) return;
  }
  throw new Problem("bad-signature", "the signature is missing, wrong, or too old");
}

/** @returns {Promise<object | undefined>} the payment as Mercado Pago tells it; none for an id that it does not know, such as that of a simulated notice */
async function paymentOf({ parts }, id) {
  const { access_token: token } = await secret("MERCADO_PAGO", { environment: parts.environment });
  const url = `${parts.environment.MERCADO_PAGO_URL || MERCADO_PAGO_ADDRESS}/v1/payments/${id}`;
  let answer;
  try {
    answer = await request(url, { headers: { authorization: `Bearer ${token}` } });
  } catch (error) {
    if (error instanceof Unsent || error instanceof Unanswered) throw unavailable(error);
    throw error;
  }
  if (answer.status === 404) return undefined;
  if (answer.status !== 200) throw unavailable(new Error(`Mercado Pago answered ${answer.status} for a payment`));
  return answer.body;
}

function unavailable(cause) {
  return new Problem("unavailable", "Mercado Pago does not tell about the payment; send the notice again", { cause, headers: { "retry-after": "60" } });
}
