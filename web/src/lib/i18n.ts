import { en } from "./i18n/en";

/** Every catalogue has the keys of the English one; a plural entry has the forms that its language needs. */
export type Key = keyof typeof en;
export type Plural = { other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;
export type Catalogue = Record<Key, string | Plural>;

/** Languages by tag. Another one is a file beside `en.ts` and a line here. */
const CATALOGUES: Record<string, Catalogue> = { en };

const { language, region } = chosen(typeof navigator === "undefined" ? [] : navigator.languages);
const catalogue: Catalogue = CATALOGUES[language] ?? en;
const plurals = new Intl.PluralRules(language);

/** The first wanted language that there is a catalogue for, with the reader's own region for numbers and dates. */
export function chosen(wanted: readonly string[]): { language: string; region: string } {
  for (const tag of wanted) {
    const base = tag.split("-")[0] ?? tag;
    if (base in CATALOGUES) return { language: base, region: tag };
  }
  return { language: "en", region: "en" };
}

export function locale(): string {
  return region;
}

export type Values = Record<string, string | number>;

/** The text for a key, with `{names}` filled in; `n` decides the plural. */
export function t(key: Key, values: Values = {}): string {
  const entry = catalogue[key];
  const text = typeof entry === "string" ? entry : (entry[plurals.select(Number(values["n"] ?? 0))] ?? entry.other);
  return fill(text, values);
}

export function fill(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? new Intl.NumberFormat(region).format(value) : value;
  });
}

type Prefix = "phase" | "reason" | "status" | "rule" | "service" | "action" | "unit" | "rotations" | "on_top";

/** The text for a code of the API, or the code itself where the catalogue does not know it. */
export function word(prefix: Prefix, code: string): string {
  const key = `${prefix}.${code}`;
  return key in catalogue ? t(key as Key) : code.replaceAll("_", " ");
}

/** Whether the catalogue has an entry for a key that was put together. */
export function known(key: string): key is Key {
  return key in catalogue;
}
