import { describe, expect, it } from "vitest";
import { humanised } from "../src/lib/detail";
import { fill, t, word } from "../src/lib/i18n";

describe("texts", () => {
  it("choose the plural", () => {
    expect(t("window.shipments", { n: 1 })).toBe("1 shipment");
    expect(t("window.shipments", { n: 1600 })).toBe("1,600 shipments");
  });

  it("leave a name standing that nobody fills", () => {
    expect(fill("{a} and {b}", { a: "x" })).toBe("x and {b}");
  });

  it("show a code of the API that no catalogue knows", () => {
    expect(word("reason", "time_window_constraint")).toBe("No vehicle can be there in its time window");
    expect(word("reason", "brand_new_reason")).toBe("brand new reason");
  });
});

describe("details of the API", () => {
  it("name vehicle types and write money", () => {
    const types = new Map([["vht_01", "Van"]]);
    expect(humanised("on a route of type 'vht_01', costs 42416.733 minor units of VND", types, "en")).toBe(
      "On a route of type Van, costs ₫42,417",
    );
    expect(humanised("of type 'vht_02'", types, "en")).toBe("Of type 'vht_02'");
  });
});
