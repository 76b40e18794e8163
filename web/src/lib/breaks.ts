import type { components } from "../api/schema";
import { t, word } from "./i18n";
import { span } from "./time";

type Schemas = components["schemas"];
export type DriverBreaks = Schemas["DriverBreaks"];
export type BreakRule = DriverBreaks["rule"];
export type Law = Schemas["Law"];
export type VehicleType = Schemas["VehicleType"];

export const RULES: readonly BreakRule[] = ["none", "own", "eu_561", "vn_36_2024", "cn_405_2004"];
export const BREAKS_MAX = 6;

/** Breaks as typed: the rule, empty where the cluster's are taken, and one's own breaks with minutes as text. */
export interface TypedBreaks {
  rule: BreakRule | "";
  own: { opens_at: string; closes_at: string; minutes: string }[];
}

const NOON = { opens_at: "11:30", closes_at: "13:00", minutes: "30" };

export function typedBreaks(breaks: DriverBreaks | null | undefined): TypedBreaks {
  const own = (breaks?.breaks ?? []).map((one) => ({
    opens_at: one.opens_at,
    closes_at: one.closes_at,
    minutes: String(one.duration_s / 60),
  }));
  return { rule: breaks?.rule ?? "", own: own.length > 0 ? own : [{ ...NOON }] };
}

/** What was typed as the API takes it. What is no number goes as it is: the API says what is wrong with it. */
export function breaksOf(typed: TypedBreaks): DriverBreaks | null {
  if (typed.rule === "") return null;
  const own = typed.own.map(({ opens_at, closes_at, minutes }) => {
    const count = Number(minutes.trim().replace(",", "."));
    const duration_s = minutes.trim() === "" || Number.isNaN(count) ? minutes : Math.round(count * 60);
    return { opens_at, closes_at, duration_s: duration_s as number };
  });
  return { rule: typed.rule, breaks: typed.rule === "own" ? own : [] };
}

/** Breaks in a few words. */
export function breaksInWords(breaks: DriverBreaks | null | undefined, without: string): string {
  if (breaks === null || breaks === undefined) return without;
  if (breaks.rule !== "own") return word("breaks.rule", breaks.rule);
  return (breaks.breaks ?? [])
    .map((one) => t("breaks.one", { opens: one.opens_at, closes: one.closes_at, span: span(one.duration_s) }))
    .join(", ");
}
