/**
 * E-mail through SES v2 with the configuration set that reports bounces and complaints (SCH-6).
 *
 * SES has no key of the caller's against doubles, so the SDK must not try again by itself: an attempt whose answer is missing stays in doubt.
 * Source: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
 */

import { SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";

import { PATIENCE_SECONDS, later, refused, retry, sent, unknown } from "./outcome.mjs";
import { ANSWER_MS } from "../../shared/outgoing.mjs";

let client;

/** What only waiting helps against: the rate, or the day's quota. */
const PATIENCE = new Set(["TooManyRequestsException", "LimitExceededException", "ThrottlingException", "Throttling"]);
/** The account's or the domain's state, which is not the message's fault. */
const REPAIRABLE = new Set([
  "SendingPausedException", "AccountSuspendedException", "MailFromDomainNotVerifiedException", "AccessDeniedException",
  "InternalServiceErrorException", "ExpiredTokenException", "CredentialsProviderError",
]);

export async function send({ job, to, message }, { from, configurationSet, timeout = ANSWER_MS }) {
  client ??= new SESv2Client({ maxAttempts: 1 });
  const text = (value) => ({ Data: value, Charset: "UTF-8" });
  const command = new SendEmailCommand({
    FromEmailAddress: from,
    Destination: { ToAddresses: [to] },
    Content: { Simple: { Subject: text(message.subject), Body: { Text: text(message.text) } } },
    ConfigurationSetName: configurationSet || undefined,
    // What the event of a bounce tells, so that it can be traced without the address.
    EmailTags: [{ Name: "job", Value: job.id }, { Name: "tenant", Value: job.tenant }],
  });
  try {
    const answer = await client.send(command, { abortSignal: AbortSignal.timeout(timeout) });
    return sent(answer.MessageId);
  } catch (error) {
    return ofServiceError(error);
  }
}

/** What an error of the SDK means. */
export function ofServiceError(error) {
  if (PATIENCE.has(error.name)) return later(`limited (${error.name})`, PATIENCE_SECONDS);
  if (REPAIRABLE.has(error.name)) return retry(`failed (${error.name})`);
  const status = error.$metadata?.httpStatusCode;
  if (status >= 500) return retry(`failed (${error.name})`);
  if (status >= 400) return refused(`refused (${error.name})`);
  return ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"].includes(error.code) ? retry(`no connection (${error.code})`) : unknown(`no answer (${error.name})`);
}
