import { locale } from "./i18n";

/** ISO 4217 currencies whose smallest unit is the unit itself; all others that the API knows have hundredths. */
const WHOLE = new Set(["CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "XAF", "XOF"]);

export function exponent(currency: string): number {
  return WHOLE.has(currency) ? 0 : 2;
}

interface Amount {
  amount: string;
  currency: string;
}

/**
 * Minor units of a decimal string, without a detour through floating point.
 *
 * @throws RangeError when the string is not a decimal number of the currency.
 */
export function minorOf(money: Amount): number {
  const digits = exponent(money.currency);
  const parts = /^(-?)(\d+)(?:\.(\d+))?$/.exec(money.amount);
  const fraction = parts?.[3] ?? "";
  if (parts === null || fraction.length > digits) throw new RangeError(`not an amount of ${money.currency}`);
  const minor = Number(`${parts[2]}${fraction.padEnd(digits, "0")}`);
  return parts[1] === "-" ? -minor : minor;
}

interface Shown {
  /** Leave out the fraction where there is one. */
  whole?: boolean;
  /** Shorten to thousands and millions. */
  compact?: boolean;
}

/** An amount in minor units as people write it. */
export function fromMinor(minor: number, currency: string, shown: Shown = {}, of: string = locale()): string {
  const digits = shown.whole ? 0 : exponent(currency);
  const number = minor / 10 ** exponent(currency);
  const format: Intl.NumberFormatOptions = { style: "currency", currency, currencyDisplay: "narrowSymbol" };
  if (shown.compact)
    return new Intl.NumberFormat(of, { ...format, notation: "compact", maximumSignificantDigits: 3 }).format(number);
  return new Intl.NumberFormat(of, { ...format, minimumFractionDigits: digits, maximumFractionDigits: digits }).format(
    number,
  );
}

/** A money object of the API as people write it. */
export function fromMoney(money: Amount, shown: Shown = {}, of: string = locale()): string {
  return fromMinor(minorOf(money), money.currency, shown, of);
}

/**
 * Minor units of what somebody typed into a field, or null when it is no amount: digits, with a decimal point or comma
 * and as many digits behind it as the currency has.
 */
export function minorTyped(text: string, currency: string): number | null {
  const digits = exponent(currency);
  const plain = text.replace(/[\s\u00a0']/g, "");
  const whole = digits === 0 ? plain.replace(/[.,](?=\d{3}(\D|$))/g, "") : plain.replace(",", ".");
  try {
    return minorOf({ amount: whole, currency });
  } catch {
    return null;
  }
}
