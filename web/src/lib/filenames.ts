/** The name that a file is sent under. */
export function named(disposition: string | null): string | null {
  return /filename="?([^";]+)"?/.exec(disposition ?? "")?.[1] ?? null;
}
