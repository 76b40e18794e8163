import { best, filled } from "../i18n/text";
import { driver as english } from "../i18n/en/driver";

export type Entry = string | ({ other: string } & Partial<Record<Intl.LDMLPluralRule, string>>);
export type WordKey = keyof typeof english;
type Catalogue = Record<WordKey, Entry>;

interface Tongue {
  tag: "en" | "vi" | "de" | "zh-Hans";
  name: string;
  region: string;
  load: () => Promise<Catalogue>;
}

export const TONGUES: readonly [Tongue, ...Tongue[]] = [
  { tag: "en", name: "English", region: "en", load: async () => english },
  { tag: "vi", name: "Tiếng Việt", region: "vi-VN", load: async () => (await import("../i18n/vi/driver")).driver },
  { tag: "de", name: "Deutsch", region: "de-DE", load: async () => (await import("../i18n/de/driver")).driver },
  { tag: "zh-Hans", name: "简体中文", region: "zh-CN", load: async () => (await import("../i18n/zh/driver")).driver },
];
/** The same choice as on the other pages. */
const STORED = "cluster.language";

/** The words of the phone's pages, without those of all the others. */
class WordsOf {
  tongue = $state.raw<Tongue>(TONGUES[0]);
  region = $state("en");
  catalogue = $state.raw<Catalogue>(english);

  readonly #plurals = $derived(new Intl.PluralRules(this.tongue.tag));

  async begin(): Promise<void> {
    await this.#read([...kept(), ...navigator.languages]);
  }

  async choose(tag: string): Promise<void> {
    try {
      localStorage.setItem(STORED, tag);
    } catch {
      // For this page, then.
    }
    await this.#read([...navigator.languages.filter((one) => one.split("-")[0] === tag.split("-")[0]), tag]);
  }

  t(key: WordKey, values: Record<string, string | number> = {}): string {
    const entry = this.catalogue[key];
    const text = typeof entry === "string" ? entry : (entry[this.#plurals.select(Number(values["n"] ?? 0))] ?? entry.other);
    return filled(text, values, this.region);
  }

  /** The text for a code that was put together; the code itself where there is none. */
  of(prefix: string, code: string): string {
    const key = `${prefix}.${code}`;
    return Object.hasOwn(this.catalogue, key) ? this.t(key as WordKey) : code.replaceAll("_", " ");
  }

  async #read(wanted: readonly string[]): Promise<void> {
    const { tongue, region } = best(TONGUES, wanted);
    try {
      this.catalogue = await tongue.load();
    } catch {
      // Without reception a language that was never read stays away; the page goes on in the one it has.
      return;
    }
    this.tongue = tongue;
    this.region = region;
    document.documentElement.lang = tongue.tag;
  }
}

function kept(): string[] {
  try {
    const tag = localStorage.getItem(STORED);
    if (tag === null) return [];
    return [...navigator.languages.filter((one) => one.split("-")[0] === tag.split("-")[0]), tag];
  } catch {
    return [];
  }
}

export const words = new WordsOf();
