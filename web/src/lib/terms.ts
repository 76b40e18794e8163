import type { components } from "../api/schema";

export type RuleTerms = components["schemas"]["RuleTerms"];

/** Terms as typed: a weight by member, and the letter of the union that it is in. */
export interface TypedTerms {
  weights: Record<string, number | null>;
  unions: Record<string, string>;
}

export const LETTERS = ["A", "B", "C", "D", "E", "F"];

export function typedTerms(terms: RuleTerms | null | undefined): TypedTerms {
  const weights = Object.fromEntries((terms?.weights ?? []).map((one) => [one.member_id, one.parts]));
  const joined = (terms?.unions ?? []).flatMap((union, index) => union.map((id) => [id, LETTERS[index] ?? ""]));
  return { weights, unions: Object.fromEntries(joined) };
}

/** What a rule takes of what was typed; one member is no union. */
export function termsFor(rule: string, typed: TypedTerms): RuleTerms {
  const weights = Object.entries(typed.weights).flatMap(([member_id, parts]) =>
    typeof parts === "number" ? [{ member_id, parts }] : [],
  );
  const unions = LETTERS.map((letter) => Object.keys(typed.unions).filter((id) => typed.unions[id] === letter));
  return {
    weights: rule === "weighted_shapley" ? weights : [],
    unions: rule === "owen" ? unions.filter((union) => union.length > 1) : [],
  };
}

/** Terms as they are told: who counts how much, who belongs together; a member whose name is not known by its identifier. */
export function toldTerms(terms: RuleTerms | null | undefined, names: ReadonlyMap<string, string>): { weights: string; unions: string } {
  const name = (id: string) => names.get(id) ?? id;
  return {
    weights: (terms?.weights ?? []).map((one) => `${name(one.member_id)} ${one.parts}`).join(", "),
    unions: (terms?.unions ?? []).map((union) => union.map(name).join(" + ")).join(", "),
  };
}
