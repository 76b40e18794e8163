import type { BookShipment, FieldFault } from "../api/client";
import { minorTyped } from "./money";
import type { Zone } from "./time";

/** What stands in the booking form, as typed. */
export interface Draft {
  client_ref: string;
  name: string;
  address_line1: string;
  lat: string;
  lon: string;
  from: string;
  until: string;
  kind: "box" | "pallet" | "rack" | "tube" | "bag";
  units: string;
  weight_kg: string;
  length_cm: string;
  width_cm: string;
  height_cm: string;
  rotations: "upright" | "any_way";
  on_top: "anything" | "fragile" | "nothing";
  outside: string;
}

export type Field = keyof Draft;

export const EMPTY: Draft = {
  client_ref: "",
  name: "",
  address_line1: "",
  lat: "",
  lon: "",
  from: "",
  until: "",
  kind: "box",
  units: "1",
  weight_kg: "",
  length_cm: "",
  width_cm: "",
  height_cm: "",
  rotations: "upright",
  on_top: "anything",
  outside: "",
};

/** Where the API's JSON pointers stand in the form. */
const FIELDS: Record<string, Field> = {
  "/client_ref": "client_ref",
  "/delivery/name": "name",
  "/delivery/address_line1": "address_line1",
  "/delivery/lat": "lat",
  "/delivery/lon": "lon",
  "/delivery/window_start": "from",
  "/delivery/window_end": "until",
  "/handling_units/0/kind": "kind",
  "/handling_units/0/units": "units",
  "/handling_units/0/weight_g": "weight_kg",
  "/handling_units/0/length_mm": "length_cm",
  "/handling_units/0/width_mm": "width_cm",
  "/handling_units/0/height_mm": "height_cm",
  "/handling_units/0/rotations": "rotations",
  "/handling_units/0/on_top": "on_top",
  "/outside_minor": "outside",
};

function number(text: string, times: number): number | undefined {
  const typed = text.trim().replace(",", ".");
  const value = Number(typed);
  return typed === "" || !Number.isFinite(value) ? undefined : Math.round(value * times);
}

function decimal(text: string): number | undefined {
  const value = Number(text.trim().replace(",", "."));
  return text.trim() === "" || !Number.isFinite(value) ? undefined : value;
}

/** What is empty is left out, so that the API says what it misses. `null` where the outside price is no amount. */
export function bookingOf(
  draft: Draft,
  windowId: string,
  day: string,
  zone: Zone,
  currency: string,
): BookShipment | null {
  const outside = draft.outside.trim() === "" ? undefined : minorTyped(draft.outside, currency);
  if (outside === null) return null;
  const text = (value: string) => value.trim() || undefined;
  const instant = (clock: string) => (clock === "" ? undefined : zone.instant(day, clock));
  // The form may hold less than a booking needs: telling so is the API's part, at every field at once.
  return {
    client_ref: text(draft.client_ref),
    service: "delivery",
    pool_window_id: windowId,
    delivery: {
      name: text(draft.name),
      address_line1: text(draft.address_line1),
      lat: decimal(draft.lat),
      lon: decimal(draft.lon),
      window_start: instant(draft.from),
      window_end: instant(draft.until),
      service_s: 300,
    },
    handling_units: [
      {
        kind: draft.kind,
        units: number(draft.units, 1),
        weight_g: number(draft.weight_kg, 1000),
        length_mm: number(draft.length_cm, 10),
        width_mm: number(draft.width_cm, 10),
        height_mm: number(draft.height_cm, 10),
        rotations: draft.rotations,
        on_top: draft.on_top,
      },
    ],
    ...(outside === undefined ? {} : { outside_minor: outside }),
  } as BookShipment;
}

/** Faults by field, and those that belong to none. */
export function placed(faults: FieldFault[]): { fields: Partial<Record<Field, FieldFault>>; others: FieldFault[] } {
  const fields: Partial<Record<Field, FieldFault>> = {};
  const others: FieldFault[] = [];
  for (const fault of faults) {
    const field = FIELDS[fault.pointer];
    if (field === undefined) others.push(fault);
    else fields[field] ??= fault;
  }
  return { fields, others };
}
