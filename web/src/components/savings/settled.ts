import type { Share, Shares } from "../../api/client";

/** One service day as it came out for the firm; amounts in minor units. */
export interface Settled {
  windowId: string;
  date: string;
  shares: Shares;
  own: Share;
  alone: number;
  pays: number;
  saves: number;
}

/** Sums over days, in minor units: whole numbers, so that nothing is lost in adding. */
export function sumOf(days: Pick<Settled, "alone" | "pays" | "saves">[]): Pick<Settled, "alone" | "pays" | "saves"> {
  const sum = { alone: 0, pays: 0, saves: 0 };
  for (const day of days) {
    sum.alone += day.alone;
    sum.pays += day.pays;
    sum.saves += day.saves;
  }
  return sum;
}
