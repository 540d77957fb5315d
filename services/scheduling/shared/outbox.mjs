/**
 * Jobs for the queue, without loss: a job is an item of the transaction of the change that it tells of; the stream's function sends it.
 *
 * Guarantee: a job is on the queue at least once if, and only if, its transaction was committed. The stream repeats a record until it was
 * handled; should it give up, the item is still there and a sweep finds it. Twice on the queue is possible, twice sent is not: the worker
 * keeps ids of jobs (`keys.sent`). https://microservices.io/patterns/data/transactional-outbox.html
 */

import { isErased } from "./erased.mjs";
import { OUTBOX_SHARDS, customerIndex, keys } from "./keys.mjs";
import { writes } from "./store.mjs";
import { iso } from "./validate.mjs";

/** A job that waits longer than this was forgotten by the stream. */
export const FORGOTTEN_SECONDS = 300;

/**
 * The write that makes a job wait to be sent.
 *
 * @param {{id: string, tenant: string, customer: string, kind: "whatsapp" | "mail", to: string, template: string, language: string,
 *   values: object, booking: string}} job
 * @param {Date} at
 */
export function outboxWrite(job, at) {
  const time = iso(at);
  return writes.put({
    ...keys.outbox(job.id, time),
    gsi1pk: customerIndex(job.tenant, job.customer),
    gsi1sk: `O#${time}#${job.id}`,
    tenant: job.tenant,
    // Without an end: what waits to be sent must not expire unsent.
    class: "message",
    type: "outbox",
    job,
  });
}

/** Put the job on the queue, then forget that it waits. Repeating it is harmless. */
export async function dispatch(parts, item) {
  const { job } = item;
  if (!(await isErased(parts.store, job.tenant, job.customer))) {
    const [{ SendMessageCommand }, sqs] = await Promise.all([import("@aws-sdk/client-sqs"), parts.sqs()]);
    await sqs.send(new SendMessageCommand({ QueueUrl: parts.variable("JOBS_QUEUE_URL"), MessageBody: JSON.stringify(job) }));
  }
  await parts.store.delete(item);
}

/** Send what the stream forgot. @returns {Promise<number>} how many jobs that were */
export async function sweep(parts) {
  const until = iso(parts.now().getTime() - FORGOTTEN_SECONDS * 1000);
  let sent = 0;
  for (let shard = 0; shard < OUTBOX_SHARDS; shard++) {
    for await (const item of parts.store.all(`O#${shard}`, { from: "0", to: `${until}~` })) {
      await dispatch(parts, item);
      sent++;
    }
  }
  return sent;
}
