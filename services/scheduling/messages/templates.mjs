/**
 * Messages from templates, which are data: `templates/<language>.json`, a name to its subject, text and the order of its parameters.
 *
 * A placeholder is `{name}`. The same templates go out by mail and by gateways as text; Meta gets name and parameters, and holds the text itself.
 */

import { readFileSync } from "node:fs";

/** Languages there are, each with a file. */
export const LANGUAGES = ["en", "pt-BR", "es"];

const FILES = Object.fromEntries(
  LANGUAGES.map((language) => [language, JSON.parse(readFileSync(new URL(`templates/${language}.json`, import.meta.url), "utf8"))]),
);

/** Names there are, the same in every language. */
export const TEMPLATES = Object.keys(FILES.en);

/** A job asks for what cannot be written. */
export class TemplateError extends Error {}

/**
 * The language there is for a tag of BCP 47: itself, or the one of the same first part (`pt-PT` is answered in `pt-BR`).
 *
 * @returns {string | undefined}
 */
export function languageFor(tag) {
  const [primary] = tag.toLowerCase().split("-");
  return LANGUAGES.find((each) => each.toLowerCase() === tag.toLowerCase()) ?? LANGUAGES.find((each) => each.split("-")[0] === primary);
}

/**
 * @param {string} name of the template
 * @param {string} language a tag of BCP 47
 * @param {Record<string, string | number>} values one for each placeholder
 * @returns {{template: string, language: string, subject: string, text: string, parameters: string[]}}
 * @throws {TemplateError} for an unknown template or language, or a value that is missing
 */
export function render(name, language, values) {
  const known = languageFor(language);
  if (!known) throw new TemplateError(`no language like ${language}: there are ${LANGUAGES.join(", ")}`);
  if (!Object.hasOwn(FILES[known], name)) throw new TemplateError(`no template ${name}: there are ${TEMPLATES.join(", ")}`);
  const { subject, text, parameters } = FILES[known][name];
  const filled = (pattern) => pattern.replace(/\{(\w+)\}/g, (_, key) => valueOf(values, key, name));
  return { template: name, language: known, subject: filled(subject), text: filled(text), parameters: parameters.map((key) => valueOf(values, key, name)) };
}

function valueOf(values, key, name) {
  if (!Object.hasOwn(values, key)) throw new TemplateError(`template ${name} needs values for its placeholders: '${key}' is missing`);
  // A line break in a subject would begin a header of its own, and Meta refuses one in a parameter.
  return String(values[key]).replace(/\p{Cc}+/gu, " ").trim();
}
