/**
 * Messages about one person that lie in the dead-letter queue (SCH-8): nobody sends them any more, so nothing else would remove them
 * before their time is over. Those in the jobs queue need no search: the worker drops them as it gets them.
 *
 * A queue cannot be searched, only received from: what is another person's is held back until all was seen, then shown again.
 */

import { hash, keys } from "../shared/keys.mjs";
import { Problem } from "../shared/problem.mjs";

/** Seconds that a message is out of sight while the others are looked at: longer than several calls of the function take together. */
const HELD_SECONDS = 300;
/** Messages that one request takes at most. */
const TOGETHER = 10;

/**
 * Take every message about the person out of the dead-letter queue.
 *
 * @param {{tenant: string, customer: string}} person
 * @param {{counted: (count: number) => Promise<void>, demandTime: () => void}} call `counted` is told of each deletion before the next
 */
export async function removeParked(parts, { tenant, customer }, { counted, demandTime }) {
  const [sdk, sqs] = await Promise.all([import("@aws-sdk/client-sqs"), parts.sqs()]);
  const QueueUrl = parts.variable("DEAD_LETTER_QUEUE_URL");
  await take(parts, hash(tenant, customer));
  const others = [];
  try {
    for (;;) {
      demandTime();
      // With a wait, every server of SQS is asked: no answer means that there is none.
      const asked = { QueueUrl, MaxNumberOfMessages: TOGETHER, WaitTimeSeconds: 1, VisibilityTimeout: HELD_SECONDS };
      const { Messages = [] } = await sqs.send(new sdk.ReceiveMessageCommand(asked));
      if (!Messages.length) break;
      for (const { Body, ReceiptHandle } of Messages) {
        if (!isAbout(Body, tenant, customer)) {
          others.push(ReceiptHandle);
          continue;
        }
        await sqs.send(new sdk.DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        await counted(1);
      }
    }
  } catch (error) {
    // Out of time: what was looked at stays out of sight, so that the next call, which is asked for at once, sees the rest.
    if (error instanceof Problem) throw error;
    await show(sdk, sqs, QueueUrl, others);
    throw error;
  }
  await show(sdk, sqs, QueueUrl, others);
  await parts.store.delete(keys.deadLetterSearch());
}

/** One search at a time: what another one holds out of sight would be missed. A search that goes on in its next call takes its own again. */
async function take({ store }, holder) {
  const item = { ...keys.deadLetterSearch(), type: "search", class: "message", holder, expires_at: store.seconds() + HELD_SECONDS };
  if (await store.putNew(item)) return;
  const other = await store.get(item);
  if (other && other.holder !== holder) {
    const detail = "another erasure looks through the messages that could not be sent; ask again in some seconds";
    throw new Problem("unavailable", detail, { headers: { "retry-after": "5" } });
  }
  await store.put(item);
}

/** A job that could not even be read names its person somewhere, or nobody does. */
function isAbout(body, tenant, customer) {
  try {
    const job = JSON.parse(body);
    if (typeof job?.tenant === "string" && typeof job?.customer === "string") return job.tenant === tenant && job.customer === customer;
  } catch {
    // Parked because it is no JSON.
  }
  return body.includes(customer);
}

/** Those that stay hidden by a failure here show by themselves when their time is over. */
async function show(sdk, sqs, QueueUrl, handles) {
  for (let from = 0; from < handles.length; from += TOGETHER) {
    const group = handles.slice(from, from + TOGETHER);
    const Entries = group.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle, VisibilityTimeout: 0 }));
    await sqs.send(new sdk.ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
  }
}
