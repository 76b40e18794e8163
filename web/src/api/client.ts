import createClient from "openapi-fetch";
import type { components, paths } from "./schema";

type Schemas = components["schemas"];
export type Me = Schemas["Me"];
export type Cluster = Schemas["Cluster"];
export type Member = Schemas["Member"];
export type Site = Schemas["Site"];
export type Money = Schemas["Money"];
export type Overview = Schemas["Overview"];
export type PoolOverview = Schemas["PoolOverview"];
export type Plan = Schemas["Plan"];
export type StartPlan = Schemas["StartPlan"];
export type Scenario = Schemas["Scenario"];
export type Comparison = Schemas["Comparison"];
export type LogEntry = Schemas["LogEntry"];
export type Fairness = Schemas["Fairness"];
export type Why = Schemas["Why"];
export type Explanation = Schemas["Explanation"];
export type Said = Schemas["Said"];
export type DraftState = Schemas["DraftState"];
export type DraftAlternative = Schemas["DraftAlternative"];
export type DraftViolation = Schemas["DraftViolation"];
export type EditPlan = Schemas["EditPlan"];
export type MemberView = Schemas["MemberView"];
export type PlanResult = Schemas["PlanResult"];
export type ProgressPoint = Schemas["ProgressPoint"];
export type Route = Schemas["Route"];
export type Stop = Schemas["Stop"];
export type Placement = Schemas["Placement"];
export type Visit = Schemas["Visit"];
export type Share = Schemas["Share"];
export type Shares = Schemas["Shares"];
export type Certificate = Schemas["Certificate"];
export type Shipment = Schemas["Shipment"];
export type UnplannedShipment = Schemas["UnplannedShipment"];
export type BookShipment = Schemas["BookShipment"];
export type SharingRule = Schemas["SharingRule"];
export type FieldFault = Schemas["FieldFault"];
export type Problem = Schemas["Problem"];
export type ShipmentStatus = Schemas["ShipmentStatus"];
export type ShipmentStop = Schemas["ShipmentStop"];
export type ShipmentEvent = Schemas["ShipmentEvent"];
export type HandlingUnit = Schemas["HandlingUnit"];
export type Address = Schemas["SavedAddress"];
export type Person = Schemas["Session"];
export type SignInStep = Schemas["SignIn"];
export type User = Schemas["User"];
export type Key = Schemas["Key"];
export type Passkey = Schemas["Passkey"];
export type Webhook = Schemas["Webhook"];
export type Delivery = Schemas["Delivery"];
export type Import = Schemas["Import"];
export type Quote = Schemas["Quote"];
export type ImportLine = Schemas["ImportLine"];

/** What the API, or the way to it, refused: a stable code, words for people, and the fields at fault. */
export class Refusal extends Error {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly faults: FieldFault[];

  constructor(problem: Pick<Problem, "code" | "status" | "title" | "detail" | "errors">) {
    super(problem.detail);
    this.name = "Refusal";
    this.code = problem.code;
    this.status = problem.status;
    this.title = problem.title;
    this.faults = problem.errors ?? [];
  }
}

/** Status 0: no answer came at all. */
export const OFFLINE = "offline";

let key: string | null = null;
/** Set for a person's session: what shows that a change was asked for by this page. */
let csrf: string | null = null;
let onSignedOut: () => void = () => undefined;
const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/** Sets the key that every later request carries, and what happens once the API no longer takes it. */
export function authorise(newKey: string | null, signedOut: () => void): void {
  key = newKey;
  csrf = null;
  onSignedOut = signedOut;
}

/** From now on the browser's own cookie says who asks; the token goes with everything that changes something. */
export function inSession(token: string, signedOut: () => void): void {
  key = null;
  csrf = token;
  onSignedOut = signedOut;
}

/** What a request that is not made through `api` needs to say. */
export function credentials(method: string): Record<string, string> {
  return { ...authorization(), ...(csrf !== null && !SAFE.has(method) ? { "X-CSRF-Token": csrf } : {}) };
}

export function authorization(): Record<string, string> {
  return key === null ? {} : { Authorization: `Bearer ${key}` };
}

export const api = createClient<paths>({ baseUrl: window.location.origin });

api.use({
  onRequest({ request }) {
    for (const [name, value] of Object.entries(credentials(request.method))) request.headers.set(name, value);
    request.headers.set("Accept-Language", document.documentElement.lang || "en");
    return request;
  },
});

interface Answered<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of a good answer; a Refusal for anything else. */
export async function answer<T>(asked: Promise<Answered<T>>): Promise<T> {
  let came: Answered<T>;
  try {
    came = await asked;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Refusal({ code: OFFLINE, status: 0, title: "", detail: "" });
  }
  if (came.response.ok) return came.data as T;
  throw refused(came.error, came.response);
}

/** A Refusal from an error body, whoever wrote it. */
export function refused(body: unknown, response: Response): Refusal {
  if (response.status === 401 && (key !== null || csrf !== null) && !proving(response)) onSignedOut();
  if (typeof body === "object" && body !== null && "code" in body && "detail" in body) {
    return new Refusal(body as Problem);
  }
  return new Refusal({ code: "http_error", status: response.status, title: response.statusText, detail: "" });
}

/** Whether a password or a passkey was asked for: refused, the session goes on. */
function proving(response: Response): boolean {
  return new URL(response.url, window.location.origin).pathname.startsWith("/v1/session/");
}

interface PageOf<T> {
  data: T[];
  next_cursor: string | null;
}

/** All pages of a list. */
export async function every<T>(page: (cursor: string | undefined) => Promise<PageOf<T>>): Promise<T[]> {
  const found: T[] = [];
  let cursor: string | undefined;
  do {
    const next = await page(cursor);
    found.push(...next.data);
    cursor = next.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return found;
}
