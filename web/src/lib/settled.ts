import type { components } from "../api/schema";
import type { Key } from "./i18n";
import { exponent, minorTyped } from "./money";

type Schemas = components["schemas"];
export type SectionSettings = Schemas["SectionSettings"];
export type SettledVersion = Schemas["SettledVersion"];
export type SettleSection = Schemas["SettleSection"];
export type Section = "sharing" | "planning" | "map" | "languages";

/** Who the sections are, in the order of the page. */
export const SECTIONS: readonly Section[] = ["sharing", "planning", "map", "languages"];
export const LANGUAGES = { en: "English", vi: "Tiếng Việt", de: "Deutsch", zh: "简体中文" } as const;

type Kind = "rule" | "integer" | "minutes" | "money" | "yes" | "text" | "degrees" | "language" | "languages";

/** One value of a section: how it is called, and how it is typed. */
export interface Item {
  name: string;
  title: Key;
  kind: Kind;
  hint?: Key;
  min?: number;
  max?: number;
}

export const ITEMS: Record<Section, readonly Item[]> = {
  sharing: [
    { name: "rule", title: "settle.rule", kind: "rule" },
    { name: "players_max", title: "settle.players_max", kind: "integer", min: 1, max: 12 },
  ],
  planning: [
    { name: "seconds", title: "settle.seconds", kind: "integer", min: 1, max: 3600 },
    { name: "buffer_s", title: "settle.buffer_min", kind: "minutes", min: 0, max: 240 },
    { name: "co2_minor_per_kg", title: "settle.co2", kind: "money" },
    { name: "change_minor", title: "settle.change_price", kind: "money" },
    { name: "seed", title: "settle.seed", kind: "integer", min: 0 },
    { name: "publish_at_once", title: "settle.publish", kind: "yes" },
  ],
  map: [
    { name: "tile_url", title: "settle.tiles", kind: "text", hint: "settle.tiles.hint" },
    { name: "attribution", title: "settle.attribution", kind: "text" },
    { name: "centre_lat", title: "settle.lat", kind: "degrees" },
    { name: "centre_lon", title: "settle.lon", kind: "degrees" },
    { name: "zoom", title: "settle.zoom", kind: "integer", min: 0, max: 22 },
  ],
  languages: [
    { name: "default", title: "settle.default", kind: "language" },
    { name: "offered", title: "settle.offered", kind: "languages" },
  ],
};

/** A section's values, whatever its shape. */
export type Values = Record<string, unknown>;
/** The same as typed into a form. */
export type Typed = Record<string, string | boolean | string[]>;

export function valuesOf(version: SettledVersion, section: Section): Values {
  return (version[section] ?? {}) as Values;
}

const SECONDS = 60;

export function typedOf(values: Values, items: readonly Item[], currency: string): Typed {
  return Object.fromEntries(items.map((item) => [item.name, typed(values[item.name], item.kind, currency)]));
}

function typed(value: unknown, kind: Kind, currency: string): string | boolean | string[] {
  if (kind === "yes") return value === true;
  if (kind === "languages") return Array.isArray(value) ? value.map(String) : [];
  if (value === null || value === undefined) return "";
  if (kind === "minutes") return String(Number(value) / SECONDS);
  if (kind === "money") return (Number(value) / 10 ** exponent(currency)).toFixed(exponent(currency));
  return String(value);
}

/** What was typed as the API takes it. What is no number goes as it is: the API says what is wrong with it. */
export function bodyOf(typed: Typed, items: readonly Item[], currency: string): Values {
  return Object.fromEntries(items.map((item) => [item.name, sent(typed[item.name], item, currency)]));
}

function sent(value: Typed[string] | undefined, item: Item, currency: string): unknown {
  if (typeof value !== "string") return value;
  const text = value.trim();
  switch (item.kind) {
    case "integer":
    case "degrees":
      return text === "" ? null : number(text);
    case "minutes":
      return text === "" ? 0 : Math.round(Number(text.replace(",", ".")) * SECONDS);
    case "money":
      return text === "" ? 0 : (minorTyped(text, currency) ?? text);
    case "text":
      return item.name === "tile_url" && text === "" ? null : text;
    default:
      return text;
  }
}

function number(text: string): number | string {
  const found = Number(text.replace(",", "."));
  return Number.isFinite(found) ? found : text;
}
