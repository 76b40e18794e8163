import type { Member } from "../../api/client";

const TONES: Record<Member["status"], string> = { active: "good", suspended: "bad", leaving: "warn", left: "" };

/** The colour of a member's standing; the words beside it say the same. */
export function standingTone(status: Member["status"]): string {
  return TONES[status];
}
