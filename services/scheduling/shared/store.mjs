/**
 * The table: reads, pages, and transactions that tell which condition failed.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */

import { Problem } from "./problem.mjs";

export const INDEX = "by-time";
const ATTEMPTS = 8;
const PASSING = new Set(["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"]);

/** A transaction that changed nothing, because conditions did not hold. */
export class Refused extends Error {
  /**
   * @param {Map<string, object | undefined>} failed names of the writes whose conditions failed; with the item found there, where
   *   the write asks for it, as it came: each attribute beneath its type
   */
  constructor(failed) {
    super(`refused: ${[...failed.keys()].join(", ")}`);
    this.failed = failed;
  }

  has(name) {
    return this.failed.has(name);
  }
}

/** Writes of a transaction; `name` is what Refused tells. */
export const writes = {
  /** With `ifNew`, nothing may be there; with the clock's seconds in it, what has expired is nothing. */
  put: (item, { name, ifNew } = {}) => ({ name, Put: { Item: item, ...(ifNew === undefined ? {} : { ...unlessAlive(ifNew), ...OLD }) } }),
  /** Put over an item that still is of that version. */
  replace: (item, version, name) => ({ name, Put: { Item: item, ...where("version", version) } }),
  /** Remove an item, unless its attribute has another value. */
  remove: (key, { name, attribute, value } = {}) => ({
    name,
    Delete: { Key: only(key), ...(attribute ? unlessOther(attribute, value) : {}) },
  }),
  /** Nothing may be there. */
  absent: (key, name) => ({ name, ConditionCheck: { Key: only(key), ConditionExpression: "attribute_not_exists(pk)" } }),
};

/** The item that was found there comes with the refusal. */
const OLD = { ReturnValuesOnConditionCheckFailure: "ALL_OLD" };

// DynamoDB removes what has expired some days later: until then it is in nobody's way.
function unlessAlive(now) {
  if (now === true) return { ConditionExpression: "attribute_not_exists(pk)" };
  return { ConditionExpression: "attribute_not_exists(pk) OR expires_at <= :now", ExpressionAttributeValues: { ":now": now } };
}

function where(attribute, value) {
  return {
    ConditionExpression: "#attribute = :value",
    ExpressionAttributeNames: { "#attribute": attribute },
    ExpressionAttributeValues: { ":value": value },
  };
}

function unlessOther(attribute, value) {
  const { ConditionExpression, ...rest } = where(attribute, value);
  return { ConditionExpression: `attribute_not_exists(pk) OR ${ConditionExpression}`, ...rest };
}

function only({ pk, sk }) {
  return { pk, sk };
}

/** The one table of a region. */
export class Store {
  /** @param {object} parts see parts.mjs */
  constructor(parts) {
    this.parts = parts;
  }

  get table() {
    return this.parts.variable("TABLE");
  }

  send(command, input) {
    return this.command(command, { TableName: this.table, ...input });
  }

  async command(name, input) {
    const [library, client] = await Promise.all([import("@aws-sdk/lib-dynamodb"), this.parts.documents()]);
    return client.send(new library[`${name}Command`](input));
  }

  /** @returns {Promise<object | undefined>} the item as it is now, unless it has expired: DynamoDB deletes such ones days later */
  async get(key) {
    const { Item } = await this.send("Get", { Key: only(key), ConsistentRead: true });
    return this.alive(Item) ? Item : undefined;
  }

  /** The clock, in seconds since 1970. */
  seconds() {
    return Math.floor(this.parts.now().getTime() / 1000);
  }

  alive(item) {
    return item !== undefined && !(item.expires_at <= this.seconds());
  }

  put(item) {
    return this.send("Put", { Item: item });
  }

  delete(key) {
    return this.send("Delete", { Key: only(key) });
  }

  /** Put an item where none is. @returns {Promise<boolean>} false when one was there */
  async putNew(item) {
    try {
      await this.send("Put", { Item: item, ...unlessAlive(this.seconds()) });
      return true;
    } catch (error) {
      if (error.name === "ConditionalCheckFailedException") return false;
      throw error;
    }
  }

