import type { DraftViolation, Said } from "../../api/client";
import { known, locale, t, word, type Key, type Values } from "../i18n";
import { fromMinor } from "../money";
import { kilometres, volume, weight } from "../numbers";
import { hours, span } from "../time";

/** Working time of several vehicles is told in hours, however many. */
const DAY_S = 86_400;

const NOUNS: Record<string, Key> = {
  stops: "quantity.stops",
  vehicles: "quantity.vehicles",
  pallet_places: "quantity.pallet_places",
  skills: "quantity.skills",
};
const LIMITED: Record<string, Key> = { weight_g: "routes.fill.weight", volume_cm3: "routes.fill.volume" };

/** A count with its unit, as people say it. */
export function quantity(value: number, unit: string): string {
  if (value === 0) return t("quantity.some");
  if (unit === "s") return span(Math.max(60, Math.round(value / 60) * 60));
  if (unit === "m") return kilometres(value);
  if (unit === "g" || unit === "weight_g") return weight(value);
  if (unit === "cm3" || unit === "volume_cm3") return volume(value);
  const noun = NOUNS[unit];
  return noun === undefined ? `${new Intl.NumberFormat(locale()).format(value)} ${unit}` : t(noun, { n: value });
}

/** Money that a plan would cost more or, with a minus, less. */
export function signed(minor: number, currency: string): string {
  return `${minor > 0 ? "+" : ""}${fromMinor(minor, currency)}`;
}

/** A statement about a plan in the reader's language; the API's own English where no catalogue has its code. */
export function sentence(said: Said, currency: string): string {
  const key = `said.${said.code}`;
  if (!known(key)) return said.text;
  const told: Values = {};
  for (const [name, value] of Object.entries(said.values)) told[name] = shown(name, value, said, currency);
  const n = said.values["others"] ?? said.values["count"];
  if (typeof n === "number") told["n"] = n;
  const text = t(key, told);
  // A sentence with a gap would say less than the English one.
  return /\{\w+\}/.test(text) ? said.text : text;
}

function shown(name: string, value: string | number, said: Said, currency: string): string | number {
  const unit = said.values["unit"];
  if (name === "unit" && typeof value === "string") {
    const limited = LIMITED[value];
    return limited === undefined ? value.replaceAll("_", " ") : t(limited).toLocaleLowerCase(locale());
  }
  if (typeof value === "string") {
    if (name === "reason") return word("reason", value);
    if (name === "component") return word("said.component", value);
    return name.startsWith("rule") ? word("rule", value) : value;
  }
  if (name === "amount" && typeof unit === "string") return quantity(value, unit);
  if (name === "more_minor") return signed(value, currency);
  if (name.endsWith("_minor")) return fromMinor(value, currency);
  if (name.endsWith("_s")) return value > DAY_S ? hours(value) : span(Math.round(value / 60) * 60);
  return name.endsWith("_m") ? kilometres(value) : value;
}

/** What a route breaks, in words, with by how much. */
export function violationInWords(one: DraftViolation): string {
  const key = `violation.${one.code}`;
  if (!known(key)) return one.detail;
  const text = t(key);
  if (!text.includes("{amount}")) return text;
  return one.excess === null || one.unit === null ? one.detail : t(key, { amount: quantity(one.excess, one.unit) });
}
