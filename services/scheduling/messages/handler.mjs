/**
 * Worker of the jobs queue: sends WhatsApp messages and mail (SCH-4, SCH-6).
 *
 * Guarantee: every message is sent once, or lies in the dead-letter queue; none is lost, whenever the worker is killed. What it stands on:
 * - A message of the queue is acknowledged only after its end is on record: sent, put off as a copy, parked, or not to be sent at all.
 * - A job is sent by whoever holds its lease (`deliveries.mjs`), and the lease is longer than the function may live.
 * - A worker killed between the provider's answer and the record leaves a job in doubt. With a provider that can be asked (UltraMsg) the next
 *   worker asks. With the others it does not send again: the job is parked as `outcome unknown`, and sent again when somebody moves it back.
 *   So a doubt ends in the dead-letter queue and never in a second message; a kill leaves at most CONCURRENCY of them.
 * - What fails goes back to the queue, which parks it itself after its third delivery.
 */

import { randomUUID } from "node:crypto";

import { isMarked } from "../shared/addresses.mjs";
import { parts as makeParts } from "../shared/parts.mjs";
import { ANSWER_MS } from "../shared/outgoing.mjs";
import { secret } from "../shared/secrets.mjs";
import { withoutPersons } from "../shared/log.mjs";
import { ADOPTED, BUSY, DONE, Deliveries, ERASED } from "./deliveries.mjs";
import { MalformedJob, read } from "./jobs.mjs";
import { take } from "./limits.mjs";

import { portOf } from "./ports/index.mjs";
import { sent, unknown } from "./ports/outcome.mjs";
import { MOST_DEFERRALS, marksOf, park, putOff } from "./queue.mjs";

/** Jobs of a batch that are sent at a time. */
export const CONCURRENCY = 5;
/** What is left for writing down an answer, in milliseconds. */
const RESERVE_MS = 1_000;
/** Below this nothing is begun any more. */
const LEAST_MS = 2_000;

/** A message that comes back: not acknowledged, because its job has no end yet. */
class ComesBack extends Error {}

/**
 * A handler of batches of SQS.
 *
 * @param {object} given replacements of parts, for tests
 * @returns {(event: object, context?: object) => Promise<{batchItemFailures: {itemIdentifier: string}[]}>}
 *   https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function worker(given = {}) {
  const parts = makeParts("messages", given);
  const deliveries = new Deliveries(parts);
  return async (event, context = {}) => {
    const deadline = parts.now().getTime() + (context.getRemainingTimeInMillis?.() ?? 60_000);
    const failures = [];
    const each = async (record, work) => {
      try {
        await work();
      } catch (error) {
        failures.push({ itemIdentifier: record.messageId });
        const level = error instanceof ComesBack ? "warn" : "error";
        parts.log[level]("comes back", { message_id: record.messageId, receives: Number(record.attributes?.ApproximateReceiveCount), error });
      }
    };
    const tasks = [];
    await inTurn(event.Records, CONCURRENCY, (record) => each(record, async () => tasks.push(...(await readable(parts, record)))));
    const allowed = await withinLimits(parts, tasks, each);
    await inTurn(allowed, CONCURRENCY, (task) => each(task.record, () => deliver(parts, deliveries, task, deadline)));
    return { batchItemFailures: failures };
  };
}

/** What Lambda calls. */
export const handle = worker();

/** The task of a message; none when it is malformed and was parked for that. */
async function readable(parts, record) {
  try {
    return [{ record, ...read(record.body) }];
  } catch (error) {
    if (!(error instanceof MalformedJob)) throw error;
    await park(parts, record, { reason: error.message });
    parts.log.warn("parked", { message_id: record.messageId, reason: withoutPersons(error.message) });
    return [];
  }
}

/** The tasks that their tenants have room for; the others are put off. */
async function withinLimits(parts, tasks, each) {
  const byTenant = new Map();
  for (const task of tasks) byTenant.set(task.job.tenant, [...(byTenant.get(task.job.tenant) ?? []), task]);
  const allowed = [];
  for (const [tenant, own] of byTenant) {
    const room = await take(parts, tenant, own.length);
    allowed.push(...own.slice(0, room.granted));
    for (const task of own.slice(room.granted)) {
      // Spread over the minute after, so that they do not meet again at its first second.
      await each(task.record, () => defer(parts, task, { seconds: room.seconds + Math.floor(Math.random() * 30), reason: "the tenant's limit" }));
    }
  }
  return allowed;
}

