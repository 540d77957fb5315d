/**
 * A request to somebody else's API, and what may be concluded from how it ended.
 *
 * Whoever sends messages must know not only whether a request failed, but whether it can have had its effect all the same:
 * `Unsent` cannot, `Unanswered` may.
 */

/** The request did not leave: no connection came about. */
export class Unsent extends Error {}

/** The request left and no answer came back, so nobody here knows what became of it. */
export class Unanswered extends Error {}

/** Codes of errors before a single byte of the request was written. */
const BEFORE_SENDING = new Set([
  "ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "UND_ERR_CONNECT_TIMEOUT",
  "CERT_HAS_EXPIRED", "ERR_TLS_CERT_ALTNAME_INVALID", "UNABLE_TO_VERIFY_LEAF_SIGNATURE", "SELF_SIGNED_CERT_IN_CHAIN",
]);

/** How long an answer is waited for, in milliseconds. */
export const ANSWER_MS = 10_000;

/**
 * Sends it and reads the answer as JSON where it is that.
 *
 * @param {string} url
 * @param {{method?: string, headers?: Record<string, string>, body?: string, timeout?: number}} [options]
 * @returns {Promise<{status: number, headers: Headers, body: any}>} `body` is a text when the answer is no JSON
 * @throws {Unsent} when no connection came about
 * @throws {Unanswered} when the answer stayed out
 */
export async function request(url, { method = "GET", headers = {}, body, timeout = ANSWER_MS } = {}) {
  try {
    const answer = await fetch(url, {
      method,
      body,
      redirect: "error",
      // A kept connection may have been closed by the other side while the function was frozen; what was then written would be in doubt.
      headers: { ...headers, connection: "close" },
      signal: AbortSignal.timeout(timeout),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: parsed(text) };
  } catch (error) {
    const code = error.cause?.code ?? error.code ?? error.name;
    // The address holds tokens with some providers: only the code is told.
    throw BEFORE_SENDING.has(code) ? new Unsent(`no connection (${code})`) : new Unanswered(`no answer (${code})`);
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
