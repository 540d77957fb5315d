/**
 * What became of one attempt to send, the same for every port.
 *
 * - `sent`: the provider took it; `id` is its own.
 * - `retry`: it surely did not, and may the next time.
 * - `later`: it asks for patience; trying again at once would only make it worse.
 * - `refused`: it never will.
 * - `unknown`: nobody knows. Sending again could be a second time.
 */

import { Unanswered, Unsent } from "../../shared/outgoing.mjs";

export const sent = (id) => ({ state: "sent", id: String(id) });
export const retry = (reason) => ({ state: "retry", reason });
export const later = (reason, seconds) => ({ state: "later", reason, seconds });
export const refused = (reason) => ({ state: "refused", reason });
export const unknown = (reason) => ({ state: "unknown", reason });

/** Seconds to wait when a provider limits without telling how long. */
export const PATIENCE_SECONDS = 60;

/** What an error of `request` means. */
export function ofError(error) {
  if (error instanceof Unsent) return retry(error.message);
  if (error instanceof Unanswered) return unknown(error.message);
  throw error;
}

/**
 * What a status code alone means, for answers that say no more.
 *
 * 502 and 504 come from something in between that lost patience: what stands behind it may have gone on.
 */
export function ofStatus({ status, headers }) {
  if (status === 429) return later(`limited (${status})`, waiting(headers));
  if (status === 502 || status === 504) return unknown(`a gateway gave up (${status})`);
  if (status >= 500) return retry(`failed (${status})`);
  // Credentials are renewed, and the next attempt reads them anew.
  if (status === 401 || status === 403) return retry(`not let in (${status})`);
  return refused(`refused (${status})`);
}

function waiting(headers) {
  const seconds = Number(headers?.get("retry-after"));
  return Number.isFinite(seconds) && seconds > 0 ? Math.ceil(seconds) : PATIENCE_SECONDS;
}
