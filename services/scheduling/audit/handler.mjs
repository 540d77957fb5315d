/**
 * The table's stream (SCH-8): every change of data about a person becomes an entry of the audit log and a line of the function's log, and
 * every job that waits in the outbox is sent (SCH-4). A schedule calls it too, to send what the stream gave up.
 *
 * Records come in order and at least once. Entries have their record's id, so that a repeated one changes nothing.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 */

import { auditItem } from "../shared/audit.mjs";
import { dispatch, sweep } from "../shared/outbox.mjs";
import { parts as makeParts } from "../shared/parts.mjs";

/** Not about a person, about nothing new (an agenda item is its booking), or the log itself, which would go on for ever. */
const SILENT = new Set(["agenda", "audit", "idempotency", "ledger", "mark", "outbox", "pace", "search", "slot", "tombstone", "webhook"]);
const CHANGES = { INSERT: "created", MODIFY: "changed", REMOVE: "removed" };
/** Attributes that every change changes. */
const ALWAYS = new Set(["version", "updated_at", "changed_by"]);
const CUSTOMER = /^T#[^#]+#C#([^#]+)$/;

/**
 * A handler of batches of the stream, and of the schedule's events.
 *
 * @param {object} given replacements of parts, for tests
 * @returns {(event: object) => Promise<{batchItemFailures: {itemIdentifier: string}[]} | {sent: number}>} what failed comes again, and
 *   all after it
 */
export function auditor(given) {
  const parts = makeParts("audit", given);
  return async (event) => {
    if (!event.Records) return swept(parts);
    for (const record of event.Records) {
      try {
        await take(parts, record);
      } catch (error) {
        parts.log.error("a record failed, and comes again with those after it", { event: record.eventID, error });
        return { batchItemFailures: [{ itemIdentifier: record.dynamodb.SequenceNumber }] };
      }
    }
    return { batchItemFailures: [] };
  };
}

/** What Lambda calls. */
export const handle = auditor();

async function swept(parts) {
  const sent = await sweep(parts);
  if (sent) parts.log.warn("the stream had forgotten jobs", { sent });
  return { sent };
}

async function take(parts, record) {
  const { unmarshall } = await import("@aws-sdk/util-dynamodb");
  const { NewImage, OldImage } = record.dynamodb;
  const after = NewImage && unmarshall(NewImage);
  const before = OldImage && unmarshall(OldImage);
  const { type } = after ?? before;
  if (type === "outbox") return record.eventName === "INSERT" ? dispatch(parts, after) : undefined;
  if (SILENT.has(type)) return undefined;
  const entry = entryOf(record, before, after, parts.environment);
  await parts.store.put(entry);
  const { action, actor, fields, subject, tenant } = entry;
  return parts.log.info("audit", { action, actor, fields, subject, tenant, event: record.eventID });
}

function entryOf(record, before, after, environment) {
  const item = after ?? before;
  // Expiry is a removal by DynamoDB itself.
  const expired = record.userIdentity?.principalId === "dynamodb.amazonaws.com";
  const action = `${item.type ?? item.class}.${expired ? "expired" : CHANGES[record.eventName]}`;
  const [, customer] = CUSTOMER.exec(item.gsi1pk ?? "") ?? [];
  return auditItem(
    {
      tenant: item.tenant,
      customer,
      // Whoever changes a thing for a caller says so, with the time; others are the service itself.
      actor: after && after.updated_at !== before?.updated_at ? (after.changed_by ?? "service") : "service",
      action,
      at: new Date(record.dynamodb.ApproximateCreationDateTime * 1000),
      id: record.eventID,
      // Names of attributes, never what they hold.
      more: { fields: differing(before, after) },
    },
    environment,
  );
}

function differing(before = {}, after = {}) {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => !ALWAYS.has(name) && JSON.stringify(before[name]) !== JSON.stringify(after[name])).sort();
}
