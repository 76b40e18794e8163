import {
  api,
  answer,
  every,
  Refusal,
  type Member,
  type Overview,
  type Plan,
  type PoolOverview,
  type Route,
  type Shares,
  type Shipment,
  type Site,
  type UnplannedShipment,
} from "../api/client";
import { inWords } from "./refusals";
import { router } from "./router.svelte";
import { MAKING, Run } from "./run.svelte";
import { selection } from "./selection.svelte";
import { session } from "./session.svelte";
import { toldOf } from "./itinerary";

const PAGE = 500;

/** What a plan came to. */
export interface Answer {
  plan: Plan;
  routes: Route[];
  unplanned: UnplannedShipment[];
  shares: Shares | null;
}

/** One service day as the signed-in role may see it: the window, its shipments, and the plan that applies. */
class Day {
  overview = $state.raw<Overview | null>(null);
  windowId = $state<string | null>(null);
  shipments = $state.raw<Shipment[]>([]);
  sites = $state.raw<Site[]>([]);
  members = $state.raw<Member[]>([]);
  /** Names of vehicle types by identifier; a member sees none. */
  vehicleTypes = $state.raw(new Map<string, string>());
  answer = $state.raw<Answer | null>(null);
  loading = $state(false);
  fault = $state<string | null>(null);
  /** All plans of the window, the newest first; a member has only those that were published, and asks for none. */
  plans = $state.raw<Plan[]>([]);
  /** The plan that is looked at in place of the one that applies. */
  planId = $state<string | null>(null);
  /** The working copy that is being edited; its answer is kept by who edits it. */
  draft = $state.raw<Plan | null>(null);
  /** How the last attempt at a plan ended without one. */
  failed = $state.raw<Plan | null>(null);

  readonly run = new Run((plan) => void this.#over(plan));
  readonly pool: PoolOverview | null = $derived(
    this.overview?.windows.find((entry) => entry.window.id === this.windowId) ?? null,
  );
  readonly hub: Site | null = $derived(this.sites.find((site) => site.kind === "hub") ?? null);
  /** How many shipments were booked since the plan that applies was made. */
  readonly late = $derived.by(() => {
    if (this.answer === null) return 0;
    const told = toldOf(this.answer.routes, this.answer.unplanned);
    return this.shipments.filter((one) => one.status !== "cancelled" && !told.has(one.id)).length;
  });
  readonly memberNames = $derived(new Map(this.members.map((member) => [member.id, member.name])));
  readonly shipmentsById = $derived(new Map(this.shipments.map((shipment) => [shipment.id, shipment])));

  /** Reads everything that the first screen shows. */
  async open(): Promise<void> {
    await this.#guarded(async () => {
      const [overview, sites, members, vehicleTypes] = await Promise.all([
        answer(api.GET("/v1/overview")),
        every((cursor) => answer(api.GET("/v1/sites", { params: { query: { limit: PAGE, cursor } } }))),
        every((cursor) => answer(api.GET("/v1/members", { params: { query: { limit: PAGE, cursor } } }))),
        session.coordinator
          ? every((cursor) => answer(api.GET("/v1/vehicle-types", { params: { query: { limit: PAGE, cursor } } })))
          : [],
      ]);
      this.overview = overview;
      this.sites = sites;
      this.members = members;
      this.vehicleTypes = new Map(vehicleTypes.map((entry) => [entry.id, entry.name]));
      const wanted = router.value("day");
      const known = overview.windows.some((entry) => entry.window.id === wanted);
      this.windowId = known ? wanted : (nextWindow(overview.windows, session.zone.today())?.window.id ?? null);
      await this.#readWindow();
    });
  }

  /** Another service day; `told` where the address is to say so. */
  async choose(windowId: string, told = true): Promise<void> {
    if (windowId === this.windowId) return;
    this.windowId = windowId;
    if (told) router.set({ day: windowId });
    selection.clear();
    this.run.forget();
    this.failed = null;
    this.answer = null;
    this.planId = null;
    this.draft = null;
    this.plans = [];
    this.shipments = [];
    await this.#guarded(() => this.#readWindow());
  }

  /** Reads overview and shipments again, after a booking or when somebody comes back to the page. */
  async refresh(): Promise<void> {
    await this.#guarded(async () => {
      this.overview = await answer(api.GET("/v1/overview"));
      await this.#readWindow();
    });
  }

  close(): void {
    this.run.forget();
    selection.clear();
    this.overview = null;
    this.windowId = null;
    this.planId = null;
    this.draft = null;
    this.plans = [];
    this.answer = null;
    this.failed = null;
    this.shipments = [];
    this.sites = [];
    this.members = [];
    this.fault = null;
  }

  async #readWindow(): Promise<void> {
    const pool = this.pool;
    if (pool === null) return;
    const id = pool.window.id;
    const shipments = every((cursor) =>
      answer(api.GET("/v1/shipments", { params: { query: { limit: PAGE, cursor, pool_window_id: id } } })),
    );
    const plans = session.coordinator ? await plansOf(id) : [];
    const chosen = plans.find((plan) => plan.id === this.planId && plan.result !== null)?.id;
    const candidate = plans.find((plan) => plan.status === "solved")?.id;
    const shown = chosen ?? pool.current_plan_id ?? candidate ?? null;
    const draft = this.draft;
    const [found, current] = await Promise.all([shipments, shown === null || draft ? null : readAnswer(shown)]);
    if (this.windowId !== id) return;
    this.plans = plans;
    this.shipments = found;
    if (draft !== null || this.draft !== null) return;
    this.planId = shown;
    this.answer = current;
    const latest = pool.latest_plan;
    if (!session.coordinator || latest === null) return;
    if (MAKING.has(latest.status)) {
      if (this.run.plan?.id !== latest.id) this.run.follow(latest);
    } else if (latest.status === "failed") this.failed = latest;
  }

  /** Another plan of the window in all views. */
  async look(planId: string): Promise<void> {
    if (planId === this.planId) return;
    this.planId = planId;
    selection.clear();
    await this.#guarded(() => this.#readWindow());
  }

  async #over(plan: Plan): Promise<void> {
    selection.clear();
    // What was asked for last is what the reader wants to see.
    if (plan.result !== null) this.planId = plan.id;
    this.failed = ["solved", "published", "superseded"].includes(plan.status) ? null : plan;
    await this.refresh();
    this.run.forget();
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    this.loading = true;
    this.fault = null;
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.fault = inWords(error);
    } finally {
      this.loading = false;
    }
  }
}

