/**
 * Reads values that came from outside: each reader returns the clean value or throws, and all errors of a body are told at once.
 * What they take is what the contract (../openapi) lets through, so that a request is refused the same way with and without a gateway.
 */

import { invalid } from "./problem.mjs";

/** One wrong value. */
class Wrong extends Error {}

/** Several, each with the rest of the way down to it. */
class Several extends Error {
  constructor(all) {
    super("several");
    this.all = all;
  }
}

/** A text, counted in characters as JSON Schema does; without control characters, which break log lines and mails, unless `lines`. */
export const text =
  ({ min = 1, max = 200, pattern, what, lines = false } = {}) =>
  (value) => {
    if (typeof value !== "string") throw new Wrong("must be a string");
    const clean = value
      .toWellFormed()
      .normalize("NFC")
      .replace(/^ +| +$/g, "");
    const length = [...clean].length;
    if (length < min || length > max) throw new Wrong(`must have ${min} to ${max} characters (got ${length})`);
    if (!lines && /[\u0000-\u001f\u007f]/u.test(clean)) throw new Wrong("must not have control characters");
    if (pattern && !pattern.test(clean)) throw new Wrong(`must be ${what}`);
    return clean;
  };

export const integer =
  ({ min, max, step = 1 }) =>
  (value) => {
    if (Number.isSafeInteger(value) && value >= min && value <= max && value % step === 0) return value;
    throw new Wrong(`must be a whole number from ${min} to ${max}${step > 1 ? `, a multiple of ${step}` : ""}`);
  };

/** A whole number as a query writes it. */
export const count =
  ({ min, max, otherwise }) =>
  (value) => {
    if (value === undefined) return otherwise;
    return integer({ min, max })(/^\d{1,9}$/.test(value) ? Number(value) : Number.NaN);
  };

export const oneOf =
  (...allowed) =>
  (value) => {
    if (!allowed.includes(value)) throw new Wrong(`must be one of ${allowed.join(", ")}`);
    return value;
  };

const QUARTER = /^20[2-9]\d-\d{2}-\d{2}T([01]\d|2[0-3]):(00|15|30|45):00Z$/;

/** A time in UTC at a full quarter of an hour, such as "2031-03-10T14:00:00Z". */
export const quarter = () => (value) => {
  if (typeof value === "string" && QUARTER.test(value) && isDay(value.slice(0, 10))) return value;
  throw new Wrong('must be a time in UTC at a full quarter of an hour, such as "2031-03-10T14:00:00Z"');
};

/** A day in UTC, such as "2031-03-10". */
export const day = () => (value) => {
  if (typeof value === "string" && /^20[2-9]\d-\d{2}-\d{2}$/.test(value) && isDay(value)) return value;
  throw new Wrong('must be a day, such as "2031-03-10"');
};

/** Whether the calendar has it: `Date` itself takes February 30th as March 2nd. */
function isDay(value) {
  const time = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}

/** Milliseconds since 1970, or a Date, as the service writes times: in UTC, to the second. */
export function iso(time) {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

export const email = () => text({ min: 3, max: 254, pattern: /^[^\s@<>",;]+@[^\s@<>",;]+$/u, what: "an e-mail address" });

/** E.164: a plus, the country, the number. */
export const phone = () => text({ min: 8, max: 16, pattern: /^\+[1-9]\d{6,14}$/, what: "a telephone number such as +5511987654321" });

/** The tenant's own name of what can be booked. */
export const resourceId = () =>
  text({ max: 63, pattern: /^[a-z0-9][a-z0-9-]*$/, what: "small letters, digits and hyphens, and begin with none" });

export const uuid = () => text({ max: 36, pattern: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, what: "a UUID in small letters" });

/** Names within keys of the table, where "#" separates the parts. */
export const identifier = () =>
  text({ max: 64, pattern: /^[A-Za-z0-9][A-Za-z0-9_.:-]*$/, what: "letters, digits, dots, colons, hyphens and underscores" });

/** What need not be there; null is not absent. */
export const optional = (reader) => (value) => (value === undefined ? undefined : reader(value));

/** An object with these fields and no others. */
export const object = (fields) => (value) => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Wrong("must be an object");
  const wrong = Object.keys(value)
    .filter((name) => !Object.hasOwn(fields, name))
    .map((name) => ({ pointer: `/${escaped(name)}`, detail: `is not known; known are ${Object.keys(fields).join(", ")}` }));
  const clean = {};
  for (const [name, reader] of Object.entries(fields)) {
    const given = Object.hasOwn(value, name) ? value[name] : undefined;
    try {
      const read = reader(given);
      if (read !== undefined) clean[name] = read;
    } catch (error) {
      if (error instanceof Several) wrong.push(...error.all.map((each) => ({ ...each, pointer: `/${name}${each.pointer}` })));
      else if (error instanceof Wrong) wrong.push({ pointer: `/${name}`, detail: given === undefined ? "is required" : error.message });
      else throw error;
    }
  }
  if (wrong.length) throw new Several(wrong);
  return clean;
};

/** Read a body. Problem (400) names every wrong field by its JSON pointer, such as "#/customer/email". */
export function readFields(body, fields) {
  return read(body, object(fields), (pointer) => `#${pointer}`);
}

/** Read parameters of the path or the query: Problem (400) names every wrong one. Others than these are not looked at. */
export function readParameters(given, fields) {
  const known = Object.fromEntries(Object.keys(fields).map((name) => [name, given[name]]));
  return read(known, object(fields), (pointer) => pointer.slice(1));
}

function read(value, reader, named) {
  try {
    return reader(value);
  } catch (error) {
    if (error instanceof Several)
      throw invalid(error.all.slice(0, 100).map(({ pointer, detail }) => ({ pointer: named(pointer), detail })));
    if (error instanceof Wrong) throw invalid([{ pointer: named(""), detail: error.message }]);
    throw error;
  }
}

/** As RFC 6901 writes a name within a pointer; cut, since callers choose it. */
function escaped(name) {
  return name.slice(0, 64).replaceAll("~", "~0").replaceAll("/", "~1");
}
