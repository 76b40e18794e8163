import type { Key } from "./i18n";

/** What the platform shows of a first shared day. */
export interface Seen {
  members: number;
  vehicles: number;
  windows: number;
  /** Those of the fullest day. */
  shipments: number;
  /** Plans of the day with an answer. */
  solved: number;
  published: boolean;
  tours: number;
}

export interface FirstStep {
  id: string;
  title: Key;
  text: Key;
  /** The page where it is done. */
  page: string;
  done: boolean;
  count: number;
}

/** The steps of a first shared day: each is done when what it makes is there, whoever made it. */
export function firstDay(seen: Seen): FirstStep[] {
  const step = (id: string, page: string, done: boolean, count = 0): FirstStep => ({
    id,
    title: `start.${id}` as Key,
    text: `start.${id}.text` as Key,
    page,
    done,
    count,
  });
  return [
    step("members", "members", seen.members >= 2, seen.members),
    step("vehicles", "rules/tariffs", seen.vehicles > 0, seen.vehicles),
    step("window", "days", seen.windows > 0),
    step("bookings", "", seen.shipments > 0, seen.shipments),
    step("plan", "", seen.solved > 0 || seen.published),
    step("compare", "", seen.solved > 1),
    step("publish", "", seen.published),
    step("dispatch", "tours", seen.tours > 0),
  ];
}
