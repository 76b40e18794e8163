import type { components } from "../api/schema";
import type { Key } from "./i18n";
import { exponent, minorTyped } from "./money";

type Schemas = components["schemas"];
export type TariffVersion = Schemas["TariffVersion"];
export type VehicleTariffs = Schemas["VehicleTariffs"];
export type SettleTariff = Schemas["SettleTariff"];
export type PricedExample = Schemas["PricedExample"];

export const PRICES = [
  ["fixed_minor", "tariffs.fixed"],
  ["km_minor", "tariffs.km"],
  ["hour_minor", "tariffs.hour"],
  ["stop_minor", "tariffs.stop"],
] as const satisfies readonly (readonly [string, Key])[];
export const EXTRAS = [
  ["trip_minor", "tariffs.trip"],
  ["minimum_minor", "tariffs.minimum"],
] as const satisfies readonly (readonly [string, Key])[];

/** A tariff as it stands typed in a form: text, as people write it. */
export interface TypedTariff {
  from: string;
  note: string;
  carrier: string;
  prices: Record<string, string>;
  fuel: { from: string; percent: string }[];
  zones: { code: string; name: string; supplement: string; per: "stop" | "route"; postal: string; wards: string; provinces: string; area: Schemas["Corner"][] }[];
  breaks: { kg: string; supplement: string }[];
}

const written = (minor: number, currency: string) => (minor / 10 ** exponent(currency)).toFixed(exponent(currency));
const listed = (text: string) => text.split(/[\s,;]+/).filter(Boolean);

/** A version to go on from. */
export function typedOf(version: TariffVersion, from: string, currency: string): TypedTariff {
  const price = (minor: number) => written(minor, currency);
  return {
    from,
    note: "",
    carrier: version.carrier_name ?? "",
    prices: Object.fromEntries([
      ...PRICES.map(([name]) => [name, price(version.tariff[name] ?? 0)] as const),
      ...EXTRAS.map(([name]) => [name, price(version[name])] as const),
    ]),
    fuel: version.fuel.map((step) => ({ from: step.effective_from, percent: String(step.permille / 10) })),
    zones: version.zones.map((zone) => ({
      code: zone.code,
      name: zone.name,
      supplement: price(zone.supplement_minor),
      per: zone.per ?? "stop",
      postal: (zone.postal_codes ?? []).join(", "),
      wards: (zone.ward_codes ?? []).join(", "),
      provinces: (zone.province_codes ?? []).join(", "),
      area: zone.area ?? [],
    })),
    breaks: version.weight_breaks.map((one) => ({
      kg: one.weight_max_g === null || one.weight_max_g === undefined ? "" : String(one.weight_max_g / 1000),
      supplement: price(one.supplement_minor),
    })),
  };
}

/** What is sent: a number, or the text itself where it is none, so that the platform says what is wrong with it. */
export function tariffOf(typed: TypedTariff, currency: string): SettleTariff {
  const amount = (text: string) => (minorTyped(text, currency) ?? text) as number;
  const scaled = (text: string, factor: number) => {
    const value = Number(text.trim().replace(",", "."));
    return text.trim() === "" || Number.isNaN(value) ? (text as unknown as number) : Math.round(value * factor);
  };
  return {
    effective_from: typed.from,
    note: typed.note.trim(),
    carrier_name: typed.carrier.trim() || null,
    tariff: Object.fromEntries(PRICES.map(([name]) => [name, amount(typed.prices[name] ?? "")])) as SettleTariff["tariff"],
    trip_minor: amount(typed.prices["trip_minor"] ?? ""),
    minimum_minor: amount(typed.prices["minimum_minor"] ?? ""),
    fuel: typed.fuel.map((step) => ({ effective_from: step.from, permille: scaled(step.percent, 10) })),
    zones: typed.zones.map((zone) => ({
      code: zone.code.trim(),
      name: zone.name.trim(),
      supplement_minor: amount(zone.supplement),
      per: zone.per,
      postal_codes: zone.postal.split(/[,;\n]+/).map((one) => one.trim()).filter(Boolean),
      ward_codes: listed(zone.wards),
      province_codes: listed(zone.provinces),
      area: zone.area,
    })),
    weight_breaks: typed.breaks.map((one) => ({
      weight_max_g: one.kg.trim() === "" ? null : scaled(one.kg, 1000),
      supplement_minor: amount(one.supplement),
    })),
  };
}
