import { describe, expect, it } from "vitest";
import { termsFor, typedTerms } from "../src/lib/terms";

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
});
