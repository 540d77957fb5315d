/**
 * The ways out: one port for each kind of job and provider, all with the same interface.
 *
 * `send({ job, to, message }, settings)` answers an outcome (`outcome.mjs`) and never throws for what a provider does;
 * `find({ job, to, message }, settings)`, where a provider can be asked, answers the id under which it has taken a job, or null.
 */

import * as mail from "./mail.mjs";
import * as meta from "./meta.mjs";
import * as ultramsg from "./ultramsg.mjs";
import * as zapi from "./z-api.mjs";

export const WHATSAPP = { "z-api": zapi, ultramsg, meta };

/**
 * The port of a job's kind.
 *
 * @throws {Error} when the configured provider is none of those there are
 */
export function portOf(kind, provider) {
  if (kind === "mail") return mail;
  const port = WHATSAPP[provider];
  if (!port) throw new Error(`WHATSAPP_PROVIDER is '${provider}': it must be one of ${Object.keys(WHATSAPP).join(", ")}`);
  return port;
}
