/**
 * Everything kept about one person, as one JSON document (COM-2; GDPR Art. 15 and 20, LGPD Art. 18).
 */

import { noteAccess } from "../shared/audit.mjs";
import { isErased } from "../shared/erased.mjs";
import { reply } from "../shared/http.mjs";
import { customerIndex, filesPrefix, subjectIndex } from "../shared/keys.mjs";
import { Problem } from "../shared/problem.mjs";
import { iso } from "../shared/validate.mjs";
import { files, suppressed, users } from "./places.mjs";
import { addressesOf, subjectOfCall } from "./subject.mjs";

/** Seconds for which a file's address works. */
const LINK_SECONDS = 900;
/** Lambda answers with 6 MB at most: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const ANSWER_BYTES = 5 * 1024 * 1024;
/** What is the table's own, and tells nothing of the person. */
const INNER = new Set(["pk", "sk", "gsi1pk", "gsi1sk", "tenant", "class", "type", "changed_by"]);

/** GET /customers/{customer_id}/export */
export async function exportCustomer(call) {
  const { parts, principal, store } = call;
  const { tenant } = principal;
  const customer = subjectOfCall(call);
  if (await isErased(store, tenant, customer)) throw new Problem("gone", "this person's data was erased");
  const records = await recordsOf(parts, tenant, customer);
  const links = await linksOf(parts, tenant, customer);
  if (!records.length && !links.length) throw new Problem("not-found", "nothing is kept about such a customer");
  // Before anything leaves; so the document itself does not have this entry yet.
  await noteAccess(call, "customer.export", [customer], { records: records.length, files: links.length });
  const document = { customer_id: customer, exported_at: iso(parts.now()), records, files: links };
  return reply(200, await fitting(parts, tenant, document));
}

async function recordsOf(parts, tenant, customer) {
  const { store } = parts;
  const items = [];
  for await (const item of store.all(customerIndex(tenant, customer), { index: true })) items.push(item);
  // A booking in its resource's calendar is the booking once more.
  const records = items.filter((item) => item.type !== "agenda").map((item) => ({ class: item.type ?? item.class, data: dataOf(item) }));
  const known = await users(parts, tenant, customer);
  records.push(...known.map(({ attributes }) => ({ class: "user", data: attributes })));
  const listed = await suppressed(parts, addressesOf(items, known));
  records.push(...listed.map((address) => ({ class: "suppression", data: { address } })));
  if (!records.length) return records;
  for await (const entry of store.all(subjectIndex(tenant, customer), { index: true })) {
    // Who of the tenant's staff looked is their own matter, as long as it was staff.
    const { actor, subject: _, ...data } = dataOf(entry);
    records.push({ class: "audit", data: { ...data, by: actor === "self" ? "self" : "the tenant" } });
  }
  return records;
}

function dataOf(item) {
  return Object.fromEntries(Object.entries(item).filter(([name]) => !INNER.has(name)));
}

async function linksOf(parts, tenant, customer) {
  const found = [];
  for await (const file of files(parts, tenant, customer)) if (!file.mark) found.push(await linkTo(parts, tenant, customer, file));
  return found;
}

async function linkTo(parts, tenant, customer, { key, version, size }) {
  const [{ GetObjectCommand }, { getSignedUrl }, s3] = await Promise.all([
    import("@aws-sdk/client-s3"),
    import("@aws-sdk/s3-request-presigner"),
    parts.s3(),
  ]);
  const command = new GetObjectCommand({ Bucket: parts.variable("FILES_BUCKET"), Key: key, VersionId: version });
  return {
    name: key.slice(filesPrefix(tenant, customer).length),
    size_bytes: size,
    url: await getSignedUrl(s3, command, { expiresIn: LINK_SECONDS }),
    expires_at: iso(parts.now().getTime() + LINK_SECONDS * 1000),
  };
}

/** The document, or one whose only file is the document, when it is too large to be answered. Erasure finds that file with the others. */
async function fitting(parts, tenant, document) {
  const content = Buffer.from(JSON.stringify(document));
  if (content.length <= ANSWER_BYTES) return document;
  const [{ PutObjectCommand }, s3] = await Promise.all([import("@aws-sdk/client-s3"), parts.s3()]);
  const { customer_id: customer, exported_at } = document;
  const key = `${filesPrefix(tenant, customer)}exports/${exported_at}.json`;
  const asked = { Bucket: parts.variable("FILES_BUCKET"), Key: key, Body: content, ContentType: "application/json" };
  const { VersionId: version } = await s3.send(new PutObjectCommand(asked));
  return {
    customer_id: customer,
    exported_at,
    records: [],
    files: [await linkTo(parts, tenant, customer, { key, version, size: content.length })],
  };
}
