/** Amounts of money as whole numbers of the currency's smallest unit, which no rounding can change. */

/**
 * Digits after the point, by ISO 4217: the currencies that Mercado Pago settles.
 * https://www.mercadopago.com.br/developers/en/reference/payments/_payments/post
 */
const DIGITS = { ARS: 2, BRL: 2, CLP: 0, COP: 2, MXN: 2, PEN: 2, USD: 2, UYU: 2 };

/**
 * @param {number | string} amount such as 120.5
 * @param {string} currency by ISO 4217
 * @returns {number} such as 12050
 * @throws {Error} for a currency that is not known here, and for an amount with more digits than it has
 */
export function minorUnits(amount, currency) {
  const digits = DIGITS[currency];
  if (digits === undefined) throw new Error(`currency ${currency} is not known: there are ${Object.keys(DIGITS).join(", ")}`);
  const [, whole, rest = ""] = /^(\d{1,12})(?:\.(\d+))?$/.exec(String(amount)) ?? [];
  if (whole === undefined || /[1-9]/.test(rest.slice(digits))) throw new Error(`${currency} has ${digits} digits after the point (got ${amount})`);
  return Number(whole + rest.slice(0, digits).padEnd(digits, "0"));
}
