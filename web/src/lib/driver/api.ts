import type { components } from "../../api/schema";
import type { Sent } from "./outbox";
import type { Waiting } from "./store";

type Schemas = components["schemas"];
export type DriverTour = Schemas["DriverTour"];
export type DriverStop = Schemas["DriverStop"];
export type DriverVisit = Schemas["DriverVisit"];
export type ReportEvent = Schemas["ReportEvent"];
export type Reason = Schemas["Reason"];
type TakenEvents = Schemas["TakenEvents"];

/** What goes with a proof beside its content. */
export interface ProofBody {
  shipment_id: string;
  action: "pickup" | "delivery";
  kind: "photo" | "signature";
  signer_name: string | null;
  taken_at: string;
  /** Path data of a signature; null where a photo is the content. */
  path: string | null;
}

const WAIT_MS = 30_000;
/** Answers after which the same request may go through later. */
const LATER = new Set([408, 425, 429, 500, 502, 503, 504]);

export interface Read<T> {
  /** Null where nothing has changed, or nothing could be read. */
  found: T | null;
  etag: string | null;
  how: "read" | "same" | "gone" | "away";
}

async function asked(path: string, init: RequestInit = {}): Promise<Response | null> {
  try {
    return await fetch(path, { ...init, cache: "no-store", signal: AbortSignal.timeout(WAIT_MS) });
  } catch (error) {
    if (error instanceof TypeError || error instanceof DOMException) return null;
    throw error;
  }
}

/** Reads what a link leads to, unless it is what the reader has already. */
export async function read<T>(path: string, etag: string | null): Promise<Read<T>> {
  const response = await asked(path, { headers: etag === null ? {} : { "If-None-Match": etag } });
  if (response?.status === 304) return { found: null, etag, how: "same" };
  if (response?.ok) return { found: (await response.json()) as T, etag: response.headers.get("ETag"), how: "read" };
  return { found: null, etag, how: response?.status === 404 ? "gone" : "away" };
}

export const tourPath = (token: string): string => `/v1/driver/${encodeURIComponent(token)}/tour`;

/** Sends what waits of a tour: events together, or one proof. */
export async function send(token: string, batch: readonly Waiting[]): Promise<Sent> {
  const [first] = batch;
  const way = `/v1/driver/${encodeURIComponent(token)}`;
  if (first === undefined) return sent({});
  const response = await (first.kind === "proof" ? sendProof(way, first) : sendEvents(way, batch));
  if (response === null || LATER.has(response.status)) return sent({ later: true });
  if (response.status === 404 && (await problemIn(response.clone())).code === "not_found" && first.kind === "event")
    return sent({ gone: true });
  if (!response.ok) return refusedBy(response, batch);
  if (first.kind === "proof") return sent({ taken: [first.id] });
  const { events } = (await response.json()) as TakenEvents;
  const refused = events.filter((one) => one.result === "refused");
  return sent({
    taken: events.filter((one) => one.result !== "refused").map((one) => one.event_key),
    refused: refused.map((one) => ({ id: one.event_key, code: one.code ?? "refused" })),
  });
}

function sendEvents(way: string, batch: readonly Waiting[]): Promise<Response | null> {
  const body = { events: batch.map((one) => one.body), sent_at: new Date().toISOString() };
  const headers = { "Content-Type": "application/json" };
  return asked(`${way}/events`, { method: "POST", headers, body: JSON.stringify(body) });
}

function sendProof(way: string, one: Waiting): Promise<Response | null> {
  const { path, ...said } = one.body as ProofBody;
  const query = new URLSearchParams({ event_key: one.id });
  for (const [name, value] of Object.entries(said)) if (value !== null) query.set(name, value);
  const kind = one.file === null ? "text/plain" : one.file.type || "image/jpeg";
  const headers = { "Content-Type": kind };
  return asked(`${way}/proofs?${query}`, { method: "POST", headers, body: one.file ?? path ?? "" });
}

/** Which of a batch are at fault: those that the problem points to, or all where it points nowhere. */
async function refusedBy(response: Response, batch: readonly Waiting[]): Promise<Sent> {
  const problem = await problemIn(response);
  const at = new Map<number, string>();
  for (const fault of problem.errors) {
    const index = /^\/events\/(\d+)/.exec(fault.pointer)?.[1];
    if (index !== undefined) at.set(Number(index), fault.code);
  }
  const refused = batch.flatMap((one, index) => {
    const code = at.size === 0 ? problem.code : at.get(index);
    return code === undefined ? [] : [{ id: one.id, code }];
  });
  return sent({ refused });
}

async function problemIn(response: Response): Promise<{ code: string; errors: { pointer: string; code: string }[] }> {
  try {
    const { code, errors } = (await response.json()) as Schemas["Problem"];
    return { code, errors: errors ?? [] };
  } catch {
    return { code: `http_${response.status}`, errors: [] };
  }
}

function sent(part: Partial<Sent>): Sent {
  return { taken: [], refused: [], later: false, gone: false, ...part };
}
