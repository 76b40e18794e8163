import type { Shares } from "../api/client";
import { known, t } from "./i18n";

/** What a rule says, in the reader's language; the API's own words for a rule that no catalogue knows. */
export function ruleInWords(shares: Pick<Shares, "rule_applied" | "rule_explained">): string {
  const key = `rule.${shares.rule_applied}.short`;
  return known(key) ? t(key) : shares.rule_explained;
}
