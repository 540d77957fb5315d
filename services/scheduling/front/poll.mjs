/**
 * Plays Lambda's event source mapping of a queue, for running the service without AWS: `node front/poll.mjs [handler]`.
 *
 * It receives batches, calls the handler, and deletes what did not fail; what failed becomes visible again in its time. A batch that takes longer
 * than the function may live ends the process, as Lambda would end the function's. It ends on SIGTERM after the batches under way.
 *
 * Environment, besides the handler's own: JOBS_QUEUE_URL, FUNCTION_TIMEOUT_SECONDS (60), LANES (2: batches at a time).
 * https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */

import { setTimeout } from "node:timers/promises";

import { DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";

const WAIT_SECONDS = 1;
const BATCH = 10;
const PAUSE_MS = 200;

const { handle } = await import(`../${process.argv[2] ?? "messages/handler.mjs"}`);
const client = new SQSClient({});
const QueueUrl = process.env.JOBS_QUEUE_URL;
const timeoutMs = Number(process.env.FUNCTION_TIMEOUT_SECONDS ?? 60) * 1000;
let ending = false;
process.on("SIGTERM", () => (ending = true));
process.on("SIGINT", () => (ending = true));

await Promise.all(Array.from({ length: Number(process.env.LANES ?? 2) }, lane));

async function lane() {
  while (!ending) {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: BATCH,
        WaitTimeSeconds: WAIT_SECONDS,
        MessageAttributeNames: ["All"],
        MessageSystemAttributeNames: ["All"],
      }),
    );
    if (Messages.length) await work(Messages);
    // An emulated queue does not wait for messages as SQS does.
    else await setTimeout(PAUSE_MS);
  }
}

async function work(messages) {
  const until = Date.now() + timeoutMs;
  const overrun = globalThis.setTimeout(() => process.exit(1), timeoutMs);
  try {
    const { batchItemFailures = [] } = (await handle({ Records: messages.map(record) }, { getRemainingTimeInMillis: () => until - Date.now() })) ?? {};
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    const done = messages.filter(({ MessageId }) => !failed.has(MessageId));
    const Entries = done.map(({ MessageId: Id, ReceiptHandle }) => ({ Id, ReceiptHandle }));
    if (Entries.length) await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  } catch (error) {
    // As for Lambda: the whole batch comes back.
    console.error(error);
  } finally {
    clearTimeout(overrun);
  }
}

/** A message as a function is given it. */
function record({ MessageId, ReceiptHandle, Body, Attributes, MessageAttributes = {} }) {
  const named = Object.entries(MessageAttributes).map(([name, { StringValue, DataType }]) => [name, { stringValue: StringValue, dataType: DataType }]);
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes: Attributes,
    messageAttributes: Object.fromEntries(named),
    eventSource: "aws:sqs",
  };
}
