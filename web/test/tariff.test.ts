import { expect, test } from "vitest";
import { tariffOf, typedOf, type TariffVersion } from "../src/lib/tariff";

const VERSION = {
  carrier_name: "River Freight",
  tariff: { fixed_minor: 12000, km_minor: 85, hour_minor: 2400, stop_minor: 150 },
  trip_minor: 500,
  minimum_minor: 15000,
  fuel: [{ effective_from: "2027-01-01", permille: 35 }],
  zones: [
    { code: "centre", name: "City centre", supplement_minor: 800, per: "route", postal_codes: ["101", "SW1 A"], ward_codes: ["00123"], province_codes: [], area: [] },
  ],
  weight_breaks: [{ weight_max_g: 30500, supplement_minor: 0 }, { weight_max_g: null, supplement_minor: 400 }],
} as unknown as TariffVersion;

test("what a version holds is sent again as it was", () => {
  const { effective_from, note, ...sent } = tariffOf(typedOf(VERSION, "2027-02-01", "EUR"), "EUR");
  expect({ effective_from, note }).toEqual({ effective_from: "2027-02-01", note: "" });
  expect(sent).toEqual(VERSION);
});

test("what is no number is sent as it was typed, for the platform to refuse", () => {
  const typed = typedOf(VERSION, "2027-02-01", "EUR");
  typed.fuel = [{ from: "2027-01-01", percent: "3,5" }, { from: "2027-02-01", percent: "much" }];
  typed.breaks = [{ kg: "heavy", supplement: "1" }];
  const sent = tariffOf(typed, "EUR");
  expect(sent.fuel?.map((step) => step.permille)).toEqual([35, "much"]);
  expect(sent.weight_breaks).toEqual([{ weight_max_g: "heavy", supplement_minor: 100 }]);
});
