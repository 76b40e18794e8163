import { words } from "./words.svelte";

/** The time of an instant on clocks of a zone. */
export function clock(instant: string | number, zone: string): string {
  return new Intl.DateTimeFormat(words.region, {
    timeZone: zone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(new Date(instant));
}

/** The day of an instant in a zone, or a calendar day `YYYY-MM-DD` as it is. */
export function day(instant: string, zone: string): string {
  const bare = /^\d{4}-\d{2}-\d{2}$/.test(instant);
  return new Intl.DateTimeFormat(words.region, {
    timeZone: bare ? "UTC" : zone,
    weekday: "long",
    day: "numeric",
    month: "long",
  }).format(new Date(instant));
}

export function amount(minor: number, currency: string): string {
  const format = new Intl.NumberFormat(words.region, { style: "currency", currency, currencyDisplay: "narrowSymbol" });
  // Where the platform has no hundredths, ISO 4217 has none either.
  return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

export function kilograms(weight_g: number): string {
  return new Intl.NumberFormat(words.region, {
    style: "unit",
    unit: "kilogram",
    maximumFractionDigits: weight_g < 10_000 ? 1 : 0,
  }).format(weight_g / 1000);
}
