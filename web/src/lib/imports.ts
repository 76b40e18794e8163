import { credentials, refused, Refusal, OFFLINE, type Import } from "../api/client";
import { columns } from "./i18n/en/columns";

/** States in which the platform is at work, and the reader waits. */
export const WORKING: readonly Import["status"][] = ["uploaded", "read", "booking"];

/** What columns of a file of bookings may mean, in the order in which they are offered. */
export const FIELDS = Object.keys(columns).map((key) => key.replace("column.", ""));

const WEIGHTS = ["kg", "g", "t", "lb"];
const LENGTHS = ["cm", "mm", "m", "in", "ft"];
const SPANS = ["min", "s", "h"];

/** Units that the numbers of a field may have; none where there are none. */
export function unitsOf(field: string): readonly string[] {
  if (field === "weight" || field === "bearing_max") return WEIGHTS;
  if (["length", "width", "height"].includes(field)) return LENGTHS;
  return field === "delivery_service" || field === "pickup_service" ? SPANS : [];
}

/** One column as the reader understands it. */
export interface Column {
  field: string;
  unit: string;
}

type Mapping = NonNullable<Import["mapping"]>;

/** What each column of the file means so far, by its place. */
export function columnsOf(header: readonly string[], mapping: Import["mapping"]): Column[] {
  return header.map((_, index) => {
    const source = mapping?.columns.find((one) => one.column_no === index + 1);
    return { field: source?.field ?? "", unit: source?.unit ?? "" };
  });
}

/** The mapping to be sent: columns that mean something, and fields that are the same in all lines. */
export function mappingOf(columns: readonly Column[], before: Import["mapping"], same: Record<string, string>): Mapping {
  const sources = columns.flatMap((column, index) => {
    if (column.field === "") return [];
    const earlier = before?.columns.find((one) => one.column_no === index + 1 && one.field === column.field);
    const units = unitsOf(column.field);
    const unit = units.length === 0 ? null : column.unit || null;
    return [{ field: column.field, column_no: index + 1, value: null, unit, joined: earlier?.joined ?? [] }];
  });
  const taken = new Set(sources.map((source) => source.field));
  const fixed = Object.entries(same)
    .filter(([field, value]) => value.trim() !== "" && !taken.has(field))
    .map(([field, value]) => ({ field, column_no: null, value: value.trim(), unit: null, joined: [] }));
  return {
    columns: [...sources, ...fixed],
    decimal_mark: before?.decimal_mark ?? null,
    day_order: before?.day_order ?? null,
    remember: true,
  };
}

/** A request that is no JSON, or whose answer is none. */
export async function send(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, {
      ...init,
      headers: { ...credentials(init.method ?? "GET"), ...(init.headers as Record<string, string>) },
    });
  } catch {
    throw new Refusal({ code: OFFLINE, status: 0, title: "", detail: "" });
  }
  if (!response.ok) throw refused(await response.json().catch(() => null), response);
  return response;
}

/** Uploads a file of bookings; the same key for every try at the same file. */
export async function upload(file: File, key: string): Promise<Import> {
  const query = new URLSearchParams({ kind: "shipments", filename: file.name });
  const headers = { "Idempotency-Key": key, "Content-Type": "application/octet-stream" };
  const response = await send(`/v1/imports?${query}`, { method: "POST", body: file, headers });
  return (await response.json()) as Import;
}

/** Fetches a file of the API and hands it to the browser to be kept. */
export async function download(path: string, name: string): Promise<void> {
  const response = await send(path);
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads it after this turn.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
