import { expect, it } from "vitest";
import { emptySize, sizeOf } from "../src/lib/sizes";

it("says a firm's size in minor units of the standard's own currency", () => {
  const typed = { ...emptySize("eu_2003_361", "2026-11-22"), employees: "12", revenue: "1500000,50" };
  const { figures } = sizeOf(typed, "eu_2003_361");
  expect(figures).toMatchObject({ sector: "any", employees: 12, currency: "EUR", fiscal_year: 2025 });
  expect(figures.revenue_minor).toBe(150_000_050);
  expect(figures.assets_minor).toBeNull();
});

it("counts dong without decimals", () => {
  const typed = { ...emptySize("vn_80_2021", "2026-01-02"), employees: "9", revenue: "9.000.000.000" };
  expect(sizeOf(typed, "vn_80_2021").figures.revenue_minor).toBe(9_000_000_000);
});
