/** One message of a text/event-stream. */
export interface Message {
  event: string;
  data: string;
}

/**
 * Reads a text/event-stream piece by piece (HTML Living Standard, 9.2.6): pieces may break anywhere, lines may end in any
 * of the three ways, comments are passed over.
 */
export class EventStreamReader {
  #rest = "";
  #event = "";
  #data: string[] = [];

  /** The messages that a piece of text completes. */
  push(piece: string): Message[] {
    const text = this.#rest + piece;
    const lines = text.split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? "";
    const messages: Message[] = [];
    for (const line of lines) {
      const message = this.#line(line);
      if (message !== null) messages.push(message);
    }
    return messages;
  }

  #line(line: string): Message | null {
    if (line === "") return this.#dispatch();
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.#event = value;
    else if (field === "data") this.#data.push(value);
    return null;
  }

  #dispatch(): Message | null {
    const message = { event: this.#event || "message", data: this.#data.join("\n") };
    const empty = this.#data.length === 0;
    this.#event = "";
    this.#data = [];
    return empty ? null : message;
  }
}

/** The messages of a response body, as they come. */
export async function* messages(body: ReadableStream<Uint8Array>): AsyncGenerator<Message> {
  const reader = new EventStreamReader();
  const decoder = new TextDecoder();
  const source = body.getReader();
  try {
    for (;;) {
      const { done, value } = await source.read();
      if (done) return;
      yield* reader.push(decoder.decode(value, { stream: true }));
    }
  } finally {
    await source.cancel().catch(() => undefined);
  }
}
