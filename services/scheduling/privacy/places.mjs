/**
 * The places outside the table that keep something of a person: users, files, addresses that get no mail.
 * Each is read and emptied by the same names, so that an export shows what an erasure removes.
 */

import { isMarked, mark } from "../shared/addresses.mjs";
import { filesPrefix } from "../shared/keys.mjs";

/** Objects that one request deletes at most. */
const TOGETHER = 1000;

/**
 * Users of the pool that are this person: by the id alone. An address is no proof, since whoever books writes it themself.
 *
 * @returns {Promise<{username: string, attributes: Record<string, string>}[]>}
 */
export async function users(parts, tenant, customer) {
  const [{ ListUsersCommand }, cognito] = await Promise.all([library("cognito-identity-provider"), parts.cognito()]);
  const found = await cognito.send(new ListUsersCommand({ UserPoolId: parts.variable("USER_POOL_ID"), Filter: `sub = "${customer}"` }));
  return (found.Users ?? [])
    .map(({ Username, Attributes }) => ({
      username: Username,
      attributes: Object.fromEntries(Attributes.map(({ Name, Value }) => [Name, Value])),
    }))
    .filter(({ attributes }) => attributes["custom:tenant"] === tenant);
}

/** @returns {Promise<number>} how many users were deleted */
export async function removeUsers(parts, tenant, customer) {
  const [{ AdminDeleteUserCommand }, cognito] = await Promise.all([library("cognito-identity-provider"), parts.cognito()]);
  const found = await users(parts, tenant, customer);
  for (const { username } of found) {
    await unlessAbsent(
      cognito.send(new AdminDeleteUserCommand({ UserPoolId: parts.variable("USER_POOL_ID"), Username: username })),
      "UserNotFoundException",
    );
  }
  return found.length;
}

/**
 * Every version of every file below the person's prefix, and marks of deleted ones.
 *
 * @returns {AsyncGenerator<{key: string, version: string, size: number, mark: boolean}>}
 */
export async function* files(parts, tenant, customer) {
  const [{ ListObjectVersionsCommand }, s3] = await Promise.all([library("s3"), parts.s3()]);
  const asked = { Bucket: parts.variable("FILES_BUCKET"), Prefix: filesPrefix(tenant, customer) };
  let from = {};
  do {
    const page = await s3.send(new ListObjectVersionsCommand({ ...asked, ...from }));
    for (const { Key, VersionId, Size } of page.Versions ?? []) yield { key: Key, version: VersionId, size: Size, mark: false };
    for (const { Key, VersionId } of page.DeleteMarkers ?? []) yield { key: Key, version: VersionId, size: 0, mark: true };
    from = page.IsTruncated && { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
  } while (from);
}

/**
 * Delete every version and mark.
 *
 * @param {(count: number) => Promise<void>} counted told after each request, so that an interruption loses no count
 */
export async function removeFiles(parts, tenant, customer, counted) {
  const [{ DeleteObjectsCommand }, s3] = await Promise.all([library("s3"), parts.s3()]);
  const flush = async (group) => {
    const Objects = group.map(({ key, version }) => ({ Key: key, VersionId: version }));
    const answer = await s3.send(new DeleteObjectsCommand({ Bucket: parts.variable("FILES_BUCKET"), Delete: { Objects, Quiet: true } }));
    // The request succeeds also when single objects do not.
    if (answer.Errors?.length) throw new Error(`${answer.Errors.length} files were not deleted: ${answer.Errors[0].Code}`);
    await counted(group.filter((each) => !each.mark).length);
  };
  let group = [];
  for await (const each of files(parts, tenant, customer)) {
    group.push(each);
    if (group.length === TOGETHER) await flush(group.splice(0));
  }
  if (group.length) await flush(group);
}

/** @returns {Promise<string[]>} those of the addresses that get no mail, with SES or with us */
export async function suppressed(parts, addresses) {
  const [{ GetSuppressedDestinationCommand }, ses] = await Promise.all([library("sesv2"), parts.ses()]);
  const found = [];
  for (const address of addresses) {
    const listed = await unlessAbsent(ses.send(new GetSuppressedDestinationCommand({ EmailAddress: address })), "NotFoundException");
    if (listed || (knowsMarks(parts) && (await isMarked(parts, address)))) found.push(address);
  }
  return found;
}

/** @returns {Promise<number>} how many of the addresses were on a list, and are on none now */
export async function removeSuppressions(parts, addresses) {
  const [{ DeleteSuppressedDestinationCommand }, ses] = await Promise.all([library("sesv2"), parts.ses()]);
  const found = await suppressed(parts, addresses);
  for (const address of found) {
    await unlessAbsent(ses.send(new DeleteSuppressedDestinationCommand({ EmailAddress: address })), "NotFoundException");
    if (knowsMarks(parts)) await parts.store.delete(await mark(address, { environment: parts.environment }));
  }
  return found.length;
}

/** Marks of addresses are kept where the region sends mail. */
function knowsMarks(parts) {
  return Boolean(parts.environment.ADDRESS_KEY_SECRET);
}

async function unlessAbsent(asked, name) {
  try {
    return await asked;
  } catch (error) {
    if (error.name === name) return undefined;
    throw error;
  }
}

function library(name) {
  return import(`@aws-sdk/client-${name}`);
}
