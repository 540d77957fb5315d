/**
 * A job as it lies in the queue: who is to be told what, in which language, by which way.
 *
 * `{ "id", "tenant", "customer", "kind": "whatsapp" | "mail", "to", "template", "language", "values", "booking" }`
 */

import { Problem } from "../shared/problem.mjs";
import * as is from "../shared/validate.mjs";
import { TemplateError, render } from "./templates.mjs";

const MOST_VALUES = 30;

const FIELDS = {
  id: is.identifier(),
  tenant: is.text({ max: 63, pattern: /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, what: "a tenant's name" }),
  customer: is.identifier(),
  kind: is.oneOf("whatsapp", "mail"),
  to: is.text({ max: 254 }),
  template: is.text({ max: 64 }),
  language: is.text({ max: 35, pattern: /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, what: "a language tag such as pt-BR" }),
  values: plainValues,
  booking: is.optional(is.identifier()),
};

const ADDRESS = { whatsapp: is.phone(), mail: is.email() };

/** The job will be as wrong the next time: it is parked at once. The message says why, without what was given. */
export class MalformedJob extends Error {}

/**
 * The job of a message of the queue, with the message it asks for already written.
 *
 * @param {string} body of the queue's message
 * @returns {{job: object, message: ReturnType<typeof render>}}
 * @throws {MalformedJob}
 */
export function read(body) {
  try {
    const job = is.readFields(JSON.parse(body), FIELDS);
    is.readFields({ to: job.to }, { to: ADDRESS[job.kind] });
    return { job, message: render(job.template, job.language, job.values) };
  } catch (error) {
    if (error instanceof SyntaxError) throw new MalformedJob("malformed: it is not JSON");
    if (error instanceof TemplateError || error instanceof Problem) throw new MalformedJob(`malformed: ${error.message}`);
    throw error;
  }
}

function plainValues(value) {
  const entries = typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : undefined;
  const plain = entries?.length <= MOST_VALUES && entries.every(([, each]) => typeof each === "string" || typeof each === "number");
  // The reader of `object` tells a field's errors by the errors of the readers it has: one of them is asked to refuse.
  if (!plain) return is.oneOf(`an object of at most ${MOST_VALUES} strings and numbers`)(value);
  return value;
}
