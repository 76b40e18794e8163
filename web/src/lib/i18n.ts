import type { Key } from "./i18n/catalogue";
import { filled } from "./i18n/text";
import { language } from "./language.svelte";

export type { Catalogue, Key, Plural } from "./i18n/catalogue";

/** The tag that numbers, amounts and dates are written by. */
export function locale(): string {
  return language.region;
}

export type Values = Record<string, string | number>;

/** The text for a key, with `{names}` filled in; `n` decides the plural. */
export function t(key: Key, values: Values = {}): string {
  const entry = language.catalogue[key];
  const text =
    typeof entry === "string" ? entry : (entry[language.plurals.select(Number(values["n"] ?? 0))] ?? entry.other);
  return fill(text, values);
}

export function fill(text: string, values: Values): string {
  return filled(text, values, locale());
}

type Prefix =
  | "phase"
  | "reason"
  | "status"
  | "rule"
  | "service"
  | "action"
  | "unit"
  | "rotations"
  | "tariffs.line"
  | "on_top"
  | "code"
  | "problem"
  | "scope"
  | "role"
  | "level"
  | "temperature"
  | "pooling"
  | "note"
  | "basis"
  | "column"
  | "import"
  | "event"
  | "delivery"
  | "standing"
  | "size"
  | "why"
  | "verdict"
  | "document"
  | "sector"
  | "finding"
  | "condition"
  | "late"
  | "holiday"
  | "plan_status"
  | "plan_log"
  | "edit"
  | "violation"
  | "said.component"
  | "exception"
  | "tour_status"
  | "tours.event"
  | "tender_status"
  | "tender_mode"
  | "tender_award"
  | "amendment_status"
  | "offer_status"
  | "decline"
  | "closed"
  | "carrier_status"
  | "paper"
  | "haul.status"
  | "breaks.rule"
  | "space.unit"
  | "space.class"
  | "space.reason"
  | "space.change"
  | "space.status"
  | "invoice_status"
  | "invoice_event"
  | "charge"
  | "audit_finding";

/** The text for a code of the API, or the code itself where the catalogue does not know it. */
export function word(prefix: Prefix, code: string): string {
  const key = `${prefix}.${code}`;
  return known(key) ? t(key) : code.replaceAll("_", " ");
}

/** Whether the catalogue has an entry for a key that was put together. */
export function known(key: string): key is Key {
  return Object.hasOwn(language.catalogue, key);
}
