/**
 * A local front of the handlers, for developers and contract tests: it serves the contract over HTTP as API Gateway would, and is never
 * shipped. Tokens are not verified, so it listens on loopback alone.
 *
 *   node services/scheduling/front/server.mjs contract.json [port]
 *
 * contract.json maps a version to its document: {"v1": {...}, "v2": {...}}. The first line it writes is {"port": <port>}.
 */

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";

import { LARGEST_BODY, Refusal, admit, routesOf } from "./gateway.mjs";

const HOST = "127.0.0.1";
const LONGEST_ANSWER_MS = 29_000;

/**
 * @param {Record<string, object>} documents the contract
 * @param {(name: string) => Promise<(event: object, context: object) => Promise<object>>} handlerOf a value of x-function to its handler
 * @returns {import("node:http").Server}
 */
export function front(documents, handlerOf) {
  const routes = routesOf(documents);
  return createServer(async (request, response) => {
    try {
      const { route, event } = admit(routes, request, await bodyOf(request));
      const handler = await handlerOf(route.operation["x-function"]);
      send(response, await handler(event, contextOf(event)));
    } catch (error) {
      if (!(error instanceof Refusal)) console.error(error);
      refuse(response, error instanceof Refusal ? error : new Refusal(500, "internal", "The service failed", "The function did not answer"));
    }
  });
}

async function bodyOf(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    // What is too large is read to its end, so that the caller hears the answer.
    if (size <= LARGEST_BODY + 1) chunks.push(chunk);
  }
  return size > LARGEST_BODY ? Buffer.alloc(LARGEST_BODY + 1) : Buffer.concat(chunks);
}

function contextOf(event) {
  const ends = Date.now() + LONGEST_ANSWER_MS;
  return { awsRequestId: event.requestContext.requestId, functionName: "local", getRemainingTimeInMillis: () => ends - Date.now() };
}

function send(response, answer) {
  if (!Number.isInteger(answer?.statusCode)) throw new Error("a proxy integration must answer with a statusCode");
  const body = Buffer.from(answer.body ?? "", answer.isBase64Encoded ? "base64" : "utf8");
  response.writeHead(answer.statusCode, { ...answer.headers, ...answer.multiValueHeaders });
  response.end(body);
}

function refuse(response, refusal) {
  if (response.headersSent) return response.destroy();
  const problem = { type: `urn:morefocus:problem:${refusal.kind}`, title: refusal.title, status: refusal.status, detail: refusal.message };
  const challenge = refusal.status === 401 ? { "www-authenticate": "Bearer" } : {};
  response.writeHead(refusal.status, { "content-type": "application/problem+json", "cache-control": "no-store", ...challenge });
  return response.end(JSON.stringify(problem));
}

async function main([file, port = "0"]) {
  // What functions log goes to the error output: nobody may read the other one after its first line.
  console.log = console.error;
  const documents = JSON.parse(await readFile(file, "utf8"));
  const handlerOf = async (name) => (await import(new URL(`../${name}/handler.mjs`, import.meta.url))).handle;
  const server = front(documents, handlerOf);
  server.listen(Number(port), HOST, () => process.stdout.write(`${JSON.stringify({ port: server.address().port })}\n`));
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => server.close(() => process.exit(0)) && server.closeAllConnections());
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main(process.argv.slice(2));
