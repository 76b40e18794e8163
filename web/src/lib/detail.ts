import { fromMinor } from "./money";

/** A sentence of the API for people: vehicle types by name, amounts as money, a capital at its start. */
export function humanised(text: string, vehicleTypes: Map<string, string>, of?: string): string {
  const said = text
    .replace(/'?\b(vht_[0-9a-z]+)\b'?/g, (whole, id: string) => vehicleTypes.get(id) ?? whole)
    .replace(/(\d+(?:\.\d+)?) minor units of ([A-Z]{3})/g, (_, amount: string, currency: string) =>
      fromMinor(Math.round(Number(amount)), currency, {}, of),
    );
  return said.charAt(0).toLocaleUpperCase() + said.slice(1);
}
