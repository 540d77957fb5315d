/**
 * Calls a function as Lambda does, for running it without AWS: `node front/invoke.mjs payments/handler.mjs`.
 *
 * It reads one event in JSON from each line of its input, and writes each answer as one line: `{ "answer" }` or `{ "error" }`. What the
 * function logs goes to the error output. It ends with its input.
 */

import { createInterface } from "node:readline";

console.log = console.error;
const { handle } = await import(`../${process.argv[2]}`);
const timeoutMs = Number(process.env.FUNCTION_TIMEOUT_SECONDS ?? 60) * 1000;

for await (const line of createInterface({ input: process.stdin })) {
  const until = Date.now() + timeoutMs;
  const result = await Promise.resolve(handle(JSON.parse(line), { getRemainingTimeInMillis: () => until - Date.now() })).then(
    (answer) => ({ answer }),
    (error) => ({ error: error.message }),
  );
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
