import { describe, expect, it } from "vitest";
import type { Route, Stop } from "../src/api/client";
import { withBreaks } from "../src/lib/rests";
import { axisOf, position, segments, spent } from "../src/lib/timeline";

const at = (clock: string) => `2026-11-23T${clock}:00Z`;
const clock = (instant: number) => new Date(instant).toISOString().slice(11, 16);

function stop(number: number, arrives: string, departs: string, visits: [string, string][]): Stop {
  return {
    stop_no: number,
    name: `S${number}`,
    address_line1: "",
    lat: 0,
    lon: 0,
    arrives_at: at(arrives),
    departs_at: at(departs),
    visits: visits.map(([begins, ends], index) => ({
      shipment_id: `shp_${number}${index}`,
      client_ref: "",
      member_id: "",
      action: "delivery",
      begins_at: at(begins),
      ends_at: at(ends),
    })),
  };
}

/** Leaves at 8, waits at the first stop from 8:30 until 9, serves two there until 9:10, drives on, serves, is back at 10. */
const route: Pick<Route, "starts_at" | "ends_at" | "stops"> = {
  starts_at: at("08:00"),
  ends_at: at("10:00"),
  stops: [
    stop(1, "08:30", "09:10", [
      ["09:00", "09:05"],
      ["09:05", "09:10"],
    ]),
    stop(2, "09:25", "09:30", [["09:25", "09:30"]]),
  ],
};

describe("a vehicle's row", () => {
  it("drives, waits and serves without gaps", () => {
    const row = segments(route);
    expect(row.map((segment) => segment.activity)).toEqual(["drive", "wait", "serve", "drive", "serve", "drive"]);
    for (let index = 1; index < row.length; index += 1) expect(row[index]?.from).toBe(row[index - 1]?.to);
  });

  it("adds up to the length of the route", () => {
    // 30 + 15 + 30 minutes of driving, 30 of waiting, 10 + 5 of service: two hours.
    expect(spent(segments(route))).toEqual({ drive: 75 * 60, wait: 30 * 60, serve: 15 * 60, rest: 0 });
  });

  const told = (from: string, to: string) =>
    segments({ ...route, breaks: [{ begins_at: at(from), ends_at: at(to) }] }).map(
      ({ activity, from: begins, to: ends }) => `${activity} ${clock(begins)}-${clock(ends)}`,
    );

  it("rests where a break is, on the way or before a service, instead of driving or waiting", () => {
    expect(told("08:10", "08:20").slice(0, 3)).toEqual(["drive 08:00-08:10", "rest 08:10-08:20", "drive 08:20-08:30"]);
    expect(told("08:30", "08:45").slice(0, 4)).toEqual([
      "drive 08:00-08:30", "rest 08:30-08:45", "wait 08:45-09:00", "serve 09:00-09:10",
    ]);
    expect(told("09:10", "09:15").slice(2, 5)).toEqual(["serve 09:00-09:10", "rest 09:10-09:15", "drive 09:15-09:25"]);
  });

  it("shows a break across an arrival as one", () => {
    expect(told("08:20", "08:40").slice(0, 3)).toEqual(["drive 08:00-08:20", "rest 08:20-08:40", "wait 08:40-09:00"]);
  });

  it("has the same length with a break as without", () => {
    const row = segments({ ...route, breaks: [{ begins_at: at("08:20"), ends_at: at("08:40") }] });
    expect(spent(row)).toEqual({ drive: 65 * 60, wait: 20 * 60, serve: 15 * 60, rest: 20 * 60 });
  });

  it("is listed with its breaks in the order of the day", () => {
    const listed = (from: string) =>
      withBreaks(route.stops, [{ begins_at: at(from) }]).map(({ stop }) => stop?.stop_no ?? "rest");
    expect(listed("08:10")).toEqual(["rest", 1, 2]);
    expect(listed("08:35")).toEqual(["rest", 1, 2]);
    expect(listed("09:10")).toEqual([1, "rest", 2]);
    expect(listed("09:40")).toEqual([1, 2, "rest"]);
  });

  it("has only its visits where start and end are not told", () => {
    const row = segments({ ...route, starts_at: null, ends_at: null });
    expect(row[0]?.activity).toBe("wait");
    expect(row.at(-1)?.activity).toBe("serve");
  });

  it("shows waiting between two visits of a stop", () => {
    const row = segments({
      starts_at: null,
      ends_at: null,
      stops: [
        stop(1, "09:00", "10:00", [
          ["09:00", "09:10"],
          ["09:50", "10:00"],
        ]),
      ],
    });
    expect(row.map((segment) => segment.activity)).toEqual(["serve", "wait", "serve"]);
  });
});

describe("the axis", () => {
  it("runs from full hour to full hour of the zone's clocks", () => {
    // Half an hour ahead of UTC: 08:00Z is half past eight there, so that the axis begins at eight there, 07:30Z.
    const axis = axisOf([segments(route)], 30);
    expect(axis?.from).toBe(Date.parse(at("07:30")));
    expect(axis?.to).toBe(Date.parse(at("10:30")));
    expect(axis?.ticks).toHaveLength(4);
  });

  it("has no more labels than there is room for", () => {
    const axis = axisOf([segments({ ...route, ends_at: at("23:00") })], 0, 5);
    expect(axis?.ticks.length).toBeLessThanOrEqual(6);
  });

  it("places instants between 0 and 1", () => {
    const axis = axisOf([segments(route)], 0);
    expect(axis && position(axis, Date.parse(at("09:00")))).toBe(0.5);
  });

  it("is not there where nothing happens", () => {
    expect(axisOf([[]], 0)).toBeNull();
  });
});
