/**
 * Structured logs: one JSON line for each event, without personal data (SCH-8, COM-2).
 * Fields that name a person are left out by their name; addresses and numbers within texts by their shape.
 */

const PERSONAL =
  /^(e[-_]?mail|phone|phone_number|to|from|ip|source_?ip|name|given_name|family_name|address|notes?|body|values|authorization|cookie)$/i;
const SHAPES = [
  [/[^\s@<>"'(),;:=]+@[^\s@<>"'(),;:=]+\.[^\s@<>"'(),;:=]+/gu, "[e-mail]"],
  [/(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])/g, "[ip]"],
  [/(?<![\w:])(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}(?![\w:])/gi, "[ip]"],
  [/(?<![\w-])\+\d[\d ()-]{6,}\d(?!\w)/g, "[phone]"],
  [/(?<![\w.:-])\d{10,15}(?![\w.:-])/g, "[phone]"],
];

/** The text with what identifies a person left out. */
export function withoutPersons(text) {
  return SHAPES.reduce((clean, [shape, word]) => clean.replace(shape, word), text);
}

/** The value as it may be logged: the same shape, at most five levels deep. */
export function redacted(value, depth = 0) {
  if (typeof value === "string") return withoutPersons(value.slice(0, 2000));
  if (value instanceof Error) return { name: value.name, message: withoutPersons(value.message), at: placeOf(value) };
  if (typeof value !== "object" || value === null) return value;
  if (depth > 4) return "[deeper]";
  if (Array.isArray(value)) return value.slice(0, 50).map((each) => redacted(each, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, PERSONAL.test(name) && each != null ? "[left out]" : redacted(each, depth + 1)]),
  );
}

/** Where the error was made: the stack's own lines, without its message, which may quote what was given. */
function placeOf(error) {
  const lines = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return lines.slice(0, 5).map((line) => line.trim());
}

/**
 * A logger whose lines all carry the fields.
 *
 * @param {object} fields such as {function: "bookings", request: "..."}
 * @param {(line: string) => void} write takes one line
 */
export function logger(fields, { write = (line) => console.log(line), now = () => new Date() } = {}) {
  const line =
    (level) =>
    (message, more = {}) =>
      write(JSON.stringify({ level, time: now().toISOString(), message: withoutPersons(message), ...redacted({ ...fields, ...more }) }));
  return {
    info: line("info"),
    warn: line("warn"),
    error: line("error"),
    with: (more) => logger({ ...fields, ...more }, { write, now }),
  };
}
