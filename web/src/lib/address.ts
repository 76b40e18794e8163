import type { Address } from "../api/client";
import type { components } from "../api/schema";
import { scaledOf } from "./booking";

/** An entry of the address book as typed. */
export interface Typed {
  name: string;
  company: string;
  phone: string;
  email: string;
  address_line1: string;
  address_line2: string;
  locality: string;
  postal_code: string;
  country_code: string;
  lat: string;
  lon: string;
  opens_at: string;
  closes_at: string;
  service_min: string;
  instructions: string;
  access_notes: string;
}

export const EMPTY: Typed = {
  name: "",
  company: "",
  phone: "",
  email: "",
  address_line1: "",
  address_line2: "",
  locality: "",
  postal_code: "",
  country_code: "",
  lat: "",
  lon: "",
  opens_at: "",
  closes_at: "",
  service_min: "5",
  instructions: "",
  access_notes: "",
};

const TEXTS = [
  "name",
  "company",
  "phone",
  "email",
  "address_line1",
  "address_line2",
  "locality",
  "postal_code",
  "country_code",
  "opens_at",
  "closes_at",
  "instructions",
  "access_notes",
] as const;

export function typedOf(address: Address): Typed {
  const typed = { ...EMPTY };
  for (const name of TEXTS) typed[name] = address[name] ?? "";
  typed.lat = String(address.lat);
  typed.lon = String(address.lon);
  typed.service_min = String(Math.round(address.service_s / 60));
  return typed;
}

/** What is to be sent: all of a new entry that is not empty; of an old one what has changed, null where it was emptied. */
export function bodyOf(typed: Typed, before: Typed | null): components["schemas"]["AddAddress"] {
  const body: Record<string, unknown> = {};
  const changed = (name: keyof Typed) => before === null || typed[name].trim() !== before[name];
  for (const name of TEXTS) {
    const text = name === "country_code" ? typed[name].trim().toUpperCase() : typed[name].trim();
    if (changed(name) && (text !== "" || before !== null)) body[name] = text === "" ? null : text;
  }
  if (changed("lat") || changed("lon")) {
    for (const name of ["lat", "lon"] as const) {
      const plain = typed[name].trim().replace(",", ".");
      if (plain !== "") body[name] = Number.isFinite(Number(plain)) ? Number(plain) : plain;
    }
  }
  if (changed("service_min")) body["service_s"] = scaledOf(typed.service_min, 60) ?? 300;
  return body as unknown as components["schemas"]["AddAddress"];
}
