import { locale } from "./i18n";

export function integer(value: number, of: string = locale()): string {
  return new Intl.NumberFormat(of, { maximumFractionDigits: 0 }).format(value);
}

/** A part of one as a percentage. */
export function percent(part: number, digits = 0, of: string = locale()): string {
  return new Intl.NumberFormat(of, {
    style: "percent",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(part);
}

export function kilometres(distance_m: number, of: string = locale()): string {
  const digits = distance_m < 100_000 ? 1 : 0;
  const km = distance_m / 1000;
  return new Intl.NumberFormat(of, { style: "unit", unit: "kilometer", maximumFractionDigits: digits }).format(km);
}

/** Kilograms, or tonnes from ten tonnes on. */
export function weight(weight_g: number, of: string = locale()): string {
  if (weight_g >= 10_000_000) {
    return `${new Intl.NumberFormat(of, { maximumFractionDigits: 1 }).format(weight_g / 1_000_000)} t`;
  }
  const digits = weight_g < 10_000 ? 1 : 0;
  return new Intl.NumberFormat(of, { style: "unit", unit: "kilogram", maximumFractionDigits: digits }).format(
    weight_g / 1000,
  );
}

export function volume(volume_cm3: number, of: string = locale()): string {
  const cubicMetres = volume_cm3 / 1_000_000;
  const digits = cubicMetres < 0.1 ? 3 : cubicMetres < 10 ? 2 : 1;
  return `${new Intl.NumberFormat(of, { maximumFractionDigits: digits }).format(cubicMetres)} m³`;
}

/** A part of a whole between 0 and 1; 0 of nothing. */
export function part(value: number, whole: number): number {
  return whole > 0 ? Math.min(Math.max(value / whole, 0), 1) : 0;
}
