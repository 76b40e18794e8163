const NONE: ReadonlySet<string> = new Set();
/** Identifiers beyond this many would make an address that no one can hand on. */
const TOLD_MAX = 40;

/** What is looked at: the same in map, timeline, load and lists. */
class Selection {
  /** A route by its number. */
  route = $state<number | null>(null);
  /** The route under the pointer. */
  hovered = $state<number | null>(null);
  /** A member, for its shipments on the map. */
  member = $state<string | null>(null);
  /** The shipment that was chosen last: where lists scroll to. */
  shipment = $state<string | null>(null);
  /** All chosen shipments. */
  group = $state.raw<ReadonlySet<string>>(NONE);
  /** The shipments under the pointer. */
  pointed = $state.raw<ReadonlySet<string>>(NONE);

  /** Selects a route, or lets go of it where it is selected already. */
  toggle(route: number): void {
    const again = this.route === route && this.shipment === null;
    this.#choose(again ? null : route, null);
  }

  pickShipment(id: string | null): void {
    this.#choose(null, this.shipment === id ? null : id);
  }

  /** A shipment with the route it is on. */
  pick(id: string, route: number | null): void {
    this.#choose(route, id);
  }

  /** Many at once: all that a line was drawn around, or all of a stop. */
  pickMany(ids: Iterable<string>, route: number | null = null): void {
    const group = new Set(ids);
    const last = [...group].at(-1) ?? null;
    this.#choose(route, last);
    this.group = group;
  }

  /** Adds a shipment to what is chosen, or takes it out again. */
  include(id: string): void {
    const group = new Set(this.group);
    if (!group.delete(id)) group.add(id);
    this.#choose(null, group.has(id) ? id : ([...group].at(-1) ?? null));
    this.group = group;
  }

  pickMember(id: string): void {
    const again = this.member === id;
    this.#choose(null, null);
    if (!again) this.member = id;
  }

  /** What is under the pointer. */
  point(route: number | null, ids: Iterable<string> = NONE): void {
    this.hovered = route;
    const pointed = new Set(ids);
    if (pointed.size > 0 || this.pointed.size > 0) this.pointed = pointed;
  }

  clear(): void {
    this.#choose(null, null);
    this.point(null);
  }

  /** The selection as values of the address. */
  get told(): Record<"route" | "shipments" | "member", string | null> {
    const few = this.group.size > 0 && this.group.size <= TOLD_MAX;
    return {
      route: this.route === null ? null : String(this.route),
      shipments: few ? [...this.group].join(",") : null,
      member: this.member,
    };
  }

  /** What an address told; `route` and identifiers that the day does not know are for the caller to leave out. */
  restore(route: number | null, shipments: string[], member: string | null): void {
    if (shipments.length > 0) this.pickMany(shipments, route);
    else this.#choose(route, null);
    this.member = member;
  }

  #choose(route: number | null, shipment: string | null): void {
    this.route = route;
    this.shipment = shipment;
    this.group = shipment === null ? NONE : new Set([shipment]);
    this.member = null;
  }
}

export const selection = new Selection();
