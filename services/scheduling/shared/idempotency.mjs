/**
 * The same request twice has one effect: its answer is kept by the caller's key, in the same transaction as the effect.
 * https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */

import { customerIndex, hash, keys } from "./keys.mjs";
import { Problem, invalid } from "./problem.mjs";
import { header } from "./request.mjs";
import { retained } from "./retention.mjs";
import { Refused, writes } from "./store.mjs";

const NAME = "idempotency";
const KEY = /^[A-Za-z0-9_-]{16,64}$/;

/**
 * Do the work, unless the key's request was done before: then give the answer of that time.
 *
 * @param {object} call see http.mjs
 * @param {object} body what the key must belong to
 * @param {(keep: (answer: object, customer: string) => object[]) => Promise<object>} work returns the answer; the writes that `keep` makes
 *   of it go into its transaction
 * @throws {Problem} 422 when the key came with another request
 */
export async function once(call, body, work) {
  const key = header(call.event, "idempotency-key");
  if (key === undefined) return work(() => []);
  if (!KEY.test(key)) throw invalid([{ pointer: "Idempotency-Key", detail: "must have 16 to 64 letters, digits, hyphens or underscores" }]);
  const { parts, principal, store } = call;
  const place = keys.idempotency(principal.tenant, principal.user, call.operation, key);
  const fingerprint = hash(call.version, call.params, body);
  const known = await store.get(place);
  if (known) return again(known, fingerprint);
  const keep = (answer, customer) => [
    writes.put(
      {
        ...place,
        gsi1pk: customerIndex(principal.tenant, customer),
        gsi1sk: `I#${place.pk}`,
        tenant: principal.tenant,
        ...retained("idempotency", parts.now(), parts.environment),
        type: "idempotency",
        fingerprint,
        answer,
      },
      { name: NAME, ifNew: store.seconds() },
    ),
  ];
  try {
    return await work(keep);
  } catch (error) {
    if (!(error instanceof Refused || error instanceof Problem)) throw error;
    // The same request at the same time may have won, and look like a conflict from here.
    const other = await store.get(place);
    if (other) return again(other, fingerprint);
    throw error;
  }
}

function again(item, fingerprint) {
  if (item.fingerprint !== fingerprint) {
    throw new Problem(
      "idempotency-key-reused",
      "the Idempotency-Key came with a different request before; use a new key for a new request",
    );
  }
  return { ...item.answer, headers: { ...item.answer.headers, "idempotent-replayed": "true" } };
}
