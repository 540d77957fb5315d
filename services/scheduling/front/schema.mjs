/**
 * Checks a value by a schema of the contract, as far as API Gateway's validator does: JSON Schema draft 4, without formats.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html
 */

const KINDS = {
  object: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  array: Array.isArray,
  string: (value) => typeof value === "string",
  integer: Number.isInteger,
  number: (value) => typeof value === "number",
  boolean: (value) => typeof value === "boolean",
};

/** What `node` is, or what it refers to within `document`. */
export function resolve(document, node) {
  let found = node;
  while (found?.$ref) {
    found = found.$ref
      .slice(2)
      .split("/")
      .reduce((place, part) => place?.[part], document);
  }
  if (found === undefined) throw new Error(`${node.$ref} leads nowhere in the contract`);
  return found;
}

/** @returns {string[]} every fault, with its place as a JSON pointer fragment */
export function faults(document, schema, value, place = "#") {
  const known = resolve(document, schema);
  if (value === null && known.nullable) return [];
  if (known.type && !KINDS[known.type](value)) return [`${place} must be of type ${known.type}`];
  const found = [];
  if (known.enum && !known.enum.includes(value)) found.push(`${place} must be one of ${known.enum.join(", ")}`);
  if (typeof value === "string") found.push(...ofText(known, value, place));
  else if (typeof value === "number") found.push(...ofNumber(known, value, place));
  else if (Array.isArray(value)) found.push(...ofList(document, known, value, place));
  else if (KINDS.object(value)) found.push(...ofObject(document, known, value, place));
  return found;
}

function* ofText(schema, value, place) {
  // JSON Schema counts characters, and JavaScript halves of some.
  const length = [...value].length;
  if (length < (schema.minLength ?? 0)) yield `${place} must have at least ${schema.minLength} characters`;
  if (length > (schema.maxLength ?? Infinity)) yield `${place} must have at most ${schema.maxLength} characters`;
  if (schema.pattern && !new RegExp(schema.pattern, "u").test(value)) yield `${place} must match ${schema.pattern}`;
}

function* ofNumber(schema, value, place) {
  if (value < (schema.minimum ?? -Infinity)) yield `${place} must be at least ${schema.minimum}`;
  if (value > (schema.maximum ?? Infinity)) yield `${place} must be at most ${schema.maximum}`;
  if (schema.multipleOf && value % schema.multipleOf !== 0) yield `${place} must be a multiple of ${schema.multipleOf}`;
}

function* ofList(document, schema, value, place) {
  if (value.length > (schema.maxItems ?? Infinity)) yield `${place} must have at most ${schema.maxItems} items`;
  for (const [index, each] of schema.items ? value.entries() : []) yield* faults(document, schema.items, each, `${place}/${index}`);
}

function* ofObject(document, schema, value, place) {
  for (const name of schema.required ?? []) if (!Object.hasOwn(value, name)) yield `${place} must have ${name}`;
  const names = Object.keys(value);
  if (names.length < (schema.minProperties ?? 0)) yield `${place} must have at least ${schema.minProperties} properties`;
  for (const name of names) {
    if (Object.hasOwn(schema.properties ?? {}, name)) yield* faults(document, schema.properties[name], value[name], `${place}/${name}`);
    else if (schema.additionalProperties === false) yield `${place} must not have ${name}`;
  }
}
