import { Refusal, type FieldFault } from "../api/client";
import { known, t } from "./i18n";

/** A refusal as a sentence for people; the API's own where no catalogue knows its code. */
export function inWords(refusal: Refusal): string {
  if (refusal.status === 0) return t("fault.offline");
  const key = `problem.${refusal.code}`;
  if (known(key)) return t(key);
  if (refusal.status === 403) return t("fault.forbidden");
  return refusal.message || t("fault.unexpected");
}

/** What is wrong at a field. */
export function faultInWords(fault: Pick<FieldFault, "code" | "cause" | "cure">): string {
  const key = `code.${fault.code}`;
  if (known(key)) return t(key);
  const capital = (text: string) => text.charAt(0).toLocaleUpperCase() + text.slice(1);
  return t("book.fault", { cause: capital(fault.cause), cure: capital(fault.cure) });
}

/** The words for what went wrong with work that was tried; anything but a refusal is a bug and goes on. */
export function refusalIn(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  throw error;
}
