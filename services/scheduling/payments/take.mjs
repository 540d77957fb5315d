/**
 * Takes a notice: marks the event as processed and changes the booking's payment in one transaction, so that neither is ever without the other.
 */

import { notErased } from "../shared/erased.mjs";
import { hash, keys } from "../shared/keys.mjs";
import { Problem } from "../shared/problem.mjs";
import { retained } from "../shared/retention.mjs";
import { Refused, writes } from "../shared/store.mjs";
import { follows } from "./notices.mjs";

const ATTEMPTS = 5;

/**
 * @param {object} call see ../shared/http.mjs
 * @param {string} provider
 * @param {object} notice see notices.mjs
 * @param {string} signature of the delivery: each attempt of a provider has its own
 * @returns {Promise<boolean>} false when the event was taken before and its provider sends it again, since our answer did not reach it
 * @throws {Problem} 409 for the very same delivery a second time, which no provider makes; 503 when others kept changing the booking
 */
export async function take(call, provider, notice, signature) {
  const { log, store } = call;
  const delivery = hash(signature);
  for (let attempt = 1; ; attempt++) {
    const booking = await store.get(keys.booking(notice.tenant, notice.booking));
    const about = { provider, event: notice.event, booking: notice.booking, state: notice.state };
    if (!booking) log.error("a payment of no booking that there is", about);
    const changes = booking !== undefined && follows(notice.state, booking.payment?.state);
    if (booking && !changes) log.warn("a payment's event came late", { ...about, before: booking.payment.state });
    try {
      await store.transact([seen(call, provider, notice, delivery), ...(changes ? change(call, provider, notice, booking) : [])]);
      log.info("payment", about);
      return true;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.has("event")) return again(error.failed.get("event"), delivery);
      // The person was erased meanwhile, or the booking changed: both are seen by reading again.
      if (attempt === ATTEMPTS) throw new Problem("unavailable", "the booking kept changing; send the event again", { cause: error });
    }
  }
}

function seen({ parts, store }, provider, notice, delivery) {
  const now = parts.now();
  const item = {
    ...keys.webhook(provider, notice.event),
    ...retained("webhook", now, parts.environment),
    type: "webhook",
    tenant: notice.tenant,
    delivery,
    at: now.toISOString(),
  };
  return writes.put(item, { name: "event", ifNew: store.seconds() });
}

/** The booking with its payment, at the version that was read: whoever changes the booking at the same time reads it again. */
function change({ parts }, provider, notice, booking) {
  const { state, amount, currency, reference } = notice;
  const payment = { provider, state, amount, currency, reference, at: parts.now().toISOString() };
  const item = { ...booking, payment, version: booking.version + 1 };
  return [writes.replace(item, booking.version, "booking"), ...(booking.customer ? [notErased(booking.tenant, booking.customer)] : [])];
}

function again(item, delivery) {
  const before = typeof item?.delivery === "object" ? item.delivery.S : item?.delivery;
  if (before === delivery) throw new Problem("replayed", "this delivery was taken before");
  return false;
}
