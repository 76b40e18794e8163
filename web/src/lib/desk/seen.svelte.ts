import { answer, api, type MemberView } from "../../api/client";
import { selection } from "../selection.svelte";
import { Working } from "../working.svelte";

/** A plan's day as one member sees it, while the coordinator looks through its eyes. */
class Seen {
  view = $state.raw<MemberView | null>(null);
  readonly work = new Working();

  async open(planId: string, memberId: string): Promise<void> {
    const path = { plan_id: planId, member_id: memberId };
    const view = await this.work.run(() =>
      answer(api.GET("/v1/plans/{plan_id}/as-member/{member_id}", { params: { path } })),
    );
    if (view === null) return;
    selection.clear();
    this.view = view;
  }

  close(): void {
    selection.clear();
    this.view = null;
  }
}

export const seen = new Seen();
