import { describe, expect, it } from "vitest";
import { EventStreamReader, messages } from "../src/lib/sse";

const STREAM =
  'event: plan\ndata: {"id":1}\n\n: still here\n\nevent: progress\ndata: {"a":\ndata: 2}\n\ndata: bare\n\n';
const EXPECTED = [
  { event: "plan", data: '{"id":1}' },
  { event: "progress", data: '{"a":\n2}' },
  { event: "message", data: "bare" },
];

describe("event streams", () => {
  it("read the same however the pieces are cut", () => {
    for (let size = 1; size <= STREAM.length; size += 1) {
      const reader = new EventStreamReader();
      const found = [];
      for (let at = 0; at < STREAM.length; at += size) found.push(...reader.push(STREAM.slice(at, at + size)));
      expect(found, `pieces of ${size}`).toEqual(EXPECTED);
    }
  });

  it("read the same with every kind of line end, cut anywhere", () => {
    for (const end of ["\r\n", "\r"]) {
      const text = STREAM.replaceAll("\n", end);
      for (const size of [1, 2, 3, 7, text.length]) {
        const reader = new EventStreamReader();
        const found = [];
        for (let at = 0; at < text.length; at += size) found.push(...reader.push(text.slice(at, at + size)));
        // A lone CR at the very end may be half of a CRLF: what follows decides.
        found.push(...reader.push("\n"));
        expect(found).toEqual(EXPECTED);
      }
    }
  });

  it("drop what the stream breaks off in the middle of", () => {
    expect(new EventStreamReader().push("event: plan\ndata: {")).toEqual([]);
  });

  it("decode letters whose bytes are cut in two", async () => {
    const bytes = new TextEncoder().encode("data: Tân Bình\n\n");
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(new Uint8Array([byte]));
        controller.close();
      },
    });
    const found = [];
    for await (const message of messages(body)) found.push(message.data);
    expect(found).toEqual(["Tân Bình"]);
  });
});
