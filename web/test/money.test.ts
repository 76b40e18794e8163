import { describe, expect, it } from "vitest";
import { fromMinor, fromMoney, minorOf, minorTyped } from "../src/lib/money";

describe("money", () => {
  it("reads decimal strings into minor units by the currency's digits", () => {
    expect(minorOf({ amount: "12.50", currency: "EUR" })).toBe(1250);
    expect(minorOf({ amount: "12.5", currency: "EUR" })).toBe(1250);
    expect(minorOf({ amount: "-0.07", currency: "EUR" })).toBe(-7);
    expect(minorOf({ amount: "125000", currency: "VND" })).toBe(125000);
  });

  it("refuses what is no amount of the currency", () => {
    expect(() => minorOf({ amount: "1.5", currency: "VND" })).toThrow(RangeError);
    expect(() => minorOf({ amount: "1.234", currency: "EUR" })).toThrow(RangeError);
    expect(() => minorOf({ amount: "1e6", currency: "EUR" })).toThrow(RangeError);
    expect(() => minorOf({ amount: "", currency: "EUR" })).toThrow(RangeError);
  });

  it("writes dong without and euro with a fraction", () => {
    expect(fromMinor(8111919, "VND", {}, "en")).toBe("₫8,111,919");
    expect(fromMinor(123456, "EUR", {}, "en")).toBe("€1,234.56");
    expect(fromMinor(123456, "EUR", {}, "de").replace(/\u00a0/g, " ")).toBe("1.234,56 €");
    expect(fromMinor(123456, "EUR", { whole: true }, "en")).toBe("€1,235");
    expect(fromMoney({ amount: "-12.50", currency: "EUR" }, {}, "en")).toBe("-€12.50");
  });

  it("writes amounts as each language does", () => {
    const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");
    expect(plain(fromMinor(8111919, "VND", {}, "vi-VN"))).toBe("8.111.919 ₫");
    expect(plain(fromMinor(8111919, "VND", {}, "de-DE"))).toBe("8.111.919 ₫");
    expect(plain(fromMinor(123456, "EUR", {}, "vi-VN"))).toBe("1.234,56 €");
    expect(plain(fromMinor(123456, "CNY", {}, "zh-CN"))).toBe("¥1,234.56");
  });

  it("shortens for axes", () => {
    expect(fromMinor(10_700_000, "VND", { compact: true }, "en")).toBe("₫10.7M");
  });

  it("takes what people type, with the separators of their country", () => {
    expect(minorTyped("45000", "VND")).toBe(45000);
    expect(minorTyped("45,000", "VND")).toBe(45000);
    expect(minorTyped("1.045.000", "VND")).toBe(1045000);
    expect(minorTyped("12,5", "EUR")).toBe(1250);
    expect(minorTyped("12.50", "EUR")).toBe(1250);
    expect(minorTyped("12.5", "VND")).toBeNull();
    expect(minorTyped("a lot", "EUR")).toBeNull();
  });
});
