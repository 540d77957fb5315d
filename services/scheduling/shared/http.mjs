/**
 * A handler of routes: finds the route's function, gives it what the request says, and turns whatever happens into one answer.
 */

import { parts as makeParts } from "./parts.mjs";
import { Problem } from "./problem.mjs";
import { header, principalOf } from "./request.mjs";
import { Refused } from "./store.mjs";

const VERSION = /^\/(v\d+)(?=\/)/;
const COMMON = { "cache-control": "no-store", "x-content-type-options": "nosniff" };

/** @returns an answer of a route; without a body when there is none */
export function reply(status, body, headers = {}) {
  return { status, body, headers };
}

/**
 * What a route's function is given.
 *
 * @typedef {object} Call
 * @property {object} event as API Gateway sent it
 * @property {string} version "v1" or "v2", from the path
 * @property {string} operation such as "POST /bookings"
 * @property {object} params of the path
 * @property {object} query each once
 * @property {ReturnType<typeof principalOf>} principal read when first used, so that public routes need no token
 * @property {string} requestId
 * @property {() => number} remaining milliseconds until the function is ended
 * @property {object} parts see parts.mjs
 * @property {object} store see store.mjs
 * @property {object} log
 */

/**
 * A Lambda handler for a REST API's proxy integration.
 *
 * @param {string} name the function's
 * @param {Record<string, (call: Call) => Promise<object>>} routes by method and path without its version: "GET /bookings/{bookingId}"
 * @param {object} given replacements of parts, for tests
 */
export function api(name, routes, given = {}) {
  const parts = makeParts(name, given);
  return async (event, context = {}) => {
    const requestId = event.requestContext?.requestId ?? parts.newId();
    const log = parts.log.with({ request: requestId });
    const began = parts.now().getTime();
    let call;
    let answer;
    try {
      call = callOf(event, context, requestId, parts, log);
      const route = Object.hasOwn(routes, call.operation) ? routes[call.operation] : undefined;
      if (!route) throw new Problem("not-found", "there is no such route");
      answer = await route(call);
    } catch (error) {
      answer = told(error, requestId, log);
    }
    log.info("answered", { operation: call?.operation, version: call?.version, status: answer.status, ms: parts.now().getTime() - began });
    return written(answer, event, requestId, parts.environment);
  };
}

function callOf(event, context, requestId, parts, log) {
  const resource = event.resource ?? event.requestContext?.resourcePath ?? "";
  let principal;
  return {
    event,
    requestId,
    parts,
    log,
    store: parts.store,
    version: VERSION.exec(resource)?.[1] ?? "v1",
    operation: `${event.httpMethod} ${resource.replace(VERSION, "")}`,
    params: event.pathParameters ?? {},
    query: event.queryStringParameters ?? {},
    remaining: () => context.getRemainingTimeInMillis?.() ?? 29_000,
    get principal() {
      return (principal ??= principalOf(event));
    },
  };
}

/** The answer to an error. What the program did not foresee is told to the log alone. */
function told(thrown, requestId, log) {
  // Conditions that no route explains: others changed the same things meanwhile.
  const busy = { headers: { "retry-after": "1" }, cause: thrown };
  const error = thrown instanceof Refused ? new Problem("unavailable", "others changed the same meanwhile; try again", busy) : thrown;
  if (error instanceof Problem) {
    if (error.status >= 500) log.error("problem", { kind: error.kind, cause: error.cause });
    return { status: error.status, problem: error.document(requestId), headers: error.headers };
  }
  log.error("failed", { error });
  const unforeseen = new Problem("internal", "the request could not be answered; its id is in `instance`");
  return { status: 500, problem: unforeseen.document(requestId), headers: {} };
}

function written({ status, body, problem, headers }, event, requestId, environment) {
  const content = problem ?? body;
  const type = problem
    ? { "content-type": "application/problem+json" }
    : content === undefined
      ? {}
      : { "content-type": "application/json" };
  return {
    statusCode: status,
    headers: { ...COMMON, "x-request-id": requestId, ...type, ...origin(event, environment), ...headers },
    body: content === undefined ? "" : JSON.stringify(content),
    isBase64Encoded: false,
  };
}

/**
 * With a proxy integration the function itself answers for CORS.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-cors.html
 */
function origin(event, environment) {
  const asked = header(event, "origin");
  const allowed = (environment.ALLOWED_ORIGINS ?? "").split(",").filter(Boolean);
  if (!asked || !allowed.length) return {};
  const exposed = { "access-control-expose-headers": "ETag, Location, Retry-After, X-Request-Id" };
  return { vary: "Origin", ...(allowed.includes(asked) ? { "access-control-allow-origin": asked, ...exposed } : {}) };
}
