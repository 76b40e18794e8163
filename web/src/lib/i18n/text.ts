/** The first of the wanted languages that there is, with the reader's own region for numbers and dates. */
export function best<T extends { tag: string; region: string }>(
  tongues: readonly [T, ...T[]],
  wanted: readonly string[],
): { tongue: T; region: string } {
  for (const tag of wanted) {
    const base = tag.split("-")[0]?.toLowerCase();
    const tongue = tongues.find((one) => one.tag.split("-")[0] === base);
    // Formats of a region that writes another script would not fit the words around them.
    if (tongue !== undefined) return { tongue, region: base === "zh" || tag === base ? tongue.region : tag };
  }
  return { tongue: tongues[0], region: tongues[0].region };
}

/** A text with its `{names}` filled in; numbers as the region writes them. */
export function filled(text: string, values: Record<string, string | number>, region: string): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? new Intl.NumberFormat(region).format(value) : value;
  });
}
