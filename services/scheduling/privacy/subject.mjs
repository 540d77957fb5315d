/** Whom a request about a person's data is about, and by which addresses that person is known. */

import { Problem } from "../shared/problem.mjs";
import { readParameters, uuid } from "../shared/validate.mjs";

/**
 * The customer that the path names.
 *
 * @throws {Problem} 400 for no id, 403 unless the caller is that person or an owner of the tenant
 */
export function subjectOfCall({ params, principal }) {
  const { customer_id: customer } = readParameters(params, { customer_id: uuid() });
  if (!principal.roles.includes("owner") && customer !== principal.user) {
    throw new Problem("forbidden", "owners may do this, and customers for themselves");
  }
  return customer;
}

/** Addresses of mail in what is kept: of the person, of jobs, of users. */
export function addressesOf(items, users = []) {
  const found = [
    ...items.flatMap((item) => [item.email, item.job?.kind === "mail" ? item.job.to : undefined, item.answer?.body?.customer?.email]),
    ...users.map(({ attributes }) => attributes.email),
  ];
  return [...new Set(found.filter((each) => typeof each === "string"))];
}
