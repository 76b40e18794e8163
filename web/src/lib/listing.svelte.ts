import { Refusal } from "../api/client";
import { inWords } from "./refusals";

export interface PageOf<T> {
  data: T[];
  next_cursor: string | null;
}

/** A list of the API, read page by page: what there is so far, and whether there is more. */
export class Listing<T> {
  items = $state.raw<T[]>([]);
  next = $state<string | null>(null);
  loading = $state(true);
  fault = $state<string | null>(null);
  /** Set where the reader's role may not see the list at all. */
  forbidden = $state(false);

  #read: (cursor: string | undefined) => Promise<PageOf<T>>;
  #turn = 0;

  constructor(read: (cursor: string | undefined) => Promise<PageOf<T>>) {
    this.#read = read;
  }

  /** Reads from the beginning; an answer that another reading has overtaken is dropped. */
  async begin(): Promise<void> {
    await this.#page(undefined);
  }

  async more(): Promise<void> {
    if (this.next !== null) await this.#page(this.next);
  }

  async #page(cursor: string | undefined): Promise<void> {
    const turn = ++this.#turn;
    this.loading = true;
    this.fault = null;
    try {
      const page = await this.#read(cursor);
      if (turn !== this.#turn) return;
      this.items = cursor === undefined ? page.data : [...this.items, ...page.data];
      this.next = page.next_cursor;
    } catch (error) {
      if (turn !== this.#turn) return;
      if (!(error instanceof Refusal)) throw error;
      this.forbidden = error.status === 403;
      this.fault = inWords(error);
    } finally {
      if (turn === this.#turn) this.loading = false;
    }
  }
}
