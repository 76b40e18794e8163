import {
  api,
  answer,
  authorization,
  refused,
  Refusal,
  type Plan,
  type ProgressPoint,
  type StartPlan,
} from "../api/client";
import { t } from "./i18n";
import { messages } from "./sse";

export const OVER = new Set<string>(["solved", "published", "superseded", "failed", "aborted", "discarded"]);
/** A worker has it, or will; a working copy waits for hands. */
export const MAKING = new Set<string>(["queued", "solving"]);
const RETRY_MS = 1500;

/** A plan being made, followed live. */
export class Run {
  plan = $state<Plan | null>(null);
  points = $state.raw<ProgressPoint[]>([]);
  aborting = $state(false);
  keeping = $state(false);
  /** Seconds that the search has been running, between two events as well. */
  elapsed = $state(0);
  interrupted = $state(false);

  readonly last = $derived(this.points.at(-1) ?? null);
  readonly under_way = $derived(this.plan !== null && !OVER.has(this.plan.status));

  readonly #onOver: (plan: Plan) => void;
  #abort: AbortController | null = null;
  #ticker: ReturnType<typeof setInterval> | null = null;
  #seenAt = 0;

  constructor(onOver: (plan: Plan) => void) {
    this.#onOver = onOver;
  }

  /** Asks for a plan and follows it; where one is being made already, follows that one. */
  async start(windowId: string, asked: Partial<StartPlan>): Promise<void> {
    try {
      const plan = await answer(
        api.POST("/v1/pool-windows/{pool_window_id}/plans", {
          params: { path: { pool_window_id: windowId }, header: { "Idempotency-Key": crypto.randomUUID() } },
          body: asked,
        }),
      );
      this.follow(plan);
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== "plan_in_progress") throw error;
      const running = await this.#runningOf(windowId);
      if (running === null) throw error;
      this.follow(running);
    }
  }

  /** Follows a plan until it is over, whatever the connection does. */
  follow(plan: Plan): void {
    this.stop();
    this.plan = plan;
    this.points = plan.progress;
    this.elapsed = plan.progress.at(-1)?.seconds ?? 0;
    this.aborting = false;
    this.keeping = false;
    const abort = new AbortController();
    this.#abort = abort;
    this.#seenAt = performance.now() - this.elapsed * 1000;
    this.#ticker = setInterval(() => this.#tick(), 200);
    void this.#listen(plan.id, abort.signal);
  }

  async abort(): Promise<void> {
    if (this.plan === null) return;
    this.aborting = true;
    try {
      await answer(api.POST("/v1/plans/{plan_id}/abort", { params: { path: { plan_id: this.plan.id } } }));
    } catch (error) {
      this.aborting = false;
      // It was over before the wish arrived: the stream says how.
      if (!(error instanceof Refusal) || error.code !== "plan_over") throw error;
    }
  }

  /** Ends the search now, with the best plan found so far. */
  async keep(): Promise<void> {
    if (this.plan === null) return;
    this.keeping = true;
    try {
      await answer(api.POST("/v1/plans/{plan_id}/stop", { params: { path: { plan_id: this.plan.id } } }));
    } catch (error) {
      this.keeping = false;
      if (!(error instanceof Refusal) || error.code !== "plan_over") throw error;
    }
  }

  /** Stops following; the plan goes on. */
  stop(): void {
    this.#abort?.abort();
    this.#abort = null;
    if (this.#ticker !== null) clearInterval(this.#ticker);
    this.#ticker = null;
    this.interrupted = false;
  }

  forget(): void {
    this.stop();
    this.plan = null;
    this.points = [];
  }

  #tick(): void {
    if (this.plan?.status === "solving") this.elapsed = (performance.now() - this.#seenAt) / 1000;
  }

  async #runningOf(windowId: string): Promise<Plan | null> {
    const overview = await answer(api.GET("/v1/overview"));
    const latest = overview.windows.find((entry) => entry.window.id === windowId)?.latest_plan ?? null;
    return latest !== null && !OVER.has(latest.status) ? latest : null;
  }

  async #listen(planId: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#stream(planId, signal);
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof Refusal) {
          this.stop();
          return;
        }
        if (!(error instanceof TypeError)) throw error;
      }
      if (signal.aborted || !this.under_way) return;
      this.interrupted = true;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  async #stream(planId: string, signal: AbortSignal): Promise<void> {
    const response = await fetch(`/v1/plans/${planId}/events`, {
      headers: { ...authorization(), Accept: "text/event-stream" },
      signal,
    });
    if (!response.ok || response.body === null) throw refused(await response.json().catch(() => null), response);
    this.interrupted = false;
    // Every stream tells the curve from its beginning.
    let points: ProgressPoint[] = [];
    for await (const message of messages(response.body)) {
      if (message.event === "progress") {
        points = [...points, JSON.parse(message.data) as ProgressPoint];
        this.#progress(points);
      } else if (message.event === "plan") {
        this.#status(JSON.parse(message.data) as Plan);
        if (!this.under_way) return;
      }
    }
  }

  #progress(points: ProgressPoint[]): void {
    this.points = points;
    const seconds = points.at(-1)?.seconds ?? 0;
    if (seconds > this.elapsed) this.#seenAt = performance.now() - seconds * 1000;
    this.elapsed = Math.max(this.elapsed, seconds);
  }

  #status(plan: Plan): void {
    this.plan = plan;
    if (plan.status === "solving" && this.points.length === 0) this.#seenAt = performance.now();
    if (!OVER.has(plan.status)) return;
    this.stop();
    this.#onOver(plan);
  }
}

/** What ended a plan without an answer, in words. */
export function failure(plan: Plan): string {
  if (plan.status === "aborted") return t("run.aborted");
  return plan.error_detail ?? t("run.failed");
}
