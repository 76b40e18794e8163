import type { Shipment } from "../api/client";
import { exponent } from "./money";
import type { Zone } from "./time";

/** An end of a shipment, as typed. */
export interface PartyDraft {
  /** Set while the fields stand as the address book has them. */
  address_id: string;
  name: string;
  address_line1: string;
  address_line2: string;
  locality: string;
  province_code: string;
  ward_code: string;
  postal_code: string;
  country_code: string;
  lat: string;
  lon: string;
  from: string;
  until: string;
  from2: string;
  until2: string;
  contact_name: string;
  phone: string;
  email: string;
  instructions: string;
  service_min: string;
}

/** Like units, as typed. */
export interface UnitDraft {
  /** Tells rows apart while they are edited. */
  row: number;
  kind: "box" | "pallet" | "rack" | "tube" | "bag";
  units: string;
  weight_kg: string;
  length_cm: string;
  width_cm: string;
  height_cm: string;
  rotations: "upright" | "any_way";
  on_top: "anything" | "fragile" | "nothing";
  un_number: string;
  hazard_class: string;
  packing_group: string;
  limited_quantity: boolean;
  /** What a unit has that the form does not show, kept through an edit. */
  unseen?: { sscc?: string | null; bearing_max_g?: number | null; hs_code?: string | null; labels?: string[] };
}

/** What stands in the booking form, as typed. */
export interface Draft {
  client_ref: string;
  service: "delivery" | "collection" | "transport";
  service_level: "standard" | "express" | "economy";
  /** Empty: what the firm has settled on. */
  pooling: "" | "either" | "pool" | "alone";
  food: boolean;
  temperature_class: "ambient" | "controlled" | "chilled" | "frozen";
  pickup: PartyDraft;
  delivery: PartyDraft;
  units: UnitDraft[];
  inspection: "" | "no_look" | "look" | "try_on";
  po_numbers: string;
  declared: string;
  cod: string;
  outside: string;
}

export type End = "pickup" | "delivery";

const NOWHERE: PartyDraft = {
  address_id: "",
  name: "",
  address_line1: "",
  address_line2: "",
  locality: "",
  province_code: "",
  ward_code: "",
  postal_code: "",
  country_code: "",
  lat: "",
  lon: "",
  from: "",
  until: "",
  from2: "",
  until2: "",
  contact_name: "",
  phone: "",
  email: "",
  instructions: "",
  service_min: "5",
};

const UNIT: Omit<UnitDraft, "row"> = {
  kind: "box",
  units: "1",
  weight_kg: "",
  length_cm: "",
  width_cm: "",
  height_cm: "",
  rotations: "upright",
  on_top: "anything",
  un_number: "",
  hazard_class: "",
  packing_group: "",
  limited_quantity: false,
};

export function emptyParty(): PartyDraft {
  return { ...NOWHERE };
}

/** Another row of units; its measures stay open. */
export function emptyUnit(rows: readonly UnitDraft[]): UnitDraft {
  return { ...UNIT, row: Math.max(0, ...rows.map((unit) => unit.row)) + 1 };
}

export function emptyDraft(): Draft {
  return {
    client_ref: "",
    service: "delivery",
    service_level: "standard",
    pooling: "",
    food: false,
    temperature_class: "ambient",
    pickup: emptyParty(),
    delivery: emptyParty(),
    units: [emptyUnit([])],
    inspection: "",
    po_numbers: "",
    declared: "",
    cod: "",
    outside: "",
  };
}

/** The ends that a service has; its other end is the hub. */
export function endsOf(service: Draft["service"]): End[] {
  if (service === "delivery") return ["delivery"];
  return service === "collection" ? ["pickup"] : ["pickup", "delivery"];
}

/** Minor units as they are typed, with a point. */
function typed(minor: number | null | undefined, currency: string): string {
  if (minor === null || minor === undefined) return "";
  const digits = exponent(currency);
  const text = String(minor).padStart(digits + 1, "0");
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** Thousandths or hundredths of what a field is typed in. */
function scaled(value: number, by: number): string {
  return String(value / by);
}

/** What a shipment looks like in the form: to be edited, or to be booked once more. */
export function draftOf(shipment: Shipment, zone: Zone, currency: string): Draft {
  return {
    ...emptyDraft(),
    client_ref: shipment.client_ref,
    service: shipment.service,
    service_level: shipment.service_level ?? "standard",
    pooling: shipment.pooling ?? "",
    food: shipment.food ?? false,
    temperature_class: shipment.temperature_class ?? "ambient",
    pickup: partyOf(shipment.pickup, zone),
    delivery: partyOf(shipment.delivery, zone),
    units: shipment.handling_units.map((unit, index) => ({
      ...UNIT,
      row: index + 1,
      kind: unit.kind ?? "box",
      units: String(unit.units ?? 1),
      weight_kg: scaled(unit.weight_g, 1000),
      length_cm: scaled(unit.length_mm, 10),
      width_cm: scaled(unit.width_mm, 10),
      height_cm: scaled(unit.height_mm, 10),
      rotations: unit.rotations ?? "upright",
      on_top: unit.on_top ?? "anything",
      un_number: unit.dangerous_goods?.un_number ?? "",
      hazard_class: unit.dangerous_goods?.hazard_class ?? "",
      packing_group: unit.dangerous_goods?.packing_group ?? "",
      limited_quantity: unit.dangerous_goods?.limited_quantity ?? false,
      unseen: {
        sscc: unit.sscc,
        bearing_max_g: unit.bearing_max_g,
        hs_code: unit.hs_code,
        labels: unit.dangerous_goods?.labels,
      },
    })),
    inspection: shipment.inspection ?? "",
    po_numbers: (shipment.po_numbers ?? []).join(", "),
    declared: typed(shipment.declared_minor, currency),
    cod: typed(shipment.cod_minor, currency),
    outside: typed(shipment.outside_minor, currency),
  };
}

function partyOf(stop: Shipment["delivery"], zone: Zone): PartyDraft {
  if (stop === null) return emptyParty();
  const clock = (instant: string | null | undefined) => (instant ? zone.clock(instant) : "");
  const windows = stop.windows?.length ? stop.windows : [{ start: stop.window_start, end: stop.window_end }];
  return {
    ...NOWHERE,
    address_id: stop.address_id ?? "",
    name: stop.name,
    address_line1: stop.address_line1,
    address_line2: stop.address_line2 ?? "",
    locality: stop.locality ?? "",
    province_code: stop.province_code ?? "",
    ward_code: stop.ward_code ?? "",
    postal_code: stop.postal_code ?? "",
    country_code: stop.country_code ?? "",
    lat: String(stop.lat),
    lon: String(stop.lon),
    from: clock(windows[0]?.start),
    until: clock(windows[0]?.end),
    from2: clock(windows[1]?.start),
    until2: clock(windows[1]?.end),
    contact_name: stop.contact_name ?? "",
    phone: stop.phone ?? "",
    email: stop.email ?? "",
    instructions: stop.instructions ?? "",
    service_min: String(Math.round(stop.service_s / 60)),
  };
}
