import { steps } from "./steps";

/** Where the reader is: a path and its values, kept behind the `#` of the address. */
export interface Place {
  path: string[];
  query: URLSearchParams;
}

/** Links that the API writes: an invitation, a new password, and where a provider's sign-in has come to. */
const LINK = /^(apply|join|reset|refused|choose_account|second_factor_needed)=(.+)$/;

/** Reads `#/shipments/shp_1?status=booked`. A pool window alone, as in older links, is its day. */
export function parsed(hash: string): Place {
  const text = hash.replace(/^#/, "");
  if (/^win_\w+$/.test(text)) return { path: [], query: new URLSearchParams({ day: text }) };
  const secret = LINK.exec(text);
  if (secret !== null) return { path: [secret[1] ?? ""], query: new URLSearchParams({ token: secret[2] ?? "" }) };
  const [path = "", query = ""] = text.split("?", 2);
  return { path: path.split("/").filter(Boolean).map(decoded), query: new URLSearchParams(query) };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The link to a page. Values that are empty are left out. */
export function to(path: string, query: Record<string, string | null | undefined> = {}): string {
  const kept = Object.entries(query).filter((entry): entry is [string, string] => !!entry[1]);
  const tail = new URLSearchParams(kept).toString();
  return `#/${path}${tail === "" ? "" : `?${tail}`}`;
}

class Router {
  place = $state.raw<Place>({ path: [], query: new URLSearchParams() });
  readonly page = $derived(this.place.path[0] ?? "");
  readonly sub = $derived(this.place.path[1] ?? null);

  /** The address that the place was read from. */
  #seen = "";

  /** Follows the address from now on. */
  begin(): void {
    this.#look();
    window.addEventListener("hashchange", () => {
      steps.go();
      this.#look();
    });
  }

  #look(): void {
    this.#seen = location.hash;
    this.place = parsed(this.#seen);
  }

  /** Another page, which the browser's way back leads away from again. */
  go(href: string): void {
    location.hash = href;
  }

  /**
   * The same page with other values: filters and the like, which are no steps of their own. A reader who is on the way to
   * another page already, which is told a moment later, is not called back.
   */
  replace(href: string): void {
    if (location.hash !== this.#seen) return;
    history.replaceState(null, "", href);
    this.#look();
  }

  /** A value of the address. */
  value(name: string): string | null {
    return this.place.query.get(name);
  }

  /** Sets values of the address, and removes those that are null. */
  set(values: Record<string, string | null>): void {
    const query = new URLSearchParams(this.place.query);
    for (const [name, value] of Object.entries(values)) {
      if (value === null || value === "") query.delete(name);
      else query.set(name, value);
    }
    this.replace(to(this.place.path.map(encodeURIComponent).join("/"), Object.fromEntries(query)));
  }
}

export const router = new Router();
