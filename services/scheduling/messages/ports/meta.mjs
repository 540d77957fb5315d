/**
 * WhatsApp Cloud API of Meta, the official one (SCH-4, D11).
 *
 * Secret: `{ "phone_number_id", "access_token" }`. A business that writes first may only send templates that Meta has approved: the message goes as
 * template `<name with underscores>` with the values in the order that the template file gives. The job's id comes back in status webhooks
 * (`biz_opaque_callback_data`), but cannot be asked for: an attempt whose answer is missing stays in doubt.
 * Limits: 80 messages a second for a number, and a pace for each pair of numbers; both are answered by codes, not by 429 alone.
 * Source: https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages,
 * https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes (codes as listed on 2026-11-22)
 */

import { PATIENCE_SECONDS, later, ofError, ofStatus, refused, retry, sent } from "./outcome.mjs";
import { request } from "../../shared/outgoing.mjs";

export const ADDRESS = "https://graph.facebook.com";
export const OFFICIAL = true;
/** Of the Graph API. Each is kept for two years at least. Source: https://developers.facebook.com/docs/graph-api/changelog */
const VERSION = "v23.0";

/** Too many: of the app (4), the account (80007), the number (130429, 131048), the pair of numbers (131056). */
const PATIENCE = new Set([4, 80007, 130429, 131048, 131056]);
/** Meta's own trouble, or the account's: access, payment, a lock. The message is as good as before once that is repaired. */
const REPAIRABLE = new Set([0, 1, 2, 3, 10, 190, 368, 131000, 131005, 131016, 131031, 131042, 133004]);

export async function send({ job, to, message }, { url = ADDRESS, secret, timeout }) {
  const body = {
    messaging_product: "whatsapp",
    recipient_type: "individual",
    to: to.replace(/\D/g, ""),
    type: "template",
    template: {
      name: message.template.replaceAll("-", "_"),
      language: { code: message.language.replace("-", "_") },
      components: [{ type: "body", parameters: message.parameters.map((text) => ({ type: "text", text })) }],
    },
    biz_opaque_callback_data: job.id,
  };
  try {
    return taken(await request(`${url}/${VERSION}/${encodeURIComponent(secret.phone_number_id)}/messages`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${secret.access_token}` },
      body: JSON.stringify(body),
      timeout,
    }));
  } catch (error) {
    return ofError(error);
  }
}

function taken(answer) {
  const id = answer.body?.messages?.[0]?.id;
  if (answer.status === 200 && id) return sent(id);
  const code = answer.body?.error?.code;
  if (!Number.isInteger(code)) return answer.status === 200 ? refused("no id in the answer") : ofStatus(answer);
  if (PATIENCE.has(code)) return later(`limited (code ${code})`, PATIENCE_SECONDS);
  if (REPAIRABLE.has(code) || (code >= 200 && code <= 299)) return retry(`failed (code ${code})`);
  return refused(`refused (code ${code})`);
}
