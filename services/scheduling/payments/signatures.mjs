/**
 * Signatures of webhooks, by each provider's documented scheme: HMAC-SHA256 in hexadecimal over what was sent and when.
 *
 * - Stripe: `Stripe-Signature: t=<seconds>,v1=<hex>[,v1=<hex>]` over `<t>.<body>`, the body byte for byte; several while a secret is renewed.
 *   https://docs.stripe.com/webhooks#verify-manually
 * - Mercado Pago: `x-signature: ts=<time>,v1=<hex>` over `id:<data.id>;request-id:<x-request-id>;ts:<ts>;`, without what was not sent. The body
 *   is not signed. https://www.mercadopago.com.br/developers/en/docs/your-integrations/notifications/webhooks
 */

import { createHmac, timingSafeEqual } from "node:crypto";

/** Seconds that a delivery of Stripe may be old; each attempt is signed anew. */
export const STRIPE_TOLERANCE_SECONDS = 300;
/** Mercado Pago documents none, and does not say that it signs attempts anew: a day holds its repetitions, and processed ones are known for longer. */
export const MERCADO_PAGO_TOLERANCE_SECONDS = 86_400;

const LONGEST = 1024;

/**
 * @param {{header: string | undefined, body: Buffer, secret: string, now: number}} given `now` in milliseconds since 1970
 * @returns {boolean} whether Stripe signed this body with the secret, within the tolerance
 */
export function stripeSigned({ header, body, secret, now }) {
  const parts = partsOf(header);
  const [time] = parts.get("t") ?? [];
  if (!/^\d{1,12}$/.test(time ?? "") || Math.abs(now / 1000 - Number(time)) > STRIPE_TOLERANCE_SECONDS) return false;
  const expected = hmac(secret, `${time}.`, body);
  return (parts.get("v1") ?? []).some((signature) => same(expected, signature));
}

/**
 * @param {{header: string | undefined, id: string, requestId: string | undefined, secret: string, now: number}} given
 * @returns {boolean} whether Mercado Pago signed this id with the secret, within the tolerance
 */
export function mercadoPagoSigned({ header, id, requestId, secret, now }) {
  const parts = partsOf(header);
  const [time] = parts.get("ts") ?? [];
  if (!/^\d{1,16}$/.test(time ?? "") || Math.abs(now - milliseconds(time)) > MERCADO_PAGO_TOLERANCE_SECONDS * 1000) return false;
  // The documentation has the id in lower case, its own SDKs as it came (since June 2026): ids of payments are numbers, those of orders are not.
  return [...new Set([id, id.toLowerCase()])].some((each) => {
    const expected = hmac(secret, manifest({ id: each, requestId, time }));
    return (parts.get("v1") ?? []).some((signature) => same(expected, signature));
  });
}

/** What Mercado Pago signs. */
export function manifest({ id, requestId, time }) {
  return [id && `id:${id};`, requestId && `request-id:${requestId};`, `ts:${time};`].filter(Boolean).join("");
}

/** Documented in seconds, and seen in milliseconds. */
function milliseconds(time) {
  return time.length > 11 ? Number(time) : Number(time) * 1000;
}

/** Names of a header such as `t=1,v1=a,v1=b` to their values. */
function partsOf(header) {
  const found = new Map();
  if (typeof header !== "string" || header.length > LONGEST) return found;
  for (const part of header.split(",")) {
    const [name, value] = [part.slice(0, part.indexOf("=")).trim(), part.slice(part.indexOf("=") + 1).trim()];
    found.set(name, [...(found.get(name) ?? []), value]);
  }
  return found;
}

function hmac(secret, ...content) {
  const made = createHmac("sha256", secret);
  for (const each of content) made.update(each);
  return made.digest();
}

/** In constant time; of whatever else than 32 bytes in hexadecimal, false. */
function same(expected, signature) {
  return /^[0-9a-f]{64}$/i.test(signature) && timingSafeEqual(expected, Buffer.from(signature, "hex"));
}
