/** What Cognito asks before it makes tokens. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { tokens } from "../tokens/handler.mjs";

const lines = [];
const handle = tokens({ warn: (message, fields) => lines.push({ message, ...fields }) });
const asked = (attributes, version = "2") => ({
  version,
  triggerSource: "TokenGeneration_HostedAuth",
  userName: "ana",
  request: {
    userAttributes: { sub: "9b2e7c52-6a4d-4f0b-8a8e-2a1d5f5c9d01", email: "ana@example.com", ...attributes },
    groupConfiguration: {},
    scopes: [],
  },
  response: { claimsAndScopeOverrideDetails: null },
});

test("both tokens get the tenant of the user, and nothing else changes", async () => {
  const given = asked({ "custom:tenant": "clinic-a" });
  const { response, ...rest } = await handle(given);
  const claims = { claimsToAddOrOverride: { tenant: "clinic-a" } };
  assert.deepEqual(response.claimsAndScopeOverrideDetails, { idTokenGeneration: claims, accessTokenGeneration: claims });
  const { response: _, ...before } = given;
  assert.deepEqual(rest, before);
});

test("a user without a tenant, or with a name that is none, gets no token", async () => {
  for (const name of [undefined, "", "Clinic A", "a#C#b", "-a", "a".repeat(64)]) {
    await assert.rejects(handle(asked({ "custom:tenant": name })), /belongs to no tenant/, String(name));
  }
  assert.ok(!JSON.stringify(lines).includes("ana@example.com"));
  await assert.rejects(handle(asked({ "custom:tenant": "clinic-a" }, "1")), /version 2/);
});
