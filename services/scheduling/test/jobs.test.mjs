/** What is taken for a job, and the texts that are made of it. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { MalformedJob, read } from "../messages/jobs.mjs";
import { LANGUAGES, TEMPLATES, languageFor, render } from "../messages/templates.mjs";

const JOB = {
  id: "job-1",
  tenant: "clinic-a",
  customer: "c-1",
  kind: "mail",
  to: "ana@example.com",
  template: "booking-cancelled",
  language: "en",
  values: { name: "Ana", service: "Consultation", start: "10 March, 14:00" },
  booking: "b-1",
};

test("every template is there in every language, with the same parameters and no other placeholders", () => {
  const of = (language) => JSON.parse(readFileSync(new URL(`../messages/templates/${language}.json`, import.meta.url), "utf8"));
  for (const language of LANGUAGES) {
    for (const name of TEMPLATES) {
      const { subject, text, parameters } = of(language)[name];
      assert.deepEqual(parameters, of("en")[name].parameters, `${language} ${name}`);
      for (const pattern of [subject, text]) {
        for (const [, key] of pattern.matchAll(/\{(\w+)\}/g)) assert.ok(parameters.includes(key), `${language} ${name}: ${key}`);
      }
    }
    assert.deepEqual(Object.keys(of(language)), TEMPLATES);
  }
});

test("a language there is none of is answered in the nearest one", () => {
  assert.deepEqual(["pt-PT", "pt", "es-AR", "en-GB", "PT-br", "fr"].map(languageFor), ["pt-BR", "pt-BR", "es", "en", "pt-BR", undefined]);
});

test("a value cannot begin a line of its own", () => {
  const { subject, parameters } = render("booking-created", "en", { ...JOB.values, service: "Cut\r\nBcc: all@example.com" });
  assert.equal(subject, "Your appointment: Cut Bcc: all@example.com, 10 March, 14:00");
  assert.equal(parameters[1], "Cut Bcc: all@example.com");
});

test("a job comes with its message", () => {
  const { job, message } = read(JSON.stringify(JOB));
  assert.deepEqual(job, JOB);
  assert.equal(message.text, "Hello Ana, your appointment is cancelled: Consultation, 10 March, 14:00.");
});

test("a malformed job says why, and not what it held", () => {
  const wrong = {
    "it is not JSON": "{",
    "#/tenant": { ...JOB, tenant: "Clinic#A" },
    "#/kind: must be one of whatsapp, mail": { ...JOB, kind: "fax" },
    "#/to": { ...JOB, kind: "whatsapp" },
    "#/customer: is required": { ...JOB, customer: undefined },
    "#/more": { ...JOB, more: 1 },
    "#/values": { ...JOB, values: { name: { given: "Ana" } } },
    "'start' is missing": { ...JOB, values: { name: "Ana", service: "Consultation" } },
    "no template booking-lost: there are booking-created": { ...JOB, template: "booking-lost" },
    "no language like fr: there are en, pt-BR, es": { ...JOB, language: "fr" },
  };
  for (const [why, job] of Object.entries(wrong)) {
    const body = typeof job === "string" ? job : JSON.stringify(job);
    assert.throws(
      () => read(body),
      (error) => error instanceof MalformedJob && error.message.startsWith("malformed: ") && error.message.includes(why) && !error.message.includes("ana@"),
      why,
    );
  }
});
