/**
 * Bookings of a tenant's resources, and when they are free (SCH-2, SCH-3). Both versions of ../openapi are answered here.
 */

import { api, reply } from "../shared/http.mjs";
import { cancel, change, create } from "./changes.mjs";
import { availability, get, listDay, listSpan } from "./reading.mjs";

/** @param {object} given replacements of parts, for tests */
export function bookings(given) {
  return api(
    "bookings",
    {
      "GET /health": async () => reply(200, { status: "ok" }),
      "POST /bookings": create,
      "GET /bookings": listDay,
      "GET /bookings/{booking_id}": get,
      "PATCH /bookings/{booking_id}": change,
      "DELETE /bookings/{booking_id}": cancel,
      "GET /resources/{resource_id}/bookings": listSpan,
      "GET /resources/{resource_id}/availability": availability,
    },
    given,
  );
}

/** What Lambda calls. */
export const handle = bookings();