  /** @returns {Promise<object[]>} those of the items that are there, in no order; at most 100 keys */
  async getMany(list) {
    const found = [];
    let wanted = list.map(only);
    for (let attempt = 1; wanted.length; attempt++) {
      const answer = await this.command("BatchGet", { RequestItems: { [this.table]: { Keys: wanted, ConsistentRead: true } } });
      found.push(...(answer.Responses?.[this.table] ?? []));
      wanted = answer.UnprocessedKeys?.[this.table]?.Keys ?? [];
      if (wanted.length) await this.pause(attempt);
    }
    return found.filter((each) => this.alive(each));
  }

  /**
   * One page of a partition, in the order of its sort keys.
   *
   * @param {string} pk
   * @param {{from?: string, to?: string, prefix?: string, limit?: number, start?: object, index?: boolean, backwards?: boolean}} options
   *   `from` and `to` are both included; `index` reads the partition of the index, which lags by some milliseconds
   * @returns {Promise<{items: object[], next: object | undefined}>} `next` is the `start` of the following page
   */
  async page(pk, { from, to, prefix, limit, start, index = false, backwards = false } = {}) {
    const names = { "#pk": index ? "gsi1pk" : "pk" };
    const values = { ":pk": pk };
    let condition = "#pk = :pk";
    if (prefix !== undefined || from !== undefined) names["#sk"] = index ? "gsi1sk" : "sk";
    if (prefix !== undefined) {
      condition += " AND begins_with(#sk, :prefix)";
      values[":prefix"] = prefix;
    } else if (from !== undefined) {
      condition += " AND #sk BETWEEN :from AND :to";
      Object.assign(values, { ":from": from, ":to": to });
    }
    const found = await this.send("Query", {
      KeyConditionExpression: condition,
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: values,
      ScanIndexForward: !backwards,
      ...(index ? { IndexName: INDEX } : { ConsistentRead: true }),
      ...(limit ? { Limit: limit } : {}),
      ...(start ? { ExclusiveStartKey: start } : {}),
    });
    return { items: (found.Items ?? []).filter((each) => this.alive(each)), next: found.LastEvaluatedKey };
  }

  /** Every item of a partition, page after page. */
  async *all(pk, options = {}) {
    let start;
    do {
      const { items, next } = await this.page(pk, { ...options, start });
      yield* items;
      start = next;
    } while (start);
  }

  /** Wait before the next attempt. Problem (503) when there were enough. */
  async pause(attempt, cause) {
    if (attempt >= ATTEMPTS) throw new Problem("unavailable", "the table is busy; try again", { headers: { "retry-after": "1" }, cause });
    // Full jitter: those who met here do not meet again.
    await this.parts.sleep(Math.random() * Math.min(1_000, 20 * 2 ** attempt));
  }

  /**
   * All writes or none.
   *
   * @param {object[]} list of `writes`; at most 100
   * @throws {Refused} when conditions failed, with their names
   * @throws {Problem} 503 when others kept changing the same items
   */
  async transact(list) {
    const given = list.map(({ name: _, ...write }) => within(write, this.table));
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.command("TransactWrite", { TransactItems: given });
      } catch (error) {
        if (error.name !== "TransactionCanceledException") throw error;
        const reasons = error.CancellationReasons ?? [];
        const failed = new Map(
          reasons.flatMap(({ Code, Item }, index) =>
            Code === "ConditionalCheckFailed" ? [[list[index].name ?? `write ${index}`, Item]] : [],
          ),
        );
        if (failed.size) throw new Refused(failed);
        if (!reasons.some((reason) => PASSING.has(reason.Code))) throw error;
        await this.pause(attempt, error);
      }
    }
  }
}

function within(write, table) {
  return Object.fromEntries(Object.entries(write).map(([kind, input]) => [kind, { TableName: table, ...input }]));
}
