/**
 * What tests of the functions share: requests as API Gateway sends them, a clock, and the emulated cloud that the environment names.
 * Each test has tenants of its own; the table, queue, bucket and pool are those of the file's run.
 */

import { randomUUID } from "node:crypto";

import { DynamoDBStreamsClient, DescribeStreamCommand, GetRecordsCommand, GetShardIteratorCommand } from "@aws-sdk/client-dynamodb-streams";
import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DeleteMessageCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { marshall } from "@aws-sdk/util-dynamodb";

import { auditor } from "../audit/handler.mjs";
import { bookings } from "../bookings/handler.mjs";
import { privacy } from "../privacy/handler.mjs";
import { parts as makeParts } from "../shared/parts.mjs";

/** A morning before every booking of the tests. */
export const NOW = Date.parse("2031-03-01T08:00:00Z");

/** A tenant nobody else has, with people in it. */
export function tenant() {
  const name = `t-${randomUUID().slice(0, 8)}`;
  const person = (...roles) => ({ sub: randomUUID(), tenant: name, "cognito:groups": roles.join(",") });
  return { name, person, owner: person("owner"), staff: person("staff"), customer: person("customer") };
}

/** Functions on the emulated cloud, at a time that tests set, with their log lines kept. */
export function service({ environment = {}, ...given } = {}) {
  const lines = [];
  const clock = { time: NOW };
  const replaced = {
    now: () => new Date(clock.time),
    write: (line) => lines.push(line),
    environment: { ...process.env, ...environment },
    ...given,
  };
  const functions = { bookings: bookings(replaced), privacy: privacy(replaced) };
  const parts = makeParts("test", replaced);
  const ask = async (target, claims, { params, query, body, headers = {}, context, raw } = {}) => {
    const [name, method, resource] = target.split(" ");
    const answer = await functions[name](event(method, resource, claims, { params, query, body, headers, raw }), context);
    return { status: answer.statusCode, headers: answer.headers, body: answer.body ? JSON.parse(answer.body) : undefined };
  };
  const audit = auditor(replaced);
  return { ask, audit, clock, lines, parts, store: parts.store, pump: () => pump(parts, audit) };
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html */
export function event(method, resource, claims, { params = null, query = null, body, headers = {}, raw }) {
  const content = raw ?? (body === undefined ? null : JSON.stringify(body));
  return {
    httpMethod: method,
    resource,
    path: `/api${resource}`,
    pathParameters: params,
    queryStringParameters: query,
    headers: { ...(content === null ? {} : { "Content-Type": "application/json" }), ...headers },
    body: content,
    isBase64Encoded: false,
    requestContext: { requestId: randomUUID(), resourcePath: resource, ...(claims ? { authorizer: { claims } } : {}) },
  };
}

/** A day of 2031 that no other test uses, so that bookings of one resource do not meet. */
let days = 0;
export function freshDay() {
  return new Date(Date.UTC(2031, 2, 10 + days++)).toISOString().slice(0, 10);
}

export const ANA = { name: "Ana Souza", email: "ana@example.com", phone: "+5511912345678", language: "pt-BR" };

/** A booking of the first version at a time of a day, made by staff. */
export async function book(functions, by, day, time, more = {}) {
  const body = { resource: "dr-silva", start: `${day}T${time}:00Z`, duration_minutes: 30, customer: ANA, ...more };
  return functions.ask("bookings POST /v1/bookings", by, { body });
}

const waiting = [];
let iterators;

/** Give the function of the stream what is new in it, as Lambda does: in order, and again from where it failed. */
async function pump(parts, audit) {
  const streams = new DynamoDBStreamsClient({});
  iterators ??= await beginnings(streams, parts.variable("TABLE"));
  for (const [index, ShardIterator] of iterators.entries()) {
    const { Records, NextShardIterator } = await streams.send(new GetRecordsCommand({ ShardIterator }));
    waiting.push(...Records.map(asLambdaHasIt));
    iterators[index] = NextShardIterator;
  }
  const answer = await audit({ Records: waiting });
  const [failed] = answer.batchItemFailures;
  const taken = failed ? waiting.findIndex((each) => each.dynamodb.SequenceNumber === failed.itemIdentifier) : waiting.length;
  waiting.splice(0, taken);
  return answer;
}

async function beginnings(streams, TableName) {
  const { Table } = await new DynamoDBClient({}).send(new DescribeTableCommand({ TableName }));
  const StreamArn = Table.LatestStreamArn;
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
  const asked = StreamDescription.Shards.map(({ ShardId }) => ({ StreamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" }));
  return Promise.all(asked.map(async (each) => (await streams.send(new GetShardIteratorCommand(each))).ShardIterator));
}

function asLambdaHasIt({ eventID, eventName, dynamodb, userIdentity }) {
  const time = new Date(dynamodb.ApproximateCreationDateTime ?? NOW).getTime() / 1000;
  return { eventID, eventName, userIdentity, dynamodb: { ...dynamodb, ApproximateCreationDateTime: time } };
}

/** A record of the stream that tests make up. */
export function record(eventName, { before, after, ...more }) {
  const image = (item) => item && marshall(item, { removeUndefinedValues: true });
  const id = randomUUID().replaceAll("-", "");
  const dynamodb = { SequenceNumber: id, ApproximateCreationDateTime: NOW / 1000, OldImage: image(before), NewImage: image(after) };
  return { eventID: id, eventName, dynamodb, ...more };
}

/** All jobs of a tenant that are on the queue, taken out; others' stay. */
const taken = [];
export async function jobsOf(parts, name) {
  const sqs = await parts.sqs();
  const QueueUrl = parts.variable("JOBS_QUEUE_URL");
  for (;;) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    if (!Messages.length) break;
    for (const { Body, ReceiptHandle } of Messages) {
      taken.push(JSON.parse(Body));
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }
  const mine = taken.filter((each) => each.tenant === name);
  for (const each of mine) taken.splice(taken.indexOf(each), 1);
  return mine;
}

/** Every item of the table of which the test holds. */
export async function scan(store, holds) {
  const found = [];
  let start;
  do {
    const page = await store.send("Scan", { ConsistentRead: true, ...(start ? { ExclusiveStartKey: start } : {}) });
    found.push(...page.Items.filter(holds));
    start = page.LastEvaluatedKey;
  } while (start);
  return found;
}
