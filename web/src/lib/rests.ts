/** A stop, or a break. */
export type Standing<S, B> = { stop: S; rest: null } | { stop: null; rest: B };

/**
 * Stops and breaks in the order of the day.
 *
 * A break lies between two services, so that one which begins before a stop is left belongs before it: on the way there,
 * or there before anybody is served.
 */
export function withBreaks<S extends { departs_at: string }, B extends { begins_at: string }>(
  stops: readonly S[],
  breaks: readonly B[],
): Standing<S, B>[] {
  const left = [...breaks];
  const found: Standing<S, B>[] = [];
  for (const stop of stops) {
    const leaves = Date.parse(stop.departs_at);
    while (left[0] !== undefined && Date.parse(left[0].begins_at) < leaves) {
      found.push({ stop: null, rest: left.shift() as B });
    }
    found.push({ stop, rest: null });
  }
  return [...found, ...left.map((rest) => ({ stop: null, rest }) as const)];
}