async function deliver(parts, deliveries, task, deadline) {
  const { job, record } = task;
  const left = deadline - parts.now().getTime();
  if (left < LEAST_MS) throw new ComesBack("too little time is left");
  if (job.kind === "mail" && (await isMarked(parts, job.to))) return parts.log.info("not sent", { job: job.id, reason: "the address is marked" });
  // Whatever can go wrong before the claim does: from then on an error leaves a doubt.
  const port = portOf(job.kind, parts.environment.WHATSAPP_PROVIDER);
  const settings = { ...(await settingsOf(parts, job)), timeout: Math.min(ANSWER_MS, left - RESERVE_MS) };
  const owner = randomUUID();
  const claim = await deliveries.claim(job, { owner, until: deadline + RESERVE_MS, ticket: marksOf(record).ticket });
  if (claim.is === ERASED) return parts.log.info("not sent", { job: job.id, reason: "the person is erased" });
  if (claim.is === DONE) return parts.log.info("not sent", { job: job.id, reason: `it is ${claim.seen.state}` });
  if (claim.is === BUSY) throw new ComesBack("another worker is at it");
  const outcome = await attempt(port, task, settings, claim.is === ADOPTED);
  return conclude(parts, deliveries, task, owner, outcome);
}

/**
 * Sends it, unless somebody else may have: then the provider is asked first, where it can be.
 *
 * A doubt of this very attempt keeps its lease and comes back: what may still be on its way is asked for when it has surely arrived or not.
 */
async function attempt(port, task, settings, inDoubt) {
  const given = { job: task.job, to: task.job.to, message: task.message };
  if (!inDoubt) {
    const outcome = await port.send(given, settings);
    if (outcome.state === "unknown" && port.find) throw new ComesBack(outcome.reason);
    return outcome;
  }
  if (!port.find) return unknown("a worker ended while it was sending");
  const id = await port.find(given, settings);
  return id === null ? attempt(port, task, settings, false) : sent(id);
}

async function conclude(parts, deliveries, task, owner, outcome) {
  const { job, record } = task;
  const provider = job.kind === "mail" ? "ses" : parts.environment.WHATSAPP_PROVIDER;
  const about = { job: job.id, tenant: job.tenant, template: job.template, provider };
  if (outcome.state === "sent") {
    await deliveries.sent(job, owner, { provider, id: outcome.id });
    // Not the provider's id: Meta's has the number in it.
    return parts.log.info("sent", about);
  }
  if (outcome.state === "retry") {
    await deliveries.waiting(job, owner, withoutPersons(outcome.reason));
    throw new ComesBack(outcome.reason);
  }
  if (outcome.state === "later") {
    await deliveries.waiting(job, owner, outcome.reason);
    return defer(parts, task, outcome);
  }
  const reason = withoutPersons(outcome.state === "unknown" ? `outcome unknown: ${outcome.reason}` : outcome.reason);
  const ticket = randomUUID();
  await park(parts, record, { reason, ticket });
  await deliveries.parked(job, owner, { reason, ticket });
  return parts.log.warn("parked", { ...about, reason });
}

/** Puts it off; what was put off for too long is parked. */
async function defer(parts, { job, record }, { seconds, reason }) {
  if (marksOf(record).deferrals < MOST_DEFERRALS) {
    await putOff(parts, record, seconds);
    return parts.log.info("put off", { job: job.id, seconds, reason });
  }
  await park(parts, record, { reason: `put off ${MOST_DEFERRALS} times: ${reason}` });
  return parts.log.warn("parked", { job: job.id, reason });
}

async function settingsOf(parts, job) {
  if (job.kind === "mail") return { from: parts.variable("MAIL_FROM"), configurationSet: parts.environment.MAIL_CONFIGURATION_SET };
  return { url: parts.environment.WHATSAPP_URL || undefined, secret: await secret("WHATSAPP", { environment: parts.environment }) };
}

/** Runs `work` over the items, so many at a time. */
async function inTurn(items, atATime, work) {
  const waiting = [...items];
  const lane = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(atATime, waiting.length) }, lane));
}
