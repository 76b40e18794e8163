import type { Draft } from "./draft";
import { emptyDraft } from "./draft";

const STORED = "cluster.draft";

/** The booking begun earlier in this tab, if there is one. */
export function kept(): Draft | null {
  try {
    const text = sessionStorage.getItem(STORED);
    // Fields that have come since the draft was begun are empty.
    return text === null ? null : { ...emptyDraft(), ...(JSON.parse(text) as Draft) };
  } catch {
    return null;
  }
}

/** Keeps a booking that is being written until the tab is closed or somebody signs out. */
export function keep(draft: Draft): void {
  try {
    sessionStorage.setItem(STORED, JSON.stringify(draft));
  } catch (error) {
    // A browser that keeps nothing still books.
    if (!(error instanceof DOMException)) throw error;
  }
}

export function forget(): void {
  sessionStorage.removeItem(STORED);
}
