import {
  answer,
  api,
  Refusal,
  type DraftAlternative,
  type DraftState,
  type DraftViolation,
  type EditPlan,
  type Plan,
  type Route,
  type UnplannedShipment,
} from "../../api/client";
import { day, type Answer } from "../day.svelte";
import { selection } from "../selection.svelte";
import { Working } from "../working.svelte";

const NOT_PLANNED = "by_hand";
const BOOKED_SINCE = "booked_since";
const OUT = "cancelled_here";

/** The plan that is being edited by hand: a working copy, changed on the platform step by step. */
class Hands {
  plan = $state.raw<Plan | null>(null);
  state = $state.raw<DraftState | null>(null);
  /** Shipments that the reader is choosing a place for. */
  moving = $state.raw<string[] | null>(null);
  readonly work = new Working();

  readonly active = $derived(this.plan !== null);
  readonly lockedRoutes = $derived(new Set(this.state?.locks.route_nos));
  readonly lockedShipments = $derived(new Set(this.state?.locks.shipment_ids));
  readonly lockedTimes = $derived(new Set(this.state?.locks.times.map((lock) => lock.shipment_id)));
  readonly heldStops = $derived(new Map(this.state?.locks.sequences.map((lock) => [lock.route_no, lock.count])));
  /** What is wrong, by route. */
  readonly broken = $derived.by(() => {
    const found = new Map<number, DraftViolation[]>();
    for (const one of this.state?.violations ?? []) found.set(one.route_no, [...(found.get(one.route_no) ?? []), one]);
    return found;
  });

  /** Why shipments of the plan that the copy was made of are not on a route. */
  #known = new Map<string, UnplannedShipment>();
  /** What was looked at before the copy. */
  #before: Answer | null = null;

