import { describe, expect, it } from "vitest";
import { day, span, Zone } from "../src/lib/time";

const saigon = new Zone("Asia/Ho_Chi_Minh", "en-GB");
const berlin = new Zone("Europe/Berlin", "en-GB");

describe("zones", () => {
  it("shows instants on the zone's clocks, wherever the reader is", () => {
    expect(saigon.clock("2026-11-23T02:30:00Z")).toBe("09:30");
    expect(saigon.clock("2026-11-22T17:00:00Z")).toBe("00:00");
    expect(saigon.place).toBe("Ho Chi Minh");
  });

  it("finds the instant of a clock time", () => {
    expect(saigon.instant("2026-11-23", "09:30")).toBe("2026-11-23T02:30:00.000Z");
  });

  it("finds it on the days when clocks change as well", () => {
    // Clocks went from 02:00 to 03:00 on 29 March 2026: 01:30 is still UTC+1, 03:30 is UTC+2 already.
    expect(berlin.instant("2026-03-29", "01:30")).toBe("2026-03-29T00:30:00.000Z");
    expect(berlin.instant("2026-03-29", "03:30")).toBe("2026-03-29T01:30:00.000Z");
    expect(berlin.instant("2026-10-25", "12:00")).toBe("2026-10-25T11:00:00.000Z");
  });

  it("knows which day it is there", () => {
    expect(saigon.today(Date.parse("2026-11-22T18:00:00Z"))).toBe("2026-11-23");
    expect(berlin.today(Date.parse("2026-11-22T18:00:00Z"))).toBe("2026-11-22");
  });
});

describe("days and spans", () => {
  it("writes a calendar day without moving it between zones", () => {
    expect(day("2026-11-23", false, "en-GB")).toBe("Mon 23 Nov");
  });

  it("writes days as each language does", () => {
    expect(day("2026-11-22", true, "de-DE")).toBe("Sonntag, 22. November");
    expect(day("2026-11-22", true, "vi-VN")).toBe("Chủ Nhật, 22 tháng 11");
    expect(day("2026-11-22", true, "zh-CN")).toBe("11月22日星期日");
  });

  it("keeps the two largest units", () => {
    expect(span(18_720, "en")).toBe("5 hr 12 min");
    expect(span(3600, "en")).toBe("1 hr");
    expect(span(0, "en")).toBe("0 sec");
    expect(span(-5, "en")).toBe("0 sec");
    expect(span(90_061, "en")).toBe("1 day 1 hr");
  });
});

describe("an arrival that is expected on another day than planned", () => {
  const zone = new Zone("Asia/Ho_Chi_Minh", "en");

  it("is told with its day, and by the clock alone on the planned one", () => {
    const planned = "2026-11-23T02:00:00Z";
    expect(zone.clockBeside("2026-11-23T03:30:00Z", planned)).toBe("10:30");
    // 17:30 in London is half past midnight of the next day there.
    expect(zone.clockBeside("2026-11-23T17:30:00Z", planned)).toBe("Tue, Nov 24, 00:30");
  });
});
