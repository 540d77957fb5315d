/**
 * What a request says: its identity (from the claims of its token alone), its body, its headers.
 * Events are those of a REST API's Lambda proxy integration:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */

import { Problem } from "./problem.mjs";

const ROLES = ["owner", "staff", "customer"];
const NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const SUBJECT = /^[A-Za-z0-9_-]{1,128}$/;
/** Bytes of a body that are read at most; API Gateway itself would let 10 MB through. */
export const BODY_LIMIT = 64 * 1024;

/**
 * Who asks. A path or a body never says which tenant: only the token does (SCH-7).
 *
 * @returns {{tenant: string, user: string, roles: string[], staff: boolean, claims: object}}
 *   `staff` is true for owners too; someone with no role but "customer" acts for themself alone
 * @throws {Problem} 401 without claims, 403 without a tenant or a role
 */
export function principalOf(event) {
  const claims = event.requestContext?.authorizer?.claims;
  if (!claims || !SUBJECT.test(claims.sub ?? "")) throw new Problem("unauthenticated", "a token of the user pool is needed");
  const tenant = claims.tenant ?? claims["custom:tenant"];
  if (typeof tenant !== "string" || !NAME.test(tenant)) throw new Problem("forbidden", "the token names no tenant");
  const roles = groupsOf(claims).filter((each) => ROLES.includes(each));
  if (!roles.length) throw new Problem("forbidden", `the user has none of the roles ${ROLES.join(", ")}`);
  return { tenant, user: claims.sub, roles, staff: roles.some((each) => each !== "customer"), claims };
}

/** REST APIs give a list claim as text: "owner,staff", or "[owner staff]". */
function groupsOf(claims) {
  const given = claims["cognito:groups"] ?? [];
  return Array.isArray(given)
    ? given
    : String(given)
        .replace(/^\[|\]$/g, "")
        .split(/[\s,]+/);
}

/** @throws {Problem} 403 unless the caller has one of the roles */
export function demand(principal, ...roles) {
  if (!principal.roles.some((each) => roles.includes(each))) throw new Problem("forbidden", `only ${roles.join(" or ")} may do this`);
}

/** A header's value, whatever case the caller wrote its name in. */
export function header(event, name) {
  const wanted = name.toLowerCase();
  const found = Object.entries(event.headers ?? {}).find(([key]) => key.toLowerCase() === wanted);
  return found?.[1] ?? undefined;
}

/**
 * The body's bytes as they were sent: what a signature is made over.
 *
 * @returns {Buffer}
 * @throws {Problem} 413 beyond the limit
 */
export function bodyBytes(event, limit = BODY_LIMIT) {
  const given = event.body ?? "";
  // Four characters of base64 are three bytes: refused before they are decoded.
  const bytes = given.length > limit * 2 ? undefined : Buffer.from(given, event.isBase64Encoded ? "base64" : "utf8");
  if (!bytes || bytes.length > limit) throw new Problem("too-large", `a body may have ${limit} bytes`);
  return bytes;
}

/**
 * The body as a JSON object.
 *
 * @throws {Problem} 415 for another media type, 413 beyond the limit, 400 when it is not an object in JSON
 */
export function jsonBody(event, limit = BODY_LIMIT) {
  const type = (header(event, "content-type") ?? "").split(";")[0].trim().toLowerCase();
  if (type !== "application/json") {
    throw new Problem("unsupported-media-type", `send application/json (got ${type.slice(0, 80) || "no content type"})`);
  }
  const bytes = bodyBytes(event, limit);
  let read;
  try {
    read = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw new Problem("invalid-request", "the body is not JSON in UTF-8", {
      errors: [{ pointer: "#", detail: "must be JSON in UTF-8" }],
      cause: error,
    });
  }
  if (typeof read !== "object" || read === null || Array.isArray(read)) {
    throw new Problem("invalid-request", "the body is not a JSON object", { errors: [{ pointer: "#", detail: "must be an object" }] });
  }
  return read;
}
