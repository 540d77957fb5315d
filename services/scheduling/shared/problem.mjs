/**
 * Errors as problem documents (RFC 9457): what was given, what is allowed, what to do.
 * https://www.rfc-editor.org/rfc/rfc9457
 */

const KINDS = {
  "invalid-request": [400, "The request is not valid"],
  unauthenticated: [401, "The request carries no valid identity"],
  "bad-signature": [401, "The signature is not valid"],
  forbidden: [403, "The identity may not do this"],
  "not-found": [404, "There is no such thing"],
  conflict: [409, "The request does not fit the present state"],
  "slot-taken": [409, "The time is taken"],
  replayed: [409, "The notice was taken before"],
  gone: [410, "The person was erased"],
  "version-mismatch": [412, "The thing was changed meanwhile"],
  "too-large": [413, "The request is too large"],
  "unsupported-media-type": [415, "The media type is not supported"],
  "in-the-past": [422, "The time has passed"],
  unprocessable: [422, "The request cannot be done"],
  "idempotency-key-reused": [422, "The idempotency key belongs to another request"],
  "precondition-required": [428, "The request must say which version it changes"],
  "too-many-requests": [429, "Too many requests"],
  internal: [500, "The service failed"],
  unavailable: [503, "The service cannot answer now"],
};

/** The prefix of `type`: names, no addresses, so that nothing needs to answer there. */
export const TYPE_PREFIX = "urn:morefocus:problem:";

/** One error that a caller is told of. `kind` is a key of KINDS; an unknown one is a fault of the program. */
export class Problem extends Error {
  /**
   * @param {string} kind such as "slot-taken"
   * @param {string} detail for people; without personal data, since it is logged
   * @param {{errors?: {pointer: string, detail: string}[], headers?: Record<string, string>, cause?: unknown}} more
   *   `pointer` is a JSON pointer fragment ("#/customer/email"), or the name of a header or parameter
   */
  constructor(kind, detail, { errors, headers = {}, cause } = {}) {
    super(detail, { cause });
    if (!(kind in KINDS)) throw new TypeError(`no kind of problem is called ${kind}; there are ${Object.keys(KINDS).join(", ")}`);
    [this.status, this.title] = KINDS[kind];
    this.name = "Problem";
    this.kind = kind;
    this.detail = detail;
    this.errors = errors;
    this.headers = headers;
  }

  /** The document; `instance` is the request's id, by which its log lines are found. */
  document(requestId) {
    const made = { type: TYPE_PREFIX + this.kind, title: this.title, status: this.status, detail: this.detail };
    if (requestId) made.instance = `urn:request:${requestId}`;
    if (this.errors?.length) made.errors = this.errors;
    return made;
  }
}

/** A 400 that names each wrong field. */
export function invalid(errors) {
  const names = errors.map((each) => `${each.pointer}: ${each.detail}`).join("; ");
  return new Problem("invalid-request", names.slice(0, 2000), { errors });
}
