import type { components } from "../api/schema";
import { locale, t, type Key } from "./i18n";
import { exponent, fromMinor } from "./money";
import { integer, kilometres, percent, weight } from "./numbers";
import { day, hours } from "./time";

type Schemas = components["schemas"];
export type Kpis = Schemas["Kpis"];
export type Period = Schemas["Period"];
type Figures = Schemas["Figures"];
type OwnFigures = Schemas["OwnFigures"];
export type By = Schemas["By"];

/** One figure: what it is called, where it stands, and how it is written. */
export interface Metric {
  id: string;
  title: Key;
  /** Null where nothing is known, which is not the same as zero. */
  of: (period: Period) => number | null;
  show: (value: number, currency: string) => string;
  /** What stands beneath it, where there is something to add. */
  note?: (period: Period, currency: string) => string | null;
  /** Shown large above the chart. */
  head?: boolean;
}

const money = (minor: number, currency: string) => fromMinor(Math.round(minor), currency);
const short = (minor: number, currency: string) => fromMinor(Math.round(minor), currency, { compact: minor >= 10_000_000 });
/** Prices of a kilogram or kilometre are often below a minor unit. */
const fine = (minor: number, currency: string) =>
  new Intl.NumberFormat(locale(), { style: "currency", currency, currencyDisplay: "narrowSymbol", maximumSignificantDigits: 4 }).format(
    minor / 10 ** exponent(currency),
  );
const rate = (part: number) => percent(part, 1);
const own = (read: (figures: OwnFigures) => number | null) => (period: Period) => (period.own ? read(period.own) : null);
const all = (read: (figures: Figures) => number | null) => (period: Period) =>
  period.figures ? read(period.figures) : null;
const saved = (part: number | null | undefined) =>
  part === null || part === undefined ? null : t("kpi.saving.part", { part: rate(part) });
const heard = (happened: number | undefined) =>
  happened === undefined ? null : t(happened > 0 ? "kpi.on_time.driven" : "kpi.on_time.planned");

export const CLUSTER_METRICS: readonly Metric[] = [
  { id: "cost_per_shipment", title: "kpi.cost_per_shipment", head: true, of: all((one) => one.minor_per_shipment), show: money },
  { id: "saving", title: "kpi.saving", head: true, of: all((one) => one.saving_minor), show: short, note: (one) => saved(one.figures?.saving_part) },
  { id: "on_time", title: "kpi.on_time", head: true, of: all((one) => one.on_time_part), show: rate, note: (one) => heard(one.figures?.happened) },
  { id: "fill_volume", title: "kpi.fill_volume", head: true, of: all((one) => one.fill_volume), show: rate },
  { id: "fill_weight", title: "kpi.fill_weight", head: true, of: all((one) => one.fill_weight), show: rate },
  { id: "co2", title: "kpi.co2", head: true, of: all((one) => one.emissions_g), show: weight },
  { id: "space", title: "kpi.space_use", of: all((one) => one.space_use ?? null), show: rate },
  { id: "shipments", title: "kpi.shipments", of: all((one) => one.shipments), show: integer },
  { id: "unplanned", title: "kpi.unplanned", of: all((one) => one.unplanned), show: integer },
  { id: "cost", title: "kpi.cost", of: all((one) => one.cost_minor), show: short },
  { id: "cost_per_km", title: "kpi.cost_per_km", of: all((one) => one.minor_per_km), show: fine },
  { id: "cost_per_kg", title: "kpi.cost_per_kg", of: all((one) => one.minor_per_kg), show: fine },
  { id: "distance", title: "kpi.distance", of: all((one) => one.distance_m), show: (value) => kilometres(value) },
  { id: "hours", title: "kpi.hours", of: all((one) => one.duration_s), show: (value) => hours(value) },
  { id: "vehicles", title: "kpi.vehicles", of: all((one) => one.vehicles), show: integer },
];

export const OWN_METRICS: readonly Metric[] = [
  { id: "shipments", title: "kpi.shipments", head: true, of: own((one) => one.shipments), show: integer },
  { id: "share", title: "kpi.share", head: true, of: own((one) => one.share_minor), show: short },
  { id: "saving", title: "kpi.saving", head: true, of: own((one) => one.saving_minor), show: short, note: (one) => saved(one.own?.saving_part) },
  { id: "on_time", title: "kpi.on_time", head: true, of: own((one) => one.on_time_part), show: rate, note: (one) => heard(one.own?.happened) },
  { id: "cost_per_shipment", title: "kpi.cost_per_shipment", head: true, of: own((one) => one.minor_per_shipment), show: money },
  { id: "co2", title: "kpi.co2", head: true, of: own((one) => one.emissions_g), show: weight },
  { id: "unplanned", title: "kpi.unplanned", of: own((one) => one.unplanned), show: integer },
  { id: "cost_per_kg", title: "kpi.cost_per_kg", of: own((one) => one.minor_per_kg), show: fine },
  { id: "weight", title: "kpi.weight", of: own((one) => one.weight_g), show: weight },
];

/** A period in words: its day, its month, or its first and last day. */
export function named(period: Pick<Period, "start" | "end">, by: By, of: string): string {
  if (by === "day" || period.start === period.end) return day(period.start);
  const at = (date: string) => new Date(`${date}T00:00:00Z`);
  if (by === "month" && period.start.endsWith("-01"))
    return new Intl.DateTimeFormat(of, { month: "long", year: "numeric", timeZone: "UTC" }).format(at(period.start));
  return new Intl.DateTimeFormat(of, { day: "numeric", month: "short", timeZone: "UTC" }).formatRange(
    at(period.start),
    at(period.end),
  );
}

export interface Bar {
  x: number;
  width: number;
  y: number;
  height: number;
}

export interface Bars {
  /** One for each value; null where nothing is known. */
  bars: (Bar | null)[];
  /** Labelled heights. */
  levels: { value: number; y: number }[];
  /** Where zero is. */
  zero: number;
}

const LEVELS = 4;
const WIDEST = 56;

/** Values as bars from zero; below it where they are negative. */
export function barsOf(values: readonly (number | null)[], width: number, height: number): Bars {
  const known = values.filter((value) => value !== null);
  const [low, high] = [Math.min(0, ...known), Math.max(0, ...known)];
  const step = rounded((high - low || 1) / LEVELS);
  const bottom = Math.floor(low / step) * step;
  const top = Math.max(Math.ceil(high / step) * step, bottom + step);
  const y = (value: number) => (1 - (value - bottom) / (top - bottom)) * height;
  const slot = width / Math.max(values.length, 1);
  const wide = Math.max(Math.min(slot * 0.7, WIDEST), 1);
  const bars = values.map((value, index) =>
    value === null
      ? null
      : {
          x: slot * (index + 0.5) - wide / 2,
          width: wide,
          y: Math.min(y(value), y(0)),
          height: Math.max(Math.abs(y(value) - y(0)), 1),
        },
  );
  const levels = Array.from({ length: Math.round((top - bottom) / step) + 1 }, (_, index) => bottom + index * step);
  return { bars, levels: levels.map((value) => ({ value, y: y(value) })), zero: y(0) };
}

/** The next of 1, 2, 2.5 and 5 times a power of ten. */
function rounded(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const mantissa = [1, 2, 2.5, 5, 10].find((one) => one * power >= step * 0.999999) ?? 10;
  return mantissa * power;
}

/** A day so many days before another, both `YYYY-MM-DD`. */
export function daysBefore(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);
}
