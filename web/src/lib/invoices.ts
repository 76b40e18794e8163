import type { components } from "../api/schema";
import { t } from "./i18n";
import { send } from "./imports";

export type Invoice = components["schemas"]["CarrierInvoice"];
export type WholeInvoice = components["schemas"]["WholeInvoice"];
export type InvoiceStatus = Invoice["status"];
export type Fault = components["schemas"]["FieldFault"];

export const STATUSES: readonly InvoiceStatus[] = ["received", "matched", "disputed", "accepted", "rejected", "credited"];
const TONES: Record<string, string> = { matched: "good", accepted: "good", disputed: "warn", rejected: "bad" };

/** The tone of a tag that names a state. */
export function toneOfInvoice(status: string): string {
  return TONES[status] ?? "plain";
}

/** Nothing is decided yet. */
export function open(invoice: Invoice): boolean {
  return invoice.kind === "invoice" && ["received", "matched", "disputed"].includes(invoice.status);
}

/** Sends an invoice whose lines are a file. */
export async function sendFile(path: string, number: string, issuedOn: string, file: File): Promise<WholeInvoice> {
  const query = new URLSearchParams({ number, issued_on: issuedOn });
  const headers = { "Content-Type": "application/octet-stream" };
  const response = await send(`${path}?${query}`, { method: "POST", body: file, headers });
  return (await response.json()) as WholeInvoice;
}

/** A fault of a file in words: where it is a line's, with its number and column. */
export function faultInWords(fault: Fault): string {
  const place = /^\/lines\/(\d+)\/(\w+)$/.exec(fault.pointer);
  if (place === null) return `${fault.cause} ${fault.cure}`.trim();
  return t("invoices.fault", { line: place[1] ?? "", column: place[2] ?? "", cause: fault.cause });
}
