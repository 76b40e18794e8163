import { describe, expect, it } from "vitest";
import { parsed, to } from "../src/lib/router.svelte";

describe("addresses", () => {
  it("are a path and its values", () => {
    const place = parsed("#/shipments/shp_1?q=l%C3%AA+l%E1%BB%A3i");
    expect(place.path).toEqual(["shipments", "shp_1"]);
    expect(place.query.get("q")).toBe("lê lợi");
  });

  it("come back as they went", () => {
    const place = parsed(to("shipments", { q: "a&b=c", status: null, day: "" }));
    expect([...place.query]).toEqual([["q", "a&b=c"]]);
  });

  it("of a window alone are its day", () => {
    expect(parsed("#win_01kak").query.get("day")).toBe("win_01kak");
  });

  it("of the API's own links are pages with a token", () => {
    const place = parsed("#join=abc_-123");
    expect(place.path).toEqual(["join"]);
    expect(place.query.get("token")).toBe("abc_-123");
  });

  it("do not fail over what is no encoding", () => {
    expect(parsed("#/shipments/%E0%A4").path).toEqual(["shipments", "%E0%A4"]);
  });
});
