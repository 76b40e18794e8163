import type { BookShipment, FieldFault } from "../api/client";
import { endsOf, type Draft, type PartyDraft, type UnitDraft } from "./draft";
import { minorTyped } from "./money";
import type { Zone } from "./time";

/** What a booking goes by beside the draft itself. */
export interface Terms {
  windowId: string;
  /** The service day, `YYYY-MM-DD`. */
  day: string;
  zone: Zone;
  currency: string;
}

const text = (value: string): string | undefined => value.trim() || undefined;

/** A typed number times a power of ten, rounded to a whole one; undefined where nothing, NaN where no number stands. */
export function scaledOf(typed: string, times: number): number | undefined {
  const plain = typed.trim().replace(",", ".");
  if (plain === "") return undefined;
  return /^-?\d*\.?\d+$/.test(plain) ? Math.round(Number(plain) * times) : Number.NaN;
}

function decimal(typed: string): number | undefined {
  const plain = typed.trim().replace(",", ".");
  const value = Number(plain);
  return plain === "" || !Number.isFinite(value) ? undefined : value;
}

function amount(typed: string, currency: string): number | undefined {
  if (typed.trim() === "") return undefined;
  return minorTyped(typed, currency) ?? Number.NaN;
}

/** Without what is undefined or no number: what is left out is for the API to miss. */
function filled<T extends object>(values: T): T {
  const kept = Object.entries(values).filter(([, value]) => value !== undefined && !Number.isNaN(value));
  return Object.fromEntries(kept) as T;
}

function given<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null)) as Partial<T>;
}

type Json = Record<string, unknown>;

/**
 * What an edit changes, as a JSON merge patch (RFC 7396): what is no longer there becomes null, what is the same is left
 * out, a list is sent as a whole.
 */
export function patchOf(before: Json, after: Json): Json {
  const patch: Json = {};
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [was, is] = [before[name], after[name]];
    if (JSON.stringify(was) === JSON.stringify(is)) continue;
    patch[name] = is === undefined ? null : plain(was) && plain(is) ? patchOf(was, is) : is;
  }
  return patch;
}

