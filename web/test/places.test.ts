import { describe, expect, it } from "vitest";
import type { Stop } from "../src/api/client";
import { circle, metres, ringRadii } from "../src/lib/geo";
import { badge, stopPlaces } from "../src/lib/places";

const stop = (number: number, lat: number, lon: number): Stop => ({
  stop_no: number,
  name: "",
  address_line1: "",
  lat,
  lon,
  arrives_at: "",
  departs_at: "",
  visits: [],
});

describe("places on the map", () => {
  const places = stopPlaces([
    { route_no: 1, stops: [stop(1, 10.8, 106.6), stop(2, 10.9, 106.7)] },
    { route_no: 2, stops: [stop(1, 10.800001, 106.600001)] },
  ]);

  it("gather stops that are within a metre", () => {
    expect(places.map((place) => place.stops.length)).toEqual([2, 1]);
  });

  it("show a stop's number, or how many stops there are", () => {
    expect(places.map((place) => badge(place))).toEqual(["×2", "2"]);
  });

  it("show the number of the route that is looked at", () => {
    expect(places.map((place) => badge(place, 2))).toEqual(["1", "2"]);
  });
});

describe("rings", () => {
  it("lie at their radius", () => {
    for (const corner of circle(10.8, 106.6, 5000)) expect(metres([106.6, 10.8], corner)).toBeCloseTo(5000, -2);
  });

  it("are two to five, at round distances", () => {
    expect(ringRadii(12_000)).toEqual([5000, 10_000, 15_000]);
    expect(ringRadii(300)).toEqual([500, 1000]);
  });
});
