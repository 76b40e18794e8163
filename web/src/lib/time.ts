import { locale } from "./i18n";

/** Formats of one zone: clock times, days, and the way back from a clock time to an instant. */
export class Zone {
  readonly name: string;
  readonly #clock: Intl.DateTimeFormat;
  readonly #day: Intl.DateTimeFormat;

  constructor(name: string, of: string = locale()) {
    this.name = name;
    this.#clock = new Intl.DateTimeFormat(of, { timeZone: name, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    this.#day = new Intl.DateTimeFormat(of, { timeZone: name, weekday: "short", day: "numeric", month: "short" });
  }

  /** The town that the zone is named after. */
  get place(): string {
    return this.name.split("/").at(-1)?.replaceAll("_", " ") ?? this.name;
  }

  clock(instant: string | number): string {
    return this.#clock.format(new Date(instant));
  }

  /** Day and time, for instants that need not be today. */
  moment(instant: string | number): string {
    return `${this.#day.format(new Date(instant))}, ${this.clock(instant)}`;
  }

  /** A time on a day, with that day where it is another than expected. */
  clockBeside(instant: string | number, expected: string | number): string {
    const same = this.#day.format(new Date(instant)) === this.#day.format(new Date(expected));
    return same ? this.clock(instant) : this.moment(instant);
  }

  /** The day of an instant with its year, or a calendar day `YYYY-MM-DD` as it is. */
  date(instant: string): string {
    const bare = /^\d{4}-\d{2}-\d{2}$/.test(instant);
    const style: Intl.DateTimeFormatOptions = { day: "numeric", month: "short", year: "numeric" };
    return new Intl.DateTimeFormat(locale(), { ...style, timeZone: bare ? "UTC" : this.name }).format(new Date(instant));
  }

  /** Minutes that the zone is ahead of UTC at an instant. */
  offsetMinutes(instant: number): number {
    const parts = new Intl.DateTimeFormat("en-US", {
      timeZone: this.name,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    }).formatToParts(new Date(instant));
    const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
    const there = Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
    return Math.round((there - Math.floor(instant / 1000) * 1000) / 60_000);
  }

  /** The instant at which clocks of the zone show `HH:MM` on a day `YYYY-MM-DD`. */
  instant(day: string, clock: string): string {
    const naive = Date.parse(`${day}T${clock}:00Z`);
    // Twice, because the offset that holds is that of the answer and not of the guess.
    let found = naive - this.offsetMinutes(naive) * 60_000;
    found = naive - this.offsetMinutes(found) * 60_000;
    return new Date(found).toISOString();
  }

  /** The day `YYYY-MM-DD` that it is there. */
  today(now: number = Date.now()): string {
    return new Date(now + this.offsetMinutes(now) * 60_000).toISOString().slice(0, 10);
  }
}

/** A calendar day `YYYY-MM-DD` in words. */
export function day(date: string, long = false, of: string = locale()): string {
  const style: Intl.DateTimeFormatOptions = long
    ? { weekday: "long", day: "numeric", month: "long" }
    : { weekday: "short", day: "numeric", month: "short" };
  return new Intl.DateTimeFormat(of, { ...style, timeZone: "UTC" }).format(new Date(`${date}T00:00:00Z`));
}

/** A weekday by its ISO number, 1 for Monday. */
export function weekday(number: number, of: string = locale()): string {
  // The first of January 2024 was a Monday.
  return new Intl.DateTimeFormat(of, { weekday: "short", timeZone: "UTC" }).format(Date.UTC(2024, 0, number));
}

/** A length of time such as "5 hr 12 min", of its two largest units. */
export function span(seconds: number, of: string = locale()): string {
  const whole = Math.max(0, Math.round(seconds));
  const units: [number, string][] = [
    [Math.floor(whole / 86_400), "day"],
    [Math.floor(whole / 3600) % 24, "hour"],
    [Math.floor(whole / 60) % 60, "minute"],
    [whole % 60, "second"],
  ];
  const first = units.findIndex(([count]) => count > 0);
  const kept = first < 0 ? units.slice(3) : units.slice(first, first + 2);
  return kept
    .filter(([count], index) => index === 0 || count > 0)
    .map(([value, unit]) => new Intl.NumberFormat(of, { style: "unit", unit, unitDisplay: "short" }).format(value))
    .join(" ");
}

/** Hours with one decimal, for sums of working time. */
export function hours(seconds: number, of: string = locale()): string {
  return new Intl.NumberFormat(of, { style: "unit", unit: "hour", maximumFractionDigits: 1 }).format(seconds / 3600);
}
