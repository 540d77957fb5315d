/**
 * What is known of the sending of each job: one item `M#<job>` of the table, changed by conditional writes alone (SCH-4).
 *
 *     (none) --claim--> sending --answered--> sent
 *                        |  ^ ----failed----> waiting --claim--> sending
 *                        |  |
 *                        |  +--adopt--- sending, whose lease is over: somebody died between asking the provider and writing down its answer
 *                        +-----park---> parked, and the job lies in the dead-letter queue with its reason
 *
 * A job is sent by whoever holds its lease, so two deliveries of one message never both send. What an adopted job's provider did, only the
 * provider can tell: it is asked where it can be, and otherwise the job is parked and a person decides.
 */

import { notErased } from "../shared/erased.mjs";
import { customerIndex, keys } from "../shared/keys.mjs";
import { retained } from "../shared/retention.mjs";
import { Refused } from "../shared/store.mjs";

/** Whatever is configured: a message may lie 4 days in the queue and 14 in the one behind it, and must be known all that time. */
const LEAST_SECONDS = 20 * 86_400;
const RECORD = "record";

/** What `claim` found. CLAIMED: send it. ADOPTED: somebody else may have sent it. BUSY: somebody is at it. DONE, ERASED: there is nothing to do. */
export const [CLAIMED, ADOPTED, BUSY, DONE, ERASED] = ["claimed", "adopted", "busy", "done", "erased"];

export class Deliveries {
  /** @param {object} parts see ../shared/parts.mjs */
  constructor(parts) {
    this.parts = parts;
  }

  /**
   * Takes the right to send a job until `until` (milliseconds since 1970).
   *
   * @param {object} job
   * @param {{owner: string, until: number, ticket?: string}} claim `ticket` is the one under which the job was parked, when it comes from there
   * @returns {Promise<{is: string, seen?: object}>} `seen` is what stands there
   */
  async claim(job, { owner, until, ticket }) {
    const item = { ...this.#blank(job), state: "sending", owner, lease_until: until };
    const first = await this.#write(job, item, {
      // A job comes back from the dead-letter queue with the ticket of its parking; another delivery of the parked message has none, or an older one.
      ConditionExpression: "attribute_not_exists(pk) OR #state = :waiting OR (#state = :parked AND #ticket = :ticket)",
      ExpressionAttributeNames: { "#state": "state", "#ticket": "ticket" },
      ExpressionAttributeValues: { ":waiting": "waiting", ":parked": "parked", ":ticket": ticket ?? "none" },
    });
    if (first.is !== BUSY) return first;
    const { seen } = first;
    // A retry of the SDK finds what its own first attempt wrote.
    if (seen.owner === owner) return { is: CLAIMED };
    if (seen.state !== "sending") return { is: DONE, seen };
    if (seen.lease_until > this.parts.now().getTime()) return { is: BUSY, seen };
    const second = await this.#write(job, item, held(seen.owner));
    return { is: second.is === CLAIMED ? ADOPTED : second.is, seen };
  }

  /** The provider has it. */
  sent(job, owner, { provider, id }) {
    return this.#leave(job, owner, { state: "sent", provider, provider_id: id });
  }

  /** It was surely not sent; whoever receives it next may. */
  waiting(job, owner, reason) {
    return this.#leave(job, owner, { state: "waiting", reason });
  }

  /** It lies in the dead-letter queue under this ticket. */
  parked(job, owner, { reason, ticket }) {
    return this.#leave(job, owner, { state: "parked", reason, ticket });
  }

  /** Writes the end of a claim. Whoever lost the lease meanwhile, or whose person was erased, changes nothing. */
  async #leave(job, owner, ending) {
    try {
      await this.parts.store.send("Put", { Item: { ...this.#blank(job), ...ending }, ...held(owner) });
    } catch (error) {
      if (error.name !== "ConditionalCheckFailedException") throw error;
      this.parts.log.warn("the end of a sending was not written: its lease is another's", { job: job.id, ending: ending.state });
    }
  }

  /** The claim's item, unless the person is erased. */
  async #write(job, Item, condition) {
    try {
      const put = { name: RECORD, Put: { Item, ...condition, ReturnValuesOnConditionCheckFailure: "ALL_OLD" } };
      await this.parts.store.transact([notErased(job.tenant, job.customer), put]);
      return { is: CLAIMED };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const erased = [...error.failed.keys()].some((name) => name !== RECORD);
      return erased ? { is: ERASED } : { is: BUSY, seen: plain(error.failed.get(RECORD)) };
    }
  }

  #blank(job) {
    const now = this.parts.now();
    const at = now.toISOString();
    const kept = retained("message", now, this.parts.environment);
    if (kept.expires_at) kept.expires_at = Math.max(kept.expires_at, Math.floor(now.getTime() / 1000) + LEAST_SECONDS);
    const { id, tenant, customer, kind, template, booking } = job;
    const found = { gsi1pk: customerIndex(tenant, customer), gsi1sk: `M#${at}#${id}` };
    return { ...keys.sent(id), ...kept, ...found, type: "delivery", job: id, tenant, customer, kind, template, booking, at };
  }
}

/** The condition that a claim is still this owner's. */
function held(owner) {
  return {
    ConditionExpression: "#state = :sending AND #owner = :owner",
    ExpressionAttributeNames: { "#state": "state", "#owner": "owner" },
    ExpressionAttributeValues: { ":sending": "sending", ":owner": owner },
  };
}

/** The document client leaves the items of a cancelled transaction as they came: each attribute beneath its type. */
function plain(item = {}) {
  const value = (each) => (typeof each !== "object" || each === null ? each : "N" in each ? Number(each.N) : each.S);
  return Object.fromEntries(Object.entries(item).map(([name, each]) => [name, value(each)]));
}
