/**
 * How long items of each class are kept (SCH-8, COM-2): RETENTION_DAYS_<CLASS>, counted from when the item's matter ended.
 * DynamoDB deletes an item within days of its `expires_at`; until then reads leave it out.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html
 */

/** Classes of items, and days of those that a missing variable does not keep for ever: their use ends by itself. */
const DAYS = {
  booking: undefined,
  customer: undefined,
  payment: undefined,
  message: undefined,
  audit: undefined,
  // The erased must stay known for longer than any message of theirs can wait: 4 days in the queue and 14 in the one behind it.
  tombstone: 30,
  idempotency: 1,
  webhook: 30,
  slot: 1,
};

/**
 * @param {string} itemClass of DAYS
 * @param {Date | string} from the end of what the item is about
 * @returns {{class: string, expires_at?: number}} of an item; `expires_at` in seconds since 1970, absent for what is kept until erased
 * @throws {Error} for a class that is not known, or days that are no whole number
 */
export function retained(itemClass, from, environment = process.env) {
  if (!(itemClass in DAYS)) throw new Error(`no class of items is called ${itemClass}; there are ${Object.keys(DAYS).join(", ")}`);
  const name = `RETENTION_DAYS_${itemClass.toUpperCase()}`;
  const given = environment[name];
  if (given !== undefined && given !== "" && !/^[1-9]\d{0,4}$/.test(given))
    throw new Error(`${name} must be a whole number of days (got ${given})`);
  const days = given ? Number(given) : DAYS[itemClass];
  if (days === undefined) return { class: itemClass };
  return { class: itemClass, expires_at: Math.floor(new Date(from).getTime() / 1000) + days * 86_400 };
}
