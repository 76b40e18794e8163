import { describe, expect, it } from "vitest";
import { bodyOf, cronOf, emptySchedule, weekly } from "../src/lib/schedules";

describe("cut-offs of a schedule", () => {
  it("are weekdays and a clock time where the expression says nothing else", () => {
    expect(weekly("0 16 * * 1-5")).toEqual({ on: [1, 2, 3, 4, 5], at: "16:00" });
    expect(weekly("5 9 * * 1,3,0")).toEqual({ on: [1, 3, 7], at: "09:05" });
    expect(weekly("30 18 * * *")).toEqual({ on: [1, 2, 3, 4, 5, 6, 7], at: "18:30" });
  });

  it("stay an expression where they are anything more", () => {
    for (const cron of ["0 16 1 * *", "*/5 16 * * 1", "0 16 * * 5#2", "0 25 * * 1", "0 16 * * 5-1"])
      expect(weekly(cron), cron).toBeNull();
  });

  it("come back from weekdays and a clock time", () => {
    expect(cronOf([5, 1], "07:05")).toBe("5 7 * * 1,5");
    expect(weekly(cronOf([7, 2], "00:00"))).toEqual({ on: [2, 7], at: "00:00" });
  });
});

describe("a schedule for the API", () => {
  it("has seconds of lateness with the policy that takes late shipments, and none with others", () => {
    const typed = { ...emptySchedule("VN"), label: "city", late_min: "45" };
    expect(bodyOf({ ...typed, late: "accept" }, null).late_s).toBe(45 * 60);
    expect(bodyOf({ ...typed, late: "refuse" }, null).late_s).toBe(0);
  });
});
