import { uuid7 } from "./ids";
import type { Store, Waiting } from "./store";

/** What became of reports that were sent. */
export interface Sent {
  /** Identifiers of those that the platform has now, or had already. */
  taken: string[];
  /** Those that it would not have, with the code of the reason. */
  refused: { id: string; code: string }[];
  /** Set where the rest is to be tried later: no reception, or a platform that is busy or away. */
  later: boolean;
  /** Set where the link is no longer good: nothing more is sent, nothing is thrown away. */
  gone: boolean;
}

export type Send = (batch: Waiting[]) => Promise<Sent>;

/** At most so many events in one request. */
const BATCH_MAX = 50;
const RETRY_S = [4, 8, 15, 30, 60, 120];

/**
 * Reports on their way from a phone to the platform.
 *
 * A report is on the disk before anybody is told that it was noted, and leaves the disk once the platform has said that
 * it has it: a lost answer sends it again under the same identifier, by which the platform knows it.
 */
export class Outbox {
  waiting: readonly Waiting[] = [];
  sending = false;
  gone = false;

  readonly #store: Store;
  readonly #token: string;
  readonly #send: Send;
  readonly #changed: () => void;
  #last = 0;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #again = false;

  constructor(store: Store, token: string, send: Send, changed: () => void) {
    this.#store = store;
    this.#token = token;
    this.#send = send;
    this.#changed = changed;
  }

  /** Takes up what an earlier page left. */
  async begin(): Promise<void> {
    await this.#read();
  }

  /**
   * Notes reports, all or none of them.
   *
   * @throws DOMException when the phone has no room to keep them: then nothing was noted.
   */
  async add(made: { kind: Waiting["kind"]; body: object; file?: Blob | null; id?: string }[]): Promise<void> {
    const ones = made.map(({ kind, body, file = null, id = uuid7() }): Waiting => {
      this.#last = Math.max(this.#last + 1, Date.now());
      return { id, token: this.#token, order: this.#last, kind, body, file, refused: null };
    });
    await this.#store.put(ones);
    await this.#read();
    void this.send();
  }

  /** Takes a report that was refused off the list. */
  async drop(id: string): Promise<void> {
    await this.#store.remove([id]);
    await this.#read();
  }

  /** Sends what waits, one page of the browser at a time. */
  async send(): Promise<void> {
    if (this.gone) return;
    if (this.sending) {
      this.#again = true;
      return;
    }
    this.#stopTimer();
    this.sending = true;
    this.#changed();
    try {
      await alone(() => this.#all());
    } finally {
      this.sending = false;
      this.#changed();
    }
    if (this.#again) {
      this.#again = false;
      await this.send();
    }
  }

  close(): void {
    this.#stopTimer();
  }

  async #all(): Promise<void> {
    // Another page of this browser may have sent some meanwhile.
    await this.#read();
    for (let batch = next(this.waiting); batch.length > 0; batch = next(this.waiting)) {
      const sent = await this.#send(batch);
      await this.#store.remove(sent.taken);
      const refused = new Map(sent.refused.map((one) => [one.id, one.code]));
      await this.#store.put(
        batch.flatMap((one) => (refused.has(one.id) ? [{ ...one, refused: refused.get(one.id) ?? "refused" }] : [])),
      );
      await this.#read();
      if (sent.gone) {
        this.gone = true;
        return;
      }
      // An answer that settles nothing would be asked for without end.
      if (sent.later || sent.taken.length + sent.refused.length === 0) return this.#later();
      this.#failures = 0;
    }
  }

  #later(): void {
    const wait_s = RETRY_S[Math.min(this.#failures, RETRY_S.length - 1)] ?? 60;
    this.#failures += 1;
    this.#timer = setTimeout(() => void this.send(), wait_s * 1000);
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  async #read(): Promise<void> {
    this.waiting = await this.#store.waiting(this.#token);
    this.#last = Math.max(this.#last, this.waiting.at(-1)?.order ?? 0);
    this.#changed();
  }
}

/** What goes out next: the events up to the first proof, or that proof by itself. */
export function next(waiting: readonly Waiting[]): Waiting[] {
  const open = waiting.filter((one) => one.refused === null);
  if (open[0]?.kind === "proof") return open.slice(0, 1);
  const proof = open.findIndex((one) => one.kind === "proof");
  return open.slice(0, Math.min(proof < 0 ? open.length : proof, BATCH_MAX));
}

/** Two pages of one browser send one after the other, where the browser can tell them apart. */
async function alone(work: () => Promise<void>): Promise<void> {
  const locks = (globalThis.navigator as Partial<Navigator> | undefined)?.locks;
  await (locks === undefined ? work() : locks.request("cluster.driver.send", work));
}
