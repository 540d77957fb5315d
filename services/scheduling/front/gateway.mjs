/**
 * What API Gateway does with a request before a function sees it: finds the route, checks token, key, parameters and body, and makes the event.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */

import { randomUUID } from "node:crypto";

import { faults, resolve } from "./schema.mjs";

const METHODS = ["get", "head", "post", "put", "patch", "delete", "options"];
export const BASE_PATH = "/api";
const STAGE = "live";
export const LARGEST_BODY = 10 * 1024 * 1024;

/** A request that no function sees. */
export class Refusal extends Error {
  constructor(status, kind, title, detail) {
    super(detail);
    Object.assign(this, { status, kind, title });
  }
}

const invalid = (detail) => new Refusal(400, "invalid-request", "The request is not valid", detail);
const forbidden = (detail) => new Refusal(403, "forbidden", "The identity may not do this", detail);
const missing = () => new Refusal(404, "not-found", "There is no such thing", "The API has no such route");
const unknown = (detail) => new Refusal(401, "unauthenticated", "The request carries no valid identity", detail);

/** @param {Record<string, object>} documents version to document @returns {object[]} every route, those without parameters first */
export function routesOf(documents) {
  const routes = Object.entries(documents).flatMap(([version, document]) =>
    Object.entries(document.paths).flatMap(([path, item]) =>
      METHODS.filter((method) => item[method]).map((method) => routeOf(version, document, path, item, method)),
    ),
  );
  return routes.sort((one, other) => one.names.length - other.names.length);
}

function routeOf(version, document, path, item, method) {
  const operation = item[method];
  const schemes = document.components.securitySchemes;
  const ways = operation.security ?? document.security ?? [];
  const ofType = (type) => ways.flatMap((way) => Object.keys(way).filter((name) => schemes[name].type === type));
  const resource = `/${version}${path}`;
  const body = operation.requestBody && resolve(document, operation.requestBody).content;
  return {
    document,
    resource,
    operation,
    body,
    method: method.toUpperCase(),
    names: [...resource.matchAll(/\{(\w+)\}/g)].map((match) => match[1]),
    pattern: new RegExp(`^${resource.replace(/[.]/g, "\\.").replace(/\{\w+\}/g, "([^/]+)")}$`),
    parameters: [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((each) => resolve(document, each)),
    scopes: ofType("oauth2").length ? ways.flatMap((way) => ofType("oauth2").flatMap((name) => way[name] ?? [])) : undefined,
    needsKey: ofType("apiKey").length > 0,
  };
}

/** @returns {{route: object, event: object}} @throws {Refusal} what API Gateway itself would answer */
export function admit(routes, request, body) {
  const url = new URL(request.url, "http://localhost");
  if (!url.pathname.startsWith(`${BASE_PATH}/`)) throw missing();
  const path = url.pathname.slice(BASE_PATH.length);
  const route = routes.find((each) => each.method === request.method && each.pattern.test(path));
  if (!route) throw missing();
  if (body.length > LARGEST_BODY) throw new Refusal(413, "too-large", "The request is too large", "A body has at most 10 MB");
  const claims = route.scopes && claimsOf(request.headers.authorization, route.scopes);
  if (route.needsKey && !request.headers["x-api-key"]) throw forbidden("Send the key of the client in X-API-Key");
  const event = eventOf(route, request, url, path, body, claims);
  checkParameters(route, event);
  if (route.operation["x-request-validation"] === "all") checkBody(route, event);
  return { route, event };
}

/** Tokens are read and not verified: only the cloud has the keys. */
function claimsOf(authorization, scopes) {
  const token = /^Bearer ([^.\s]+)\.([^.\s]+)\.([^.\s]*)$/.exec(authorization ?? "")?.[2];
  if (!token) throw unknown("Sign in, and send the token");
  let claims;
  try {
    claims = JSON.parse(Buffer.from(token, "base64url").toString());
  } catch {
    throw unknown("The token is none");
  }
  if (claims.exp !== undefined && claims.exp * 1000 <= Date.now()) throw unknown("The token has expired: refresh it");
  const given = String(claims.scope ?? "").split(" ");
  if (!scopes.some((scope) => given.includes(scope))) throw unknown("The token has none of the scopes that this takes");
  // API Gateway hands claims on as text; a list becomes its items between commas.
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, Array.isArray(value) ? value.join(",") : String(value)]));
}

function eventOf(route, request, url, path, body, claims) {
  const values = route.pattern.exec(path).slice(1);
  let pathParameters;
  try {
    pathParameters = Object.fromEntries(route.names.map((name, index) => [name, decodeURIComponent(values[index])]));
  } catch {
    throw invalid("The path is not encoded as it should be");
  }
  const many = {};
  for (const [name, value] of url.searchParams) (many[name] ??= []).push(value);
  const lists = {};
  for (let index = 0; index < request.rawHeaders.length; index += 2) (lists[request.rawHeaders[index]] ??= []).push(request.rawHeaders[index + 1]);
  const last = (each) => Object.fromEntries(Object.entries(each).map(([name, list]) => [name, list.at(-1)]));
  const orNull = (each) => (Object.keys(each).length ? each : null);
  const text = body.length ? body.toString("utf8") : null;
  const requestId = randomUUID();
  return {
    resource: route.resource,
    path: url.pathname,
    httpMethod: route.method,
    headers: orNull(last(lists)),
    multiValueHeaders: orNull(lists),
    queryStringParameters: orNull(last(many)),
    multiValueQueryStringParameters: orNull(many),
    pathParameters: orNull(pathParameters),
    stageVariables: null,
    requestContext: {
      resourcePath: route.resource,
      operationName: route.operation.operationId,
      httpMethod: route.method,
      path: url.pathname,
      protocol: "HTTP/1.1",
      stage: STAGE,
      requestId,
      extendedRequestId: requestId,
      requestTimeEpoch: Date.now(),
      domainName: "localhost",
      apiId: "local",
      accountId: "123456789012",
      identity: { sourceIp: "127.0.0.1", userAgent: request.headers["user-agent"] ?? null },
      ...(claims ? { authorizer: { claims } } : {}),
    },
    body: text,
    isBase64Encoded: false,
  };
}

/** As the validator of API Gateway: required ones must be there and not blank; what they may be is the function's to check. */
function checkParameters(route, event) {
  const places = { path: event.pathParameters ?? {}, query: event.queryStringParameters ?? {}, header: event.headers ?? {} };
  const absent = route.parameters
    .filter((each) => each.required)
    .filter((each) => {
      const wanted = each.in === "header" ? each.name.toLowerCase() : each.name;
      const found = Object.entries(places[each.in]).find(([name]) => (each.in === "header" ? name.toLowerCase() : name) === wanted);
      return !found?.[1]?.trim();
    })
    .map((each) => each.name);
  if (absent.length) throw invalid(`Missing required request parameters: [${absent.join(", ")}]`);
}

/** A body of another media type is not checked here: the function refuses it. */
function checkBody(route, event) {
  const header = Object.entries(event.headers ?? {}).find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "application/json";
  const content = route.body[header.split(";")[0].trim().toLowerCase()];
  if (!content) return;
  let value;
  try {
    value = JSON.parse(event.body ?? "");
  } catch {
    throw invalid("Invalid request body: it is not JSON");
  }
  const found = faults(route.document, content.schema, value);
  if (found.length) throw invalid(`Invalid request body: ${found.slice(0, 10).join("; ")}`.slice(0, 2000));
}
