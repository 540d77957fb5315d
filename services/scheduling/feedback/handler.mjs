/**
 * Bounces and complaints of mail, as SES publishes them to SNS (SCH-6): an address that does not exist, or whose owner complained, gets nothing more.
 *
 * Addresses are marked by a keyed hash (`../shared/addresses.mjs`), so the table tells nobody who they are. Bounces that pass are left alone.
 * Sources: https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html,
 * https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
 */

import { mark } from "../shared/addresses.mjs";
import { parts as makeParts } from "../shared/parts.mjs";
import { retained } from "../shared/retention.mjs";

/**
 * A handler of notices; `given` replaces parts, for tests.
 *
 * @returns {(event: object) => Promise<{marked: number}>} an error makes SNS's delivery be repeated by Lambda, which is harmless
 */
export function feedback(given = {}) {
  const parts = makeParts("feedback", given);
  return async (event) => {
    let marked = 0;
    for (const { Sns } of event.Records) {
      const notice = JSON.parse(Sns.Message);
      for (const { address, why } of forGood(notice)) {
        await parts.store.put(await markOf(parts, address, why, notice));
        marked++;
      }
      parts.log.info("feedback", { kind: kindOf(notice), bounce: notice.bounce?.bounceType, job: notice.mail?.tags?.job?.[0], message_id: notice.mail?.messageId });
    }
    return { marked };
  };
}

/** What Lambda calls. */
export const handle = feedback();

/** Configuration sets say `eventType`, identities `notificationType`. */
function kindOf(notice) {
  return notice.eventType ?? notice.notificationType;
}

/** The addresses that nothing more goes to. */
function forGood(notice) {
  if (kindOf(notice) === "Complaint") {
    return (notice.complaint?.complainedRecipients ?? []).map(({ emailAddress: address }) => ({ address, why: "complaint" }));
  }
  if (kindOf(notice) === "Bounce" && notice.bounce?.bounceType === "Permanent") {
    return (notice.bounce.bouncedRecipients ?? []).map(({ emailAddress: address }) => ({ address, why: "bounce" }));
  }
  return [];
}

async function markOf(parts, address, why, notice) {
  const now = parts.now();
  const key = await mark(plain(address), { environment: parts.environment });
  // Whose mail it was: the mark itself counts for all tenants.
  const tenant = notice.mail?.tags?.tenant?.[0] ?? "-";
  return { ...key, ...retained("customer", now, parts.environment), type: "mark", tenant, why, at: now.toISOString() };
}

/** Some servers report `Name <address>`. */
function plain(address) {
  return /<([^<>]+)>\s*$/.exec(address)?.[1] ?? address;
}
