/**
 * What a phone keeps of a tour: the tour as it was last read, and whatever has not reached the platform yet.
 *
 * All of it lies in IndexedDB, so that it outlives the page, the browser and the battery.
 */

const NAME = "cluster.driver";
const VERSION = 1;
const DAY_MS = 86_400_000;
/** A tour that nothing waits for is forgotten after so many days. */
const KEPT_DAYS = 14;

export interface KeptTour<T> {
  token: string;
  tour: T;
  etag: string | null;
  /** When it was read, in milliseconds of the epoch. */
  read_at: number;
}

/** One report that waits to be sent: its body is what the API takes, a photo beside it is sent first. */
export interface Waiting<B = unknown> {
  id: string;
  token: string;
  /** Counts up, so that reports are sent in the order they were made. */
  order: number;
  kind: "event" | "proof";
  body: B;
  file: Blob | null;
  /** The code of the refusal, where the platform would not have it; it is then shown and not sent again by itself. */
  refused: string | null;
}

/** Where things are kept. */
export interface Store {
  /** Whether it outlives the page. */
  readonly lasting: boolean;
  tour<T>(token: string): Promise<KeptTour<T> | null>;
  keepTour<T>(kept: KeptTour<T>): Promise<void>;
  waiting(token: string): Promise<Waiting[]>;
  /** Keeps reports, all or none of them. */
  put(ones: readonly Waiting[]): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
}

/** The browser's own store, or memory where it keeps none (a private window may not). */
export async function openStore(): Promise<Store> {
  try {
    return new Kept(await opened());
  } catch (error) {
    console.warn("this browser keeps nothing", error);
    return new Remembered();
  }
}

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("tours", { keyPath: "token" });
      request.result.createObjectStore("waiting", { keyPath: "id" }).createIndex("token", "token");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("no store"));
  });
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("the store failed"));
  });
}

/** Resolves once it is on the disk, not before: a request that succeeded may still be rolled back. */
function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error("the store is full"));
  });
}

class Kept implements Store {
  readonly lasting = true;
  readonly #db: IDBDatabase;

  constructor(db: IDBDatabase) {
    this.#db = db;
  }

  async tour<T>(token: string): Promise<KeptTour<T> | null> {
    const found = await settled(this.#db.transaction("tours").objectStore("tours").get(token));
    return (found as KeptTour<T> | undefined) ?? null;
  }

  async keepTour<T>(kept: KeptTour<T>): Promise<void> {
    await this.#write("tours", (store) => store.put(kept));
    await this.#forgetOld(kept.read_at - KEPT_DAYS * DAY_MS);
  }

  async waiting(token: string): Promise<Waiting[]> {
    const index = this.#db.transaction("waiting").objectStore("waiting").index("token");
    const found = (await settled(index.getAll(token))) as Waiting[];
    return found.sort((a, b) => a.order - b.order);
  }

  async put(ones: readonly Waiting[]): Promise<void> {
    await this.#write("waiting", (store) => ones.forEach((one) => store.put(one)));
  }

  async remove(ids: readonly string[]): Promise<void> {
    await this.#write("waiting", (store) => ids.forEach((id) => store.delete(id)));
  }

  async #write(name: string, work: (store: IDBObjectStore) => unknown): Promise<void> {
    const transaction = this.#db.transaction(name, "readwrite", { durability: "strict" });
    work(transaction.objectStore(name));
    await committed(transaction);
  }

  async #forgetOld(before: number): Promise<void> {
    const all = (await settled(this.#db.transaction("tours").objectStore("tours").getAll())) as KeptTour<unknown>[];
    for (const old of all.filter((one) => one.read_at < before)) {
      if ((await this.waiting(old.token)).length === 0) await this.#write("tours", (store) => store.delete(old.token));
    }
  }
}

/** In memory, for the time that the page is open. */
export class Remembered implements Store {
  readonly lasting = false;
  readonly #tours = new Map<string, KeptTour<unknown>>();
  readonly #waiting = new Map<string, Waiting>();

  async tour<T>(token: string): Promise<KeptTour<T> | null> {
    return (this.#tours.get(token) as KeptTour<T> | undefined) ?? null;
  }

  async keepTour<T>(kept: KeptTour<T>): Promise<void> {
    this.#tours.set(kept.token, kept);
  }

  async waiting(token: string): Promise<Waiting[]> {
    return [...this.#waiting.values()].filter((one) => one.token === token).sort((a, b) => a.order - b.order);
  }

  async put(ones: readonly Waiting[]): Promise<void> {
    for (const one of ones) this.#waiting.set(one.id, one);
  }

  async remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.#waiting.delete(id);
  }
}
