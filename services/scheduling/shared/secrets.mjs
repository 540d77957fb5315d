/**
 * Secrets at run time, by the AWS Parameters and Secrets Lambda extension on loopback: none lies in the environment (SCH-8).
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets_lambda.html
 */

const TIMEOUT_MS = 3_000;
const KEPT_MS = 60_000;
const kept = new Map();

/** The secret is not configured or cannot be had; the text names it, never its value. */
export class SecretError extends Error {}

/**
 * The JSON value of the secret that `<NAME>_SECRET` names; kept for a minute, so that a rotated one is used soon.
 *
 * @param {string} name such as "STRIPE"
 * @param {{fresh?: boolean, environment?: object, now?: () => number}} options `fresh` asks past this cache: when it is not right
 * @returns {Promise<object>}
 * @throws {SecretError}
 */
export async function secret(name, { fresh = false, environment = process.env, now = Date.now } = {}) {
  const variable = `${name}_SECRET`;
  const id = environment[variable];
  if (!id) throw new SecretError(`${variable} is not set: it names the secret in Secrets Manager`);
  const known = kept.get(id);
  if (!fresh && known && known.until > now()) return known.value;
  const value = parsed(await asked(id, environment), id);
  kept.set(id, { value, until: now() + KEPT_MS });
  return value;
}

/** Forget what is kept; for tests. */
export function forgetSecrets() {
  kept.clear();
}

async function asked(id, environment) {
  const port = environment.PARAMETERS_SECRETS_EXTENSION_HTTP_PORT || "2773";
  const address = `http://localhost:${port}/secretsmanager/get?secretId=${encodeURIComponent(id)}`;
  let answer;
  try {
    const headers = { "X-Aws-Parameters-Secrets-Token": environment.AWS_SESSION_TOKEN ?? "" };
    answer = await fetch(address, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (answer.ok) return await answer.json();
  } catch (error) {
    throw new SecretError(`the secrets extension does not answer for ${id}`, { cause: error });
  }
  throw new SecretError(`the secrets extension answered ${answer.status} for ${id}`);
}

function parsed(document, id) {
  try {
    const value = JSON.parse(document.SecretString);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // The error of JSON.parse quotes what it read.
  }
  throw new SecretError(`the value of ${id} is not a JSON object`);
}
