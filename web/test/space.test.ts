import { describe, expect, it } from "vitest";
import { after, between, membersOf, planOf, positionAt, standing, stayAt, type SpaceCalendar } from "../src/lib/space";

const stay = (id: string, member: string | null, first: string, last: string, positions: number[][]) => ({
  booking_id: id,
  mine: member === null,
  member_id: member,
  member_name: member,
  content: null,
  units: 1,
  first_on: first,
  last_on: last,
  positions,
});
const calendar: SpaceCalendar = {
  offer_id: "spo_1",
  first_on: "2027-03-01",
  last_on: "2027-03-03",
  units: 10,
  row_units: 4,
  free: [10, 7, 9],
  stays: [
    stay("spb_1", "binh", "2027-03-02", "2027-03-02", [[2, 3]]),
    stay("spb_2", "an", "2027-03-02", "2027-03-03", [[1, 1]]),
  ],
};

describe("days", () => {
  it("are counted across the end of a month", () => {
    expect(after("2027-02-27", 3)).toBe("2027-03-02");
    expect(between("2027-02-27", "2027-03-02")).toBe(3);
  });

  it("have the stays that hold space on them, by position", () => {
    expect(standing(calendar, "2027-03-01")).toEqual([]);
    expect(standing(calendar, "2027-03-02").map((one) => one.booking_id)).toEqual(["spb_2", "spb_1"]);
  });
});

describe("the map", () => {
  it("has rows as long as the space has, and folds them where the screen is too narrow", () => {
    expect(planOf(10, 4, 400)).toMatchObject({ columns: 4, rows: 3, cell: 22 });
    expect(planOf(5000, 100, 300)).toMatchObject({ columns: 100, rows: 50, cell: 3 });
    expect(planOf(5000, 100, 150)).toMatchObject({ columns: 50, rows: 100, cell: 3 });
  });

  it("finds the position under a point, and nothing beside them", () => {
    const plan = planOf(10, 4, 88);
    expect(positionAt(plan, 10, 1, 1)).toBe(1);
    expect(positionAt(plan, 10, 23, 45)).toBe(10);
    expect(positionAt(plan, 10, 45, 45)).toBeNull();
    expect(positionAt(plan, 10, 89, 1)).toBeNull();
  });

  it("knows who has a position", () => {
    expect(stayAt(calendar.stays, 3)?.booking_id).toBe("spb_1");
    expect(stayAt(calendar.stays, 4)).toBeNull();
  });

  it("tells members apart in the order in which they come", () => {
    expect([...membersOf(calendar)].map(([id, { number }]) => [id, number])).toEqual([
      ["binh", 1],
      ["an", 2],
    ]);
  });
});
