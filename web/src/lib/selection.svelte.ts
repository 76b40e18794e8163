/** What is looked at: the same in map, timeline and lists. */
class Selection {
  /** A route by its number. */
  route = $state<number | null>(null);
  hovered = $state<number | null>(null);
  /** A member, for its shipments on the map. */
  member = $state<string | null>(null);
  /** A shipment without a route. */
  shipment = $state<string | null>(null);

  /** Selects a route, or lets go of it where it is selected already. */
  toggle(route: number): void {
    this.route = this.route === route ? null : route;
    this.shipment = null;
    this.member = null;
  }

  pickShipment(id: string | null): void {
    this.shipment = this.shipment === id ? null : id;
    this.route = null;
    this.member = null;
  }

  pickMember(id: string): void {
    this.member = this.member === id ? null : id;
    this.route = null;
    this.shipment = null;
  }

  clear(): void {
    this.route = null;
    this.shipment = null;
    this.member = null;
    this.hovered = null;
  }
}

export const selection = new Selection();
