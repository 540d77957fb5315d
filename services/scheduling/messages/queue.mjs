/**
 * The two queues as the worker writes to them: a copy that waits, and the dead-letter queue with the reason.
 *
 * A copy is always written before its original is acknowledged, so a worker that dies in between leaves one too many and never one too few; the
 * record of the job (`deliveries.mjs`) makes one too many harmless.
 */

/** Longest that SQS holds a message back. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-delay-queues.html */
const LONGEST_DELAY = 900;
/** A job that was put off this often, at least an hour and a half, is nobody's reminder any more. */
export const MOST_DEFERRALS = 100;

/** How often the message was put off, and under which ticket it was parked. */
export function marksOf(record) {
  const attribute = (name) => record.messageAttributes?.[name]?.stringValue;
  return { deferrals: Number(attribute("deferrals") ?? 0), ticket: attribute("ticket") };
}

/** Puts a message back to the end of the queue, for so many seconds. */
export function putOff(parts, record, seconds) {
  const { deferrals, ticket } = marksOf(record);
  return write(parts, "JOBS_QUEUE_URL", record.body, { deferrals: String(deferrals + 1), ticket }, Math.min(LONGEST_DELAY, Math.max(1, seconds)));
}

/** Puts a message into the dead-letter queue. `ticket` is what lets the job out of there again. */
export function park(parts, record, { reason, ticket }) {
  return write(parts, "DEAD_LETTER_QUEUE_URL", record.body, { reason: readable(reason), ticket });
}

async function write(parts, queue, body, marks, delay) {
  const [{ SendMessageCommand }, sqs] = await Promise.all([import("@aws-sdk/client-sqs"), parts.sqs()]);
  const given = Object.entries(marks).filter(([, value]) => value);
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: parts.variable(queue),
      MessageBody: body,
      DelaySeconds: delay,
      MessageAttributes: Object.fromEntries(given.map(([name, value]) => [name, { DataType: "String", StringValue: value }])),
    }),
  );
}

/** As SQS takes it: no control characters, and short enough to be read in a list. */
function readable(reason) {
  return reason.replace(/[^\x20-\x7e]+/g, " ").slice(0, 256) || "unknown";
}
