import { api, type Route } from "../../api/client";
import { learned, type KnownRoads } from "./roads";

/** A plan is drawn first. */
const FIRST_MS = 400;
/** Between questions after lines that are being computed; after the last one, a map stays as it is. */
const AGAIN_MS = [2_000, 3_000, 5_000, 10_000, 20_000, 30_000, 60_000];

/** Asks along which roads the routes of a plan lead, after it is shown; nobody waits for it. */
export class Roads {
  known = $state.raw<KnownRoads>(new Map());

  /** Until the answer is called, or all is known. */
  follow(planId: string, routes: Route[]): () => void {
    let timer = 0;
    let gone = false;
    const ask = async (pauses: number[]): Promise<void> => {
      // Without an answer, lines stay straight: the map says so, and nothing else is wrong.
      const { data } = await api
        .GET("/v1/plans/{plan_id}/lines", { params: { path: { plan_id: planId } } })
        .catch(() => ({ data: undefined }));
      if (gone || data === undefined) return;
      this.known = learned(this.known, routes, data);
      const [pause, ...rest] = pauses;
      if (data.missing > 0 && pause !== undefined) timer = window.setTimeout(() => void ask(rest), pause);
    };
    timer = window.setTimeout(() => void ask(AGAIN_MS), FIRST_MS);
    return () => {
      gone = true;
      window.clearTimeout(timer);
    };
  }
}
