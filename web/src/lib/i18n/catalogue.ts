import type { en } from "./en";
import { best } from "./text";

/** Every catalogue has the keys of the English one; a plural entry has the forms that its language needs. */
export type Key = keyof typeof en;
export type Plural = { other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;
export type Catalogue = Record<Key, string | Plural>;

/** A part of a catalogue, with the keys of the same part in English. */
export type Words<English> = { [K in keyof English]: English[K] extends string ? string : Plural };

/** A language of the pages: its tag, its own name, and the region whose formats it has where the reader names none. */
export interface Tongue {
  tag: "en" | "vi" | "de" | "zh-Hans";
  name: string;
  region: string;
  load: () => Promise<Catalogue>;
}

/** English comes with the page; each other catalogue is fetched once somebody reads it. */
export const TONGUES: readonly [Tongue, ...Tongue[]] = [
  { tag: "en", name: "English", region: "en", load: async () => (await import("./en")).en },
  { tag: "vi", name: "Tiếng Việt", region: "vi-VN", load: async () => (await import("./vi")).vi },
  { tag: "de", name: "Deutsch", region: "de-DE", load: async () => (await import("./de")).de },
  { tag: "zh-Hans", name: "简体中文", region: "zh-CN", load: async () => (await import("./zh")).zh },
];

/** The first wanted language that there is a catalogue for, with the reader's own region for numbers and dates. */
export function chosen(wanted: readonly string[]): { tongue: Tongue; region: string } {
  return best(TONGUES, wanted);
}