  /** A working copy of a plan, in all views. */
  async open(planId: string): Promise<boolean> {
    return this.#begun(() =>
      answer(
        api.POST("/v1/plans/{plan_id}/draft", {
          params: { path: { plan_id: planId }, header: { "Idempotency-Key": crypto.randomUUID() } },
        }),
      ),
    );
  }

  /** A working copy of a plan with the day as it is now. */
  async revise(planId: string): Promise<boolean> {
    return this.#begun(() =>
      answer(
        api.POST("/v1/plans/{plan_id}/revise", {
          params: { path: { plan_id: planId }, header: { "Idempotency-Key": crypto.randomUUID() } },
        }),
      ),
    );
  }

  /** A working copy that was left earlier. */
  async resume(plan: Plan): Promise<boolean> {
    return this.#begun(async () => plan);
  }

  async edit(body: EditPlan): Promise<boolean> {
    return this.#step((params) => answer(api.POST("/v1/plans/{plan_id}/edits", { params, body })));
  }

  /** Whether no route of the copy carries any of these. */
  loose(ids: readonly string[]): boolean {
    const left = new Set(this.state?.unplanned_shipment_ids);
    return ids.length > 0 && ids.every((id) => left.has(id));
  }

  /** Shipments to a place, from routes and from none, in one edit. */
  async put(ids: string[], where: Where): Promise<boolean> {
    const named = where.route_no !== undefined || where.vehicle_type_id !== undefined;
    return this.edit({ kind: named && this.loose(ids) ? "plan" : "move", shipment_ids: ids, ...where });
  }

  /** Shipments that no route carries, each where it costs least, in one edit. */
  async spread(ids: string[]): Promise<boolean> {
    return this.edit({ kind: "plan", shipment_ids: ids });
  }

  /** Off their routes, those that are on one. */
  async off(ids: string[]): Promise<boolean> {
    const left = new Set(this.state?.unplanned_shipment_ids);
    const shipment_ids = ids.filter((id) => !left.has(id));
    return shipment_ids.length === 0 || this.edit({ kind: "unplan", shipment_ids });
  }

  async undo(): Promise<boolean> {
    if (this.state?.can_undo !== true) return false;
    return this.#step((params) => answer(api.POST("/v1/plans/{plan_id}/undo", { params })));
  }

  async redo(): Promise<boolean> {
    if (this.state?.can_redo !== true) return false;
    return this.#step((params) => answer(api.POST("/v1/plans/{plan_id}/redo", { params })));
  }

  /** Every way to serve a shipment that breaks nothing; null where that was refused. */
  async alternatives(shipmentId: string): Promise<DraftAlternative[]> {
    const params = { path: { plan_id: this.plan?.id ?? "" }, query: { shipment_id: shipmentId } };
    return (await answer(api.GET("/v1/plans/{plan_id}/alternatives", { params }))).alternatives;
  }

  /** Splits the cost of the copy as it is. */
  async finish(): Promise<boolean> {
    const [plan, state] = [this.plan, this.state];
    if (plan === null || state === null) return false;
    const params = { path: { plan_id: plan.id }, header: { "If-Match": `"${state.version}"` } };
    const queued = await this.work.run(() => answer(api.POST("/v1/plans/{plan_id}/finish", { params })));
    if (queued === null) return false;
    this.#close();
    day.run.follow(queued);
    return true;
  }

  /** Searches on from the copy, around what it locks; the copy stays for later. */
  async reoptimise(seconds: number, change_minor: number): Promise<boolean> {
    const plan = this.plan;
    if (plan === null) return false;
    const params = { path: { plan_id: plan.id }, header: { "Idempotency-Key": crypto.randomUUID() } };
    const body = { seconds, change_minor };
    const queued = await this.work.run(() => answer(api.POST("/v1/plans/{plan_id}/reoptimise", { params, body })));
    if (queued === null) return false;
    this.#close();
    day.run.follow(queued);
    return true;
  }

  /** Back to the plan that the copy was made of. The copy stays, unless nothing was changed in it. */
  async leave(discard = false): Promise<void> {
    const [plan, base] = [this.plan, this.state?.base_plan_id ?? null];
    if (plan === null) return;
    if (discard || this.state?.edits.length === 0) {
      const done = await this.work.run(async () => {
        await answer(api.POST("/v1/plans/{plan_id}/discard", { params: { path: { plan_id: plan.id } } }));
        return true;
      });
      if (done === null) return;
    }
    this.#close();
    day.planId = base;
    await day.refresh();
  }

  /** Lets go of the copy without a word, where the day or the reader is another. */
  drop(): void {
    this.#close();
  }

  #close(): void {
    // What was looked at before is shown at once; nobody takes the copy for a plan meanwhile.
    if (day.answer !== null && day.answer.plan.id === this.plan?.id) day.answer = this.#before;
    this.#before = null;
    this.plan = null;
    this.state = null;
    this.moving = null;
    this.work.clear();
    day.draft = null;
    selection.clear();
  }

  async #begun(how: () => Promise<Plan>): Promise<boolean> {
    const done = await this.work.run(async () => {
      const plan = await how();
      const path = { plan_id: plan.id };
      // One after the other: a copy that nobody looked at yet is opened by the first look.
      const state = await answer(api.GET("/v1/plans/{plan_id}/draft", { params: { path } }));
      const { routes } = await answer(api.GET("/v1/plans/{plan_id}/routes", { params: { path } }));
      this.#known = new Map((await this.#reasons(plan)).map((one) => [one.shipment_id, one]));
      const begins = (route: Route) => route.starts_at ?? "";
      routes.sort((a, b) => begins(a).localeCompare(begins(b)));
      if (day.answer?.plan.id !== plan.id) this.#before = day.answer;
      this.plan = plan;
      this.state = state;
      day.draft = plan;
      day.planId = plan.id;
      this.#show(state, routes);
      return true;
    });
    return done === true;
  }

  /** Why shipments were not planned in what the copy was made of: at hand, where that was looked at last. */
  async #reasons(plan: Plan): Promise<UnplannedShipment[]> {
    const base = plan.base_plan_id;
    if (base === null || day.answer?.plan.id === base) return day.answer?.unplanned ?? [];
    if (day.answer?.plan.id === plan.id) return [...this.#known.values()];
    return (await answer(api.GET("/v1/plans/{plan_id}/unplanned", { params: { path: { plan_id: base } } }))).unplanned;
  }

  async #step(how: (params: Named) => Promise<DraftState>): Promise<boolean> {
    const [plan, before] = [this.plan, this.state];
    if (plan === null || before === null) return false;
    const params: Named = { path: { plan_id: plan.id }, header: { "If-Match": `"${before.version}"` } };
    const state = await this.work.run(() => how(params));
    if (state === null) {
      // Somebody else edited it: what is shown is no longer what is there.
      if (this.work.refusal?.code === "outdated") await this.#again(plan, this.work.refusal);
      return false;
    }
    this.state = state;
    const gone = new Set(state.gone_route_nos);
    const touched = new Map(state.routes.map((route) => [route.route_no, route]));
    // Routes keep their places on the screen and, where nothing changed, are the very same objects.
    const kept = (day.answer?.routes ?? []).filter((route) => !gone.has(route.route_no));
    const routes = kept.map((route) => touched.get(route.route_no) ?? route);
    const known = new Set(kept.map((route) => route.route_no));
    this.#show(state, [...routes, ...state.routes.filter((route) => !known.has(route.route_no))]);
    if (selection.route !== null && gone.has(selection.route)) selection.clear();
    return true;
  }

  async #again(plan: Plan, why: Refusal): Promise<void> {
    await this.#begun(async () => plan);
    this.work.refusal ??= why;
  }

  #show(state: DraftState, routes: Route[]): void {
    if (this.plan === null) return;
    const unplanned = [
      ...state.unplanned_shipment_ids.map((id) => this.#unplanned(id, null)),
      ...state.cancelled_shipment_ids.map((id) => this.#unplanned(id, OUT)),
    ].filter((one) => one !== null);
    day.answer = { plan: this.plan, routes, unplanned, shares: null };
  }

  #unplanned(id: string, reason: string | null): UnplannedShipment | null {
    const told = this.#known.get(id);
    if (told !== undefined && reason === null) return told;
    const shipment = day.shipmentsById.get(id);
    const end = shipment?.delivery ?? shipment?.pickup;
    if (shipment === undefined || end === null || end === undefined) return null;
    const since = this.plan?.origin === "revise" && !this.#edited(id);
    return {
      shipment_id: id,
      client_ref: shipment.client_ref,
      member_id: shipment.member_id,
      name: end.name,
      lat: end.lat,
      lon: end.lon,
      reason: reason ?? (since ? BOOKED_SINCE : NOT_PLANNED),
      detail: null,
      cure: null,
      outside_minor: shipment.outside_minor ?? null,
    };
  }

  #edited(id: string): boolean {
    const of = (body: Record<string, unknown>) => [body["shipment_id"], body["shipment_ids"]].flat();
    return this.state?.edits.some((one) => of(one.body).includes(id)) ?? false;
  }
}

/** A route and a place on it, or the type of a new one; nothing leaves it to the platform. */
export interface Where {
  route_no?: number;
  vehicle_type_id?: string;
  position?: number;
}

interface Named {
  path: { plan_id: string };
  header: { "If-Match": string };
}

export const hands = new Hands();
