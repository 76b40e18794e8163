import { read, send, tourPath, type DriverTour, type DriverVisit, type Reason, type ReportEvent } from "./api";
import { applied, nextStop, type PhoneTour } from "./applied";
import { uuid7 } from "./ids";
import { Outbox } from "./outbox";
import { here } from "./place";
import { openStore, type Store, type Waiting } from "./store";

/** How often the tour is read again while the page is looked at. */
const READ_EVERY_MS = 60_000;

/** What a driver says of a visit. */
export interface Said {
  kind: "done" | "partly" | "failed";
  reason: Reason | null;
  units_done: number | null;
  note: string | null;
  signer: string | null;
  signature: string | null;
  photo: Blob | null;
}

type Visited = Pick<DriverVisit, "shipment_id" | "action">;

/** A tour as its driver has it: kept on the phone, with what was reported and not sent yet. */
class Journey {
  tour = $state.raw<PhoneTour | null>(null);
  /** When the platform said so last, in milliseconds; null before the first answer. */
  read_at = $state<number | null>(null);
  how = $state<"loading" | "there" | "gone" | "away">("loading");
  online = $state(navigator.onLine);
  waiting = $state.raw<readonly Waiting[]>([]);
  sending = $state(false);
  /** Whether the phone keeps what was reported when the page is closed. */
  lasting = $state(true);
  /** Set where the phone could not keep a report. */
  full = $state(false);

  readonly next = $derived(this.tour === null ? null : nextStop(this.tour));
  readonly refused = $derived(this.waiting.filter((one) => one.refused !== null));
  readonly unsent = $derived(this.waiting.length - this.refused.length);

  #token = "";
  #etag: string | null = null;
  #store: Store | null = null;
  #outbox: Outbox | null = null;

  async begin(token: string): Promise<void> {
    this.#token = token;
    this.#store = await openStore();
    this.lasting = this.#store.lasting;
    void navigator.storage?.persist?.();
    const outbox = new Outbox(this.#store, token, (batch) => send(token, batch), () => this.#changed());
    this.#outbox = outbox;
    await outbox.begin();
    const kept = await this.#store.tour<PhoneTour>(token);
    if (kept !== null) {
      this.tour = kept.tour;
      this.#etag = kept.etag;
      this.read_at = kept.read_at;
      this.how = "there";
    }
    await this.refresh();
    this.#follow();
  }

  /** Sends what waits, then reads the tour again. */
  async refresh(): Promise<void> {
    await this.#outbox?.send();
    const { found, etag, how } = await read<DriverTour>(tourPath(this.#token), this.#etag);
    if (how === "away") {
      if (this.tour === null) this.how = "away";
      return;
    }
    if (how === "gone") {
      // What is known stays to be read; what is not sent stays to be seen.
      this.how = this.tour === null ? "gone" : "there";
      return;
    }
    this.#etag = etag;
    this.read_at = Date.now();
    this.how = "there";
    if (found !== null) await this.#keep(this.#withWaiting({ ...found, held: this.tour?.held ?? null }));
  }

  /** Notes something about the tour, or about a stop. */
  async report(kind: ReportEvent["kind"], about: Partial<ReportEvent> = {}): Promise<boolean> {
    return this.#note(await noted([{ kind, ...about }]));
  }

  /** Notes what became of a visit, with its proofs behind it. */
  async settle(visits: readonly Visited[], stop_no: number, said: Said): Promise<boolean> {
    const stop = this.tour?.stops.find((one) => one.stop_no === stop_no);
    const told: Told[] = [];
    if (this.tour?.started_at === null) told.push({ kind: "started" });
    if (stop?.arrived_at === null) told.push({ kind: "arrived", stop_no });
    const { kind, reason, units_done, note } = said;
    for (const visit of visits) {
      const { shipment_id } = visit;
      told.push({ kind, shipment_id, action: actionOf(visit), stop_no, reason, units_done, note });
    }
    const behind = visits.flatMap((visit) => proofs(visit, said));
    return this.#note(await noted(told), behind);
  }

  async drop(id: string): Promise<void> {
    await this.#outbox?.drop(id);
    // What was refused does not count: the platform says what does.
    this.#etag = null;
    await this.refresh();
  }

  async #note(events: ReportEvent[], behind: ReturnType<typeof proofs> = []): Promise<boolean> {
    const made = events.map((event) => ({ kind: "event" as const, body: event, id: event.event_key }));
    try {
      await this.#outbox?.add([...made, ...behind]);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      this.full = true;
      return false;
    }
    this.full = false;
    if (this.tour !== null) await this.#keep(events.reduce(applied, this.tour));
    return true;
  }

  #withWaiting(tour: PhoneTour): PhoneTour {
    return (this.#outbox?.waiting ?? [])
      .filter((one) => one.kind === "event" && one.refused === null)
      .reduce((so_far, one) => applied(so_far, one.body as ReportEvent), tour);
  }

  async #keep(tour: PhoneTour): Promise<void> {
    this.tour = tour;
    const read_at = this.read_at ?? Date.now();
    try {
      await this.#store?.keepTour({ token: this.#token, tour, etag: this.#etag, read_at });
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      this.full = true;
    }
  }

  #changed(): void {
    this.waiting = this.#outbox?.waiting ?? [];
    this.sending = this.#outbox?.sending ?? false;
  }

  #follow(): void {
    const seen = () => document.visibilityState === "visible" && void this.refresh();
    window.addEventListener("online", () => {
      this.online = true;
      void this.refresh();
    });
    window.addEventListener("offline", () => (this.online = false));
    document.addEventListener("visibilitychange", seen);
    setInterval(seen, READ_EVERY_MS);
  }
}

type Told = Partial<ReportEvent> & Pick<ReportEvent, "kind">;

/**
 * What is said at once, each with its time and all with one place: a phone that cannot tell where it is makes its driver
 * wait, and so is asked once. A millisecond between them keeps their order.
 */
async function noted(told: readonly Told[]): Promise<ReportEvent[]> {
  const now = Date.now();
  const place = await here();
  return told.map((one, index) => {
    const at = new Date(now - (told.length - 1 - index)).toISOString();
    return { event_key: uuid7(), at, ...one, ...(place ?? {}) };
  });
}

const actionOf = (visit: Visited) => (visit.action === "pickup" ? "pickup" : "delivery");

function proofs(visit: Visited, said: Said) {
  const { shipment_id } = visit;
  const action = actionOf(visit);
  const taken_at = new Date().toISOString();
  const of = { shipment_id, action, signer_name: said.signer, taken_at };
  const made = [];
  if (said.photo !== null)
    made.push({ kind: "proof" as const, body: { ...of, kind: "photo", path: null }, file: said.photo });
  if (said.signature !== null)
    made.push({ kind: "proof" as const, body: { ...of, kind: "signature", path: said.signature }, file: null });
  return made;
}

export const journey = new Journey();
