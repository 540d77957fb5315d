/**
 * Before Cognito makes tokens: the user's tenant goes into both of them, and a user without one gets none (SCH-7).
 * https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
 *
 * The pool lets nobody write `custom:tenant` of their own: what stands there was written by whoever made the user. API Gateway gives the
 * claim to the functions, which take the tenant from nowhere else.
 */

import { logger } from "../shared/log.mjs";

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** @param {object} log for tests */
export function tokens(log = logger({ function: "tokens" })) {
  return async (event) => {
    if (Number(event.version) < 2)
      throw new Error("the pool must call with version 2 of the event: access tokens cannot be changed in the first");
    const tenant = event.request?.userAttributes?.["custom:tenant"];
    if (typeof tenant !== "string" || !NAME.test(tenant)) {
      // Cognito shows the message to whoever signs in.
      log.warn("refused: no tenant", { user: event.request?.userAttributes?.sub, trigger: event.triggerSource });
      throw new Error("This user belongs to no tenant. Ask the one who invited you.");
    }
    const claims = { claimsToAddOrOverride: { tenant } };
    return { ...event, response: { claimsAndScopeOverrideDetails: { idTokenGeneration: claims, accessTokenGeneration: claims } } };
  };
}

/** What Lambda calls. */
export const handle = tokens();
