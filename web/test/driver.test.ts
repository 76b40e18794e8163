import { describe, expect, it } from "vitest";
import { TONGUES, words } from "../src/lib/driver/words.svelte";
import { driver as english } from "../src/lib/i18n/en/driver";
import { uuid7 } from "../src/lib/driver/ids";
import { NAVIGATORS, way } from "../src/lib/driver/links";
import { next, Outbox, type Sent } from "../src/lib/driver/outbox";
import { within } from "../src/lib/driver/photo";
import { Remembered, type Waiting } from "../src/lib/driver/store";
import { grown, pathOf, signed, type Stroke } from "../src/lib/driver/strokes";

const DONE: Sent = { taken: [], refused: [], later: false, gone: false };
const ids = (batch: readonly Waiting[]) => batch.map((one) => one.id);

/** A platform that has what it was sent, as often as it was sent; `answers` says how each request ends. */
function platform(...answers: ("good" | "lost" | "away" | "gone" | { refuse: string })[]) {
  const had: string[][] = [];
  const send = async (batch: Waiting[]): Promise<Sent> => {
    const how = answers.shift() ?? "good";
    if (how === "away") return { ...DONE, later: true };
    if (how === "gone") return { ...DONE, gone: true };
    had.push(ids(batch));
    if (how === "lost") return { ...DONE, later: true };
    if (how === "good") return { ...DONE, taken: ids(batch) };
    return {
      ...DONE,
      taken: ids(batch).filter((id) => id !== how.refuse),
      refused: [{ id: how.refuse, code: "unknown_stop" }],
    };
  };
  return { had, send };
}

const event = (id: string) => ({ kind: "event" as const, body: {}, id });

async function settled(outbox: Outbox): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
  await outbox.send();
  outbox.close();
}

describe("a phone's reports", () => {
  it("are kept while there is no reception, and sent in the order they were made", async () => {
    const { had, send } = platform("away");
    const outbox = new Outbox(new Remembered(), "t", send, () => undefined);
    await outbox.add([event("a"), event("b")]);
    await outbox.add([event("c")]);
    await settled(outbox);
    expect(had).toEqual([["a", "b", "c"]]);
    expect(outbox.waiting).toEqual([]);
  });

  it("are sent again under the same name when the answer was lost", async () => {
    const { had, send } = platform("lost");
    const outbox = new Outbox(new Remembered(), "t", send, () => undefined);
    await outbox.add([event("a")]);
    await settled(outbox);
    expect(had).toEqual([["a"], ["a"]]);
    expect(outbox.waiting).toEqual([]);
  });

  it("outlive the page that made them", async () => {
    const store = new Remembered();
    const first = new Outbox(store, "t", platform("away").send, () => undefined);
    await first.add([event("a")]);
    first.close();
    const { had, send } = platform();
    const second = new Outbox(store, "t", send, () => undefined);
    await second.begin();
    expect(ids(second.waiting)).toEqual(["a"]);
    await settled(second);
    expect(had).toEqual([["a"]]);
  });

  it("stay on the list with the reason when they are refused, and let the others pass", async () => {
    const { had, send } = platform({ refuse: "b" });
    const outbox = new Outbox(new Remembered(), "t", send, () => undefined);
    await outbox.add([event("a"), event("b"), event("c")]);
    await settled(outbox);
    expect(had).toEqual([["a", "b", "c"]]);
    expect(outbox.waiting.map((one) => [one.id, one.refused])).toEqual([["b", "unknown_stop"]]);
    await outbox.drop("b");
    expect(outbox.waiting).toEqual([]);
  });

  it("are kept when the link has been withdrawn", async () => {
    const outbox = new Outbox(new Remembered(), "t", platform("gone").send, () => undefined);
    await outbox.add([event("a")]);
    await settled(outbox);
    expect(outbox.gone).toBe(true);
    expect(ids(outbox.waiting)).toEqual(["a"]);
  });

  it("of another tour are not sent along", async () => {
    const store = new Remembered();
    const other = new Outbox(store, "other", platform("away").send, () => undefined);
    await other.add([event("theirs")]);
    other.close();
    const { had, send } = platform();
    const outbox = new Outbox(store, "t", send, () => undefined);
    await outbox.add([event("ours")]);
    await settled(outbox);
    expect(had).toEqual([["ours"]]);
  });

  it("go out as events together, and each proof by itself behind what it proves", () => {
    const one = (id: string, kind: Waiting["kind"], refused: string | null = null): Waiting => ({
      id,
      token: "t",
      order: 0,
      kind,
      body: {},
      file: null,
      refused,
    });
    expect(ids(next([one("a", "event"), one("b", "event"), one("p", "proof"), one("c", "event")]))).toEqual(["a", "b"]);
    expect(ids(next([one("p", "proof"), one("c", "event")]))).toEqual(["p"]);
    expect(ids(next([one("x", "proof", "too_large"), one("c", "event")]))).toEqual(["c"]);
    expect(next(Array.from({ length: 120 }, (_, at) => one(`${at}`, "event")))).toHaveLength(50);
  });
});

