import type { FieldFault, Refusal } from "../api/client";
import { inWords, refusalIn } from "./refusals";

/** One thing being done for the reader: whether it is under way, and how it was refused. */
export class Working {
  busy = $state(false);
  refusal = $state.raw<Refusal | null>(null);

  /** What is wrong, where no field has it. */
  get fault(): string | null {
    if (this.refusal === null || this.refusal.faults.length > 0) return null;
    return inWords(this.refusal);
  }

  get faults(): FieldFault[] {
    return this.refusal?.faults ?? [];
  }

  /** The first fault at a JSON pointer. */
  at(pointer: string): FieldFault | null {
    return this.faults.find((fault) => fault.pointer === pointer) ?? null;
  }

  /** Does the work; null where it was refused, or where the same is under way already. */
  async run<T>(work: () => Promise<T>): Promise<T | null> {
    if (this.busy) return null;
    this.busy = true;
    this.refusal = null;
    try {
      return await work();
    } catch (error) {
      this.refusal = refusalIn(error);
      return null;
    } finally {
      this.busy = false;
    }
  }

  clear(): void {
    this.refusal = null;
  }
}
