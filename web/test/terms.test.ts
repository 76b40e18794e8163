import { describe, expect, it } from "vitest";
import { termsFor, toldTerms, typedTerms } from "../src/lib/terms";

describe("what a rule takes beside the day", () => {
  const typed = { weights: { a: 3, b: null }, unions: { a: "A", b: "A", c: "B", d: "" } };

  it("is sent for the rule that reads it alone, and one member is no union", () => {
    expect(termsFor("weighted_shapley", typed)).toEqual({ weights: [{ member_id: "a", parts: 3 }], unions: [] });
    expect(termsFor("owen", typed)).toEqual({ weights: [], unions: [["a", "b"]] });
    expect(termsFor("nucleolus", typed)).toEqual({ weights: [], unions: [] });
  });

  it("comes back into the form as it was sent", () => {
    const sent = { weights: [{ member_id: "a", parts: 3 }], unions: [["a", "b"], ["c", "d"]] };
    expect(typedTerms(sent)).toEqual({ weights: { a: 3 }, unions: { a: "A", b: "A", c: "B", d: "B" } });
  });

  it("is told by the names of members, or by nothing", () => {
    const terms = { weights: [{ member_id: "a", parts: 3 }], unions: [["a", "b"], ["c", "d"]] };
    const names = new Map([["a", "An"], ["b", "Binh"], ["c", "Chi"]]);
    expect(toldTerms(terms, names)).toEqual({ weights: "An 3", unions: "An + Binh, Chi + d" });
    expect(toldTerms(null, names)).toEqual({ weights: "", unions: "" });
  });
});
