import type { components } from "../api/schema";

export type Schedule = components["schemas"]["Schedule"];
type Body = components["schemas"]["AddSchedule"];

export const WEEK = [1, 2, 3, 4, 5, 6, 7];
const MINUTE_S = 60;

/** A schedule as typed. Cut-offs are weekdays and a clock time where they can be, else a cron expression. */
export interface ScheduleTyped {
  label: string;
  own: boolean;
  on: number[];
  at: string;
  cron: string;
  service: number[];
  offset: string;
  holidays: string;
  on_holiday: Schedule["on_holiday"];
  before: string;
  clock: string;
  late: Schedule["late_policy"];
  late_min: string;
  horizon: string;
  active: boolean;
}

export function emptySchedule(country: string): ScheduleTyped {
  return {
    label: "",
    own: false,
    on: [1, 2, 3, 4, 5],
    at: "16:00",
    cron: "0 16 * * 1-5",
    service: [1, 2, 3, 4, 5, 6],
    offset: "1",
    holidays: country,
    on_holiday: "skip",
    before: "7",
    clock: "00:00",
    late: "refuse",
    late_min: "60",
    horizon: "14",
    active: true,
  };
}

/** Weekdays and clock time of a cron expression that says nothing else; null for any other. */
export function weekly(cron: string): { on: number[]; at: string } | null {
  const parts = /^(\d{1,2}) (\d{1,2}) \* \* (\*|[0-7](?:[,-][0-7])*)$/.exec(cron.trim().replace(/\s+/g, " "));
  if (parts === null) return null;
  const [, minute = "", hour = "", days = ""] = parts;
  const found = new Set<number>();
  for (const part of days === "*" ? ["1-7"] : days.split(",")) {
    const [from, until = from] = part.split("-").map(Number);
    if (from === undefined || until === undefined || until < from) return null;
    // Cron counts Sunday as 0 or 7.
    for (let one = from; one <= until; one += 1) found.add(one === 0 ? 7 : one);
  }
  if (Number(hour) > 23 || Number(minute) > 59) return null;
  return { on: [...found].sort(), at: `${hour.padStart(2, "0")}:${minute.padStart(2, "0")}` };
}

/** The cron expression of weekdays and a clock time. */
export function cronOf(on: readonly number[], at: string): string {
  const [hour = "", minute = ""] = at.split(":");
  return `${Number(minute)} ${Number(hour)} * * ${[...on].sort().join(",")}`;
}

export function typedOf(schedule: Schedule): ScheduleTyped {
  const simple = weekly(schedule.cut_off_cron);
  return {
    label: schedule.label,
    own: simple === null,
    on: simple?.on ?? [],
    at: simple?.at ?? "16:00",
    cron: schedule.cut_off_cron,
    service: schedule.service_weekdays,
    offset: String(schedule.offset_days),
    holidays: schedule.holidays,
    on_holiday: schedule.on_holiday,
    before: String(schedule.opens_days_before),
    clock: schedule.opens_clock,
    late: schedule.late_policy,
    late_min: String(schedule.late_s / MINUTE_S || 60),
    horizon: String(schedule.horizon_days),
    active: schedule.active,
  };
}

/** What the API is told; what the form does not show stays as it was. */
export function bodyOf(typed: ScheduleTyped, before: Schedule | null): Body {
  const whole = (text: string) => (/^\s*\d+\s*$/.test(text) ? Number(text) : Number.NaN);
  return {
    label: typed.label.trim(),
    cut_off_cron: typed.own ? typed.cron.trim() : cronOf(typed.on, typed.at),
    offset_days: whole(typed.offset),
    service_weekdays: [...typed.service].sort(),
    holidays: typed.holidays.trim().toUpperCase(),
    on_holiday: typed.on_holiday,
    opens_days_before: whole(typed.before),
    opens_clock: typed.clock,
    late_policy: typed.late,
    late_s: typed.late === "accept" ? whole(typed.late_min) * MINUTE_S : 0,
    horizon_days: whole(typed.horizon),
    valid_from: before?.valid_from ?? null,
    valid_until: before?.valid_until ?? null,
    active: typed.active,
  };
}
