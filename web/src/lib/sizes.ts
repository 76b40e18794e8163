import type { components } from "../api/schema";
import { minorTyped } from "./money";

export type Standard = components["schemas"]["SizeStandard"];
type Figures = components["schemas"]["SizeFigures"];
type Document = components["schemas"]["Document"];

/** Which sectors a standard tells apart, and the currency of its thresholds. */
export const STANDARDS: Record<Standard, { currency: string; sectors: string[] }> = {
  eu_2003_361: { currency: "EUR", sectors: ["any"] },
  vn_80_2021: { currency: "VND", sectors: ["trade", "services", "industry", "construction", "agriculture"] },
  cn_2011: {
    currency: "CNY",
    sectors: [
      "retail",
      "wholesale",
      "industry",
      "construction",
      "transport",
      "warehousing",
      "post",
      "accommodation",
      "catering",
      "information_transmission",
      "software",
      "real_estate",
      "property_management",
      "leasing_and_business_services",
      "agriculture",
      "other",
    ],
  },
};

export const DOCUMENTS: Document["kind"][] = [
  "annual_accounts",
  "tax_return",
  "social_insurance_record",
  "register_extract",
  "self_declaration",
  "other",
];

/** The size of a firm, as typed. */
export interface SizeTyped {
  sector: string;
  employees: string;
  revenue: string;
  assets: string;
  year: string;
  kind: Document["kind"];
  reference: string;
  dated: string;
}

export function emptySize(standard: Standard, today: string): SizeTyped {
  return {
    sector: STANDARDS[standard].sectors[0] ?? "",
    employees: "",
    revenue: "",
    assets: "",
    year: String(Number(today.slice(0, 4)) - 1),
    kind: "annual_accounts",
    reference: "",
    dated: "",
  };
}

/** What the API is told; NaN, which it refuses at the field, where no number was typed. */
export function sizeOf(typed: SizeTyped, standard: Standard): { figures: Figures; document: Document } {
  const { currency } = STANDARDS[standard];
  const money = (text: string) => (text.trim() === "" ? null : (minorTyped(text, currency) ?? Number.NaN));
  const whole = (text: string) => (/^\s*\d+\s*$/.test(text) ? Number(text) : Number.NaN);
  return {
    figures: {
      sector: typed.sector,
      employees: whole(typed.employees),
      revenue_minor: money(typed.revenue),
      assets_minor: money(typed.assets),
      currency,
      fiscal_year: whole(typed.year),
    },
    document: { kind: typed.kind, reference: typed.reference.trim(), dated: typed.dated },
  };
}
