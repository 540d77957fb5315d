/**
 * What a handler stands on: the clock, ids, and clients of AWS's services, each replaceable by tests.
 * Clients are made when they are first used, so that a function pays at its start only for those that it needs.
 */

import { randomUUID } from "node:crypto";

import { logger } from "./log.mjs";
import { Store } from "./store.mjs";

/** Retries that cover a throttled second, within the timeouts of functions. */
const CLIENT = { maxAttempts: 4, retryMode: "standard" };

/** @returns the value of a variable of the environment; an error that names it when it is missing */
export function variable(environment, name) {
  const value = environment[name];
  if (!value) throw new Error(`${name} is not set in the function's environment`);
  return value;
}

/**
 * @param {string} name the function's, for logs
 * @param {object} given replacements: `now` (() => Date), `newId` (() => string), `environment`, `write` (a log line's writer),
 *   `sleep` (milliseconds), and the clients `documents`, `sqs`, `s3`, `ses`, `cognito`
 */
export function parts(name, given = {}) {
  const environment = given.environment ?? process.env;
  const now = given.now ?? (() => new Date());
  const lazily = (key, make) => {
    let made;
    return () => (made ??= given[key] ? Promise.resolve(given[key]) : make());
  };
  const documents = lazily("documents", async () => {
    const [{ DynamoDBClient }, { DynamoDBDocumentClient }] = await Promise.all([
      import("@aws-sdk/client-dynamodb"),
      import("@aws-sdk/lib-dynamodb"),
    ]);
    return DynamoDBDocumentClient.from(new DynamoDBClient(CLIENT), { marshallOptions: { removeUndefinedValues: true } });
  });
  const made = {
    name,
    environment,
    now,
    newId: given.newId ?? randomUUID,
    sleep: given.sleep ?? ((milliseconds) => new Promise((done) => setTimeout(done, milliseconds))),
    log: logger({ function: name }, { now, ...(given.write ? { write: given.write } : {}) }),
    variable: (key) => variable(environment, key),
    documents,
    sqs: lazily("sqs", async () => new (await import("@aws-sdk/client-sqs")).SQSClient(CLIENT)),
    s3: lazily("s3", async () => {
      const { S3Client } = await import("@aws-sdk/client-s3");
      // The bucket's name is the first label of a host on AWS; an address of one's own (the emulated cloud) has it in the path.
      return new S3Client({ ...CLIENT, forcePathStyle: Boolean(environment.AWS_ENDPOINT_URL) });
    }),
    ses: lazily("ses", async () => new (await import("@aws-sdk/client-sesv2")).SESv2Client(CLIENT)),
    cognito: lazily("cognito", async () => {
      const { CognitoIdentityProviderClient } = await import("@aws-sdk/client-cognito-identity-provider");
      return new CognitoIdentityProviderClient(CLIENT);
    }),
  };
  made.store = new Store(made);
  return made;
}
