/** One item put into the table by the SDK and nothing else: what the bench holds a booking against. */

import { randomUUID } from "node:crypto";

import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));

export async function handle() {
  const id = randomUUID();
  await client.send(new PutCommand({ TableName: process.env.TABLE, Item: { pk: `T#bare#B#${id}`, sk: "B", tenant: "bare", class: "booking", id } }));
  return { statusCode: 201 };
}
