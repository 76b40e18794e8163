import { credentials, OFFLINE, Refusal, refused } from "../api/client";
import { named } from "./filenames";

/** Has the browser keep a file of the API; returns the language it says it is in, if it says so. */
export async function download(path: string, accept: string, method: "GET" | "POST" = "GET"): Promise<string | null> {
  let response: Response;
  try {
    response = await fetch(path, { method, headers: { Accept: accept, ...credentials(method) } });
  } catch {
    throw new Refusal({ code: OFFLINE, status: 0, title: "", detail: "" });
  }
  if (!response.ok) throw refused(await response.json().catch(() => null), response);
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = address;
  link.download = named(response.headers.get("Content-Disposition")) ?? path.split("?")[0]?.split("/").at(-1) ?? "";
  link.click();
  // The browser reads it after the click.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  return response.headers.get("Content-Language");
}
