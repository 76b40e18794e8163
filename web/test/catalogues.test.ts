import { describe, expect, it } from "vitest";
import { chosen, TONGUES, type Catalogue, type Plural } from "../src/lib/i18n/catalogue";
import { en } from "../src/lib/i18n/en";

const english: Catalogue = en;
const others = TONGUES.filter((tongue) => tongue.tag !== "en");
const forms = (entry: string | Plural): [string, string][] =>
  typeof entry === "string" ? [["", entry]] : Object.entries(entry);
const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map((found) => found[0]).sort();

/** Words that are the same in another language: names, abbreviations, loan words of the trade. */
const SHARED: Record<string, RegExp> = {
  vi: /^(Nucleolus|Shapley|Pallet|Webhook|Email|SSCC|Incoterm|\{|≈|…)/,
  de: /^(Shapley|Name|Hub|Code|Passkeys?|Webhooks|Pool|Express|Economy|Standard|Service|Version|Import|Proportional|SSCC|Incoterm|\{|≈|…)/,
  "zh-Hans": /^(SSCC|Incoterm|\{|≈|…)/,
};

describe.each(others)("the catalogue in $name", ({ tag, load }) => {
  it("has the keys of the English one and no others", async () => {
    expect(Object.keys(await load()).sort()).toEqual(Object.keys(english).sort());
  });

  it("fills in the same names", async () => {
    const catalogue = await load();
    const wrong = Object.keys(english).filter((key) => {
      const of = (entry: string | Plural) => {
        // A form for one may leave the number out.
        const all = forms(entry).map(([, text]) => placeholders(text).filter((name) => name !== "{n}").join());
        return [...new Set(all)].join(" | ");
      };
      return of(english[key as keyof Catalogue]) !== of(catalogue[key as keyof Catalogue]);
    });
    expect(wrong).toEqual([]);
  });

  it("has the plural forms that the language needs, and only them", async () => {
    const needed = new Intl.PluralRules(tag).resolvedOptions().pluralCategories.slice().sort();
    for (const [key, entry] of Object.entries(await load())) {
      if (typeof english[key as keyof Catalogue] === "string") expect(typeof entry, key).toBe("string");
      else expect(Object.keys(entry as Plural).sort(), key).toEqual(needed);
    }
  });

  it("leaves nothing in English", async () => {
    const catalogue = await load();
    const left = Object.entries(catalogue).flatMap(([key, entry]) => {
      const said = new Set(forms(english[key as keyof Catalogue]).map(([, text]) => text));
      return forms(entry).filter(([, text]) => said.has(text) && !SHARED[tag]?.test(text)).map(([, text]) => `${key}: ${text}`);
    });
    expect(left).toEqual([]);
  });

  it("has no empty text and no stray blanks", async () => {
    const stray = Object.entries(await load()).filter(([, entry]) =>
      forms(entry).some(([, text]) => text === "" || text !== text.trimEnd() || text.includes("  ")),
    );
    expect(stray.map(([key]) => key)).toEqual([]);
  });
});

describe("English", () => {
  it("has one form for one and one for others", () => {
    for (const entry of Object.values(english)) {
      if (typeof entry !== "string") expect(Object.keys(entry).sort()).toEqual(["one", "other"]);
    }
  });
});

describe("the language", () => {
  it("is the first wanted that there is, with the reader's own region", () => {
    const of = (...wanted: string[]) => [chosen(wanted).tongue.tag, chosen(wanted).region];
    expect(of("fr", "en-GB")).toEqual(["en", "en-GB"]);
    expect(of("de-AT", "en")).toEqual(["de", "de-AT"]);
    expect(of("vi")).toEqual(["vi", "vi-VN"]);
    expect(of("zh-TW")).toEqual(["zh-Hans", "zh-CN"]);
    expect(of("tlh")).toEqual(["en", "en"]);
  });
});