describe("identifiers", () => {
  it("are UUIDs of version 7 that sort by time", () => {
    const [early, late] = [uuid7(1_700_000_000_000), uuid7(1_700_000_000_001)];
    expect(early).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    // 1,700,000,000,000 is 0x18bcfe56800.
    expect(early.slice(0, 13)).toBe("018bcfe5-6800");
    expect(early < late).toBe(true);
    expect(uuid7(5)).not.toBe(uuid7(5));
  });
});

describe("signatures", () => {
  it("become path data within their field", () => {
    const stroke = grown(grown(grown([], 10, 20), 11, 20), 9000, -5);
    // The second point is one unit away and says nothing new; the third is put to the edge.
    expect(stroke).toEqual([
      [10, 20],
      [600, 0],
    ]);
    expect(pathOf([stroke, [[5, 5]]])).toBe("M 10 20 L 600 0 M 5 5 L 6 5");
  });

  it("are more than a dot", () => {
    const line = (length: number): Stroke => [
      [0, 0],
      [length, 0],
    ];
    expect(signed([])).toBe(false);
    expect(signed([line(59)])).toBe(false);
    expect(signed([line(30), line(30)])).toBe(true);
  });
});

describe("photos", () => {
  it("keep their shape within the longest edge", () => {
    expect(within(4000, 3000)).toEqual({ width: 1600, height: 1200 });
    expect(within(300, 4000)).toEqual({ width: 120, height: 1600 });
    expect(within(800, 600)).toEqual({ width: 800, height: 600 });
  });
});

describe("ways to a stop", () => {
  it("hold the point and nothing else", () => {
    const links = NAVIGATORS.map((one) => way(one, { lat: 10.7769, lon: 106.7009 }));
    expect(links[0]).toBe("geo:10.776900,106.700900?q=10.776900,106.700900");
    for (const link of links) expect(link).toMatch(/10\.776900|106\.700900/);
  });
});

describe.each(TONGUES.filter((one) => one.tag !== "en"))("the phone's words in $name", ({ tag, load }) => {
  const texts = (entry: unknown) => (typeof entry === "string" ? [entry] : Object.values(entry as object)) as string[];

  it("are those of the English ones, with the same names filled in", async () => {
    const catalogue = await load();
    expect(Object.keys(catalogue).sort()).toEqual(Object.keys(english).sort());
    const names = (entry: unknown) => [...new Set(texts(entry).flatMap((one) => one.match(/\{\w+\}/g) ?? []))].sort();
    for (const key of Object.keys(english) as (keyof typeof english)[])
      expect(names(catalogue[key]), key).toEqual(names(english[key]));
  });

  it("have the plural forms of the language", async () => {
    const needed = new Intl.PluralRules(tag).resolvedOptions().pluralCategories.slice().sort();
    for (const entry of Object.values(await load()))
      if (typeof entry !== "string") expect(Object.keys(entry).sort()).toEqual(needed);
  });
});

describe("the phone's words", () => {
  it("choose the plural and show a code that nobody knows", () => {
    expect(words.t("send.waiting", { n: 2 })).toBe("2 not sent yet");
    expect(words.of("reason", "brand_new")).toBe("brand new");
  });
});