async function plansOf(windowId: string): Promise<Plan[]> {
  const found = await every((cursor) =>
    answer(api.GET("/v1/plans", { params: { query: { limit: PAGE, cursor, pool_window_id: windowId } } })),
  );
  return found.reverse();
}

async function readAnswer(planId: string): Promise<Answer> {
  const path = { params: { path: { plan_id: planId } } };
  const split = () => answer(api.GET("/v1/plans/{plan_id}/shares", path)).catch(noneYet);
  const [plan, routes, unplanned, seen] = await Promise.all([
    answer(api.GET("/v1/plans/{plan_id}", path)),
    answer(api.GET("/v1/plans/{plan_id}/routes", path)),
    answer(api.GET("/v1/plans/{plan_id}/unplanned", path)),
    session.coordinator ? split() : null,
  ]);
  // A member without a shipment in the plan has no share of it: there is nothing to ask for.
  const takesPart = routes.routes.length > 0 || unplanned.unplanned.length > 0;
  const shares = session.coordinator || !takesPart ? seen : await split();
  const begins = (route: Route) => route.starts_at ?? "";
  const inTime = [...routes.routes].sort((a, b) => begins(a).localeCompare(begins(b)));
  return { plan, routes: inTime, unplanned: unplanned.unplanned, shares };
}

/** A plan without a split is no fault. */
function noneYet(error: unknown): null {
  if (error instanceof Refusal && error.status === 404) return null;
  throw error;
}

/** The window that matters now: the first service day still to come, or else the latest. */
export function nextWindow(windows: PoolOverview[], today: string): PoolOverview | null {
  const coming = windows.filter((entry) => entry.window.service_date >= today);
  return coming.at(-1) ?? windows[0] ?? null;
}


export const day = new Day();
