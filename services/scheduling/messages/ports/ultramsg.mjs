/**
 * UltraMsg, an unofficial gateway: it drives a WhatsApp Web session, for which WhatsApp may ban the number (SCH-4, D11).
 *
 * Secret: `{ "instance_id", "token" }`. It takes a text into a queue of its own, which sends one a second or slower. The job's id goes with
 * it as `referenceId`, by which it can be asked for afterwards: an attempt in doubt is settled by asking.
 * It answers 200 for refusals too, with `error` in the body.
 * Source: https://docs.ultramsg.com/api/post/messages/chat, https://docs.ultramsg.com/api/get/messages (seen 2026-11-22)
 */

import { ofError, ofStatus, refused, retry, sent } from "./outcome.mjs";
import { request } from "../../shared/outgoing.mjs";

export const ADDRESS = "https://api.ultramsg.com";
export const OFFICIAL = false;
const LONGEST = 4096;

export async function send({ job, to, message }, { url = ADDRESS, secret, timeout }) {
  if (message.text.length > LONGEST) return refused(`longer than ${LONGEST} characters`);
  const form = new URLSearchParams({ token: secret.token, to, body: message.text, referenceId: job.id });
  try {
    return taken(await request(`${url}/${encodeURIComponent(secret.instance_id)}/messages/chat`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: form.toString(),
      timeout,
    }));
  } catch (error) {
    return ofError(error);
  }
}

/** @returns {Promise<string | null>} its id when it has taken the job's message, null when it has not; an error when it does not tell */
export async function find({ job }, { url = ADDRESS, secret, timeout }) {
  const asked = new URLSearchParams({ token: secret.token, page: "1", limit: "1", status: "all", sort: "asc", referenceId: job.id });
  const answer = await request(`${url}/${encodeURIComponent(secret.instance_id)}/messages?${asked}`, { timeout });
  const found = answer.body?.messages;
  if (answer.status !== 200 || !Array.isArray(found)) throw new Error(`UltraMsg does not tell what it has taken (${answer.status})`);
  return found.length ? String(found[0].id) : null;
}

function taken(answer) {
  if (answer.status !== 200) return ofStatus(answer);
  const { sent: yes, id, error } = answer.body ?? {};
  if (String(yes) === "true") return sent(id ?? "taken");
  const reason = typeof error === "string" ? error : JSON.stringify(error ?? "no word of it in the answer");
  // A wrong token or an instance that is starting again is the operator's to repair, not a fault of this message.
  return /token|instance|auth/i.test(reason) ? retry(`not let in: ${reason}`) : refused(`not taken: ${reason}`);
}