function plain(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The booking in the API's units. What is empty is left out, so that the API says what it misses. */
export function bookingOf(draft: Draft, terms: Terms): BookShipment {
  const ends = endsOf(draft.service);
  const numbers = draft.po_numbers.split(/[,;\n]/).map((one) => one.trim());
  return filled({
    client_ref: text(draft.client_ref),
    service: draft.service,
    pool_window_id: terms.windowId,
    service_level: draft.service_level,
    pooling: draft.pooling || undefined,
    food: draft.food || undefined,
    temperature_class: draft.temperature_class,
    pickup: ends.includes("pickup") ? partyOf(draft.pickup, terms) : undefined,
    delivery: ends.includes("delivery") ? partyOf(draft.delivery, terms) : undefined,
    handling_units: draft.units.map(unitOf),
    inspection: draft.inspection || undefined,
    po_numbers: numbers.some(Boolean) ? numbers.filter(Boolean) : undefined,
    declared_minor: amount(draft.declared, terms.currency),
    cod_minor: amount(draft.cod, terms.currency),
    outside_minor: amount(draft.outside, terms.currency),
  }) as unknown as BookShipment;
}

function partyOf(party: PartyDraft, terms: Terms): object {
  const instant = (clock: string) => (clock === "" ? undefined : terms.zone.instant(terms.day, clock));
  const twice = party.from2 !== "" || party.until2 !== "";
  const when = twice
    ? {
        windows: [
          filled({ start: instant(party.from), end: instant(party.until) }),
          filled({ start: instant(party.from2), end: instant(party.until2) }),
        ],
      }
    : { window_start: instant(party.from), window_end: instant(party.until) };
  // An address of the address book says where by itself; the API takes one or the other.
  const where = text(party.address_id) ? { address_id: party.address_id } : placeOf(party);
  return filled({
    ...where,
    ...when,
    service_s: scaledOf(party.service_min, 60) ?? 300,
    contact_name: text(party.contact_name),
    phone: text(party.phone),
    email: text(party.email),
    instructions: text(party.instructions),
  });
}

function placeOf(party: PartyDraft): object {
  return {
    name: text(party.name),
    address_line1: text(party.address_line1),
    address_line2: text(party.address_line2),
    locality: text(party.locality),
    province_code: text(party.province_code),
    ward_code: text(party.ward_code),
    postal_code: text(party.postal_code),
    country_code: text(party.country_code)?.toUpperCase(),
    lat: decimal(party.lat),
    lon: decimal(party.lon),
  };
}

function unitOf(unit: UnitDraft): object {
  const { labels, ...unseen } = unit.unseen ?? {};
  const dangerous = unit.un_number.trim() !== "" || unit.hazard_class.trim() !== "";
  return filled({
    kind: unit.kind,
    units: scaledOf(unit.units, 1),
    weight_g: scaledOf(unit.weight_kg, 1000),
    length_mm: scaledOf(unit.length_cm, 10),
    width_mm: scaledOf(unit.width_cm, 10),
    height_mm: scaledOf(unit.height_cm, 10),
    rotations: unit.rotations,
    on_top: unit.on_top,
    ...given(unseen),
    dangerous_goods: dangerous
      ? filled({
          un_number: text(unit.un_number),
          hazard_class: text(unit.hazard_class)?.toUpperCase(),
          packing_group: unit.packing_group || undefined,
          limited_quantity: unit.limited_quantity || undefined,
          labels: labels?.length ? labels : undefined,
        })
      : undefined,
  });
}

const fault = (pointer: string, code: string): FieldFault => ({ pointer, code, cause: "", cure: "" });

/**
 * What is wrong with a draft as far as the page can tell, at the pointers and with the codes that the API would use. The
 * API looks again, and further.
 */
export function faultsOf(draft: Draft, currency: string): FieldFault[] {
  const found: FieldFault[] = [];
  if (draft.client_ref.trim() === "") found.push(fault("/client_ref", "missing"));
  for (const end of endsOf(draft.service)) found.push(...partyFaults(draft[end], `/${end}`));
  draft.units.forEach((unit, index) => found.push(...unitFaults(unit, `/handling_units/${index}`)));
  for (const [pointer, typed] of [
    ["/declared_minor", draft.declared],
    ["/cod_minor", draft.cod],
    ["/outside_minor", draft.outside],
  ] as const) {
    if (Number.isNaN(amount(typed, currency))) found.push(fault(pointer, "amount"));
  }
  return found;
}

function partyFaults(party: PartyDraft, at: string): FieldFault[] {
  const found: FieldFault[] = [];
  const own = party.address_id === "";
  if (own && party.name.trim() === "") found.push(fault(`${at}/name`, "missing"));
  if (own && party.address_line1.trim() === "") found.push(fault(`${at}/address_line1`, "missing"));
  for (const [name, most] of [
    ["lat", 90],
    ["lon", 180],
  ] as const) {
    const typed = party[name];
    const value = decimal(typed);
    if (typed.trim() === "") {
      if (own) found.push(fault(`${at}/${name}`, "missing"));
    } else if (value === undefined) found.push(fault(`${at}/${name}`, "wrong_type"));
    else if (Math.abs(value) > most) found.push(fault(`${at}/${name}`, "out_of_range"));
  }
  const windows = [
    [party.from, party.until, "window_start", "window_end"],
    [party.from2, party.until2, "windows/1/start", "windows/1/end"],
  ] as const;
  for (const [from, until, start, end] of windows) {
    if ((from === "") !== (until === "")) found.push(fault(`${at}/${from === "" ? start : end}`, "half_a_window"));
    else if (from !== "" && until <= from) found.push(fault(`${at}/${end}`, "window_reversed"));
  }
  return found;
}

function unitFaults(unit: UnitDraft, at: string): FieldFault[] {
  const found: FieldFault[] = [];
  for (const [name, typed, times] of [
    ["units", unit.units, 1],
    ["weight_g", unit.weight_kg, 1000],
    ["length_mm", unit.length_cm, 10],
    ["width_mm", unit.width_cm, 10],
    ["height_mm", unit.height_cm, 10],
  ] as const) {
    const value = scaledOf(typed, times);
    if (value === undefined) found.push(fault(`${at}/${name}`, "missing"));
    else if (Number.isNaN(value)) found.push(fault(`${at}/${name}`, "wrong_type"));
    else if (value < 1) found.push(fault(`${at}/${name}`, "out_of_range"));
  }
  if ((unit.un_number.trim() === "") !== (unit.hazard_class.trim() === "")) {
    const name = unit.un_number.trim() === "" ? "un_number" : "hazard_class";
    found.push(fault(`${at}/dangerous_goods/${name}`, "missing"));
  } else if (unit.un_number.trim() !== "" && !/^\d{4}$/.test(unit.un_number.trim())) {
    found.push(fault(`${at}/dangerous_goods/un_number`, "out_of_range"));
  }
  return found;
}

/** Weight in grams and volume in cubic centimetres of all units whose measures are there. */
export function loadOf(units: readonly UnitDraft[]): { units: number; weight_g: number; volume_cm3: number } {
  const load = { units: 0, weight_g: 0, volume_cm3: 0 };
  for (const unit of units) {
    const count = scaledOf(unit.units, 1) || 0;
    const [l, w, h] = [unit.length_cm, unit.width_cm, unit.height_cm].map((side) => scaledOf(side, 10) || 0);
    load.units += count;
    load.weight_g += count * (scaledOf(unit.weight_kg, 1000) || 0);
    load.volume_cm3 += Math.ceil((count * (l ?? 0) * (w ?? 0) * (h ?? 0)) / 1000);
  }
  return load;
}
