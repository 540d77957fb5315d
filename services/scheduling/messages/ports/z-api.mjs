/**
 * Z-API, an unofficial gateway: it drives a WhatsApp Web session, for which WhatsApp may ban the number (SCH-4, D11).
 *
 * Secret: `{ "instance_id", "token", "client_token" }`. It takes a text into a queue of its own and sends it 1 to 3 seconds after the one before.
 * It knows no key of the caller's: an attempt whose answer is missing stays in doubt.
 * Source: https://developer.z-api.io/en/message/send-text, https://developer.z-api.io/en/api-reference/introduction (seen 2026-11-22)
 */

import { ofError, ofStatus, refused, sent } from "./outcome.mjs";
import { request } from "../../shared/outgoing.mjs";

export const ADDRESS = "https://api.z-api.io";
export const OFFICIAL = false;

export async function send({ to, message }, { url = ADDRESS, secret, timeout }) {
  const { instance_id: instance, token, client_token: client } = secret;
  try {
    const answer = await request(`${url}/instances/${encodeURIComponent(instance)}/token/${encodeURIComponent(token)}/send-text`, {
      method: "POST",
      headers: { "content-type": "application/json", "client-token": client },
      body: JSON.stringify({ phone: to.replace(/\D/g, ""), message: message.text }),
      timeout,
    });
    if (answer.status !== 200) return ofStatus(answer);
    const id = answer.body?.messageId ?? answer.body?.zaapId;
    return id ? sent(id) : refused(`not taken: ${String(answer.body?.error ?? "no id in the answer")}`);
  } catch (error) {
    return ofError(error);
  }
}
