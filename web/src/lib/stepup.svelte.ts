import { Refusal } from "../api/client";

/** Asks a person to prove again who they are, before something of weight. */
class StepUp {
  asking = $state(false);
  #answer: (proven: boolean) => void = () => undefined;

  /** Does the work; where the API wants a proof first, the reader is asked for it and the work is done again. */
  async before<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== "step_up_needed") throw error;
      if (!(await this.#ask())) throw error;
      return work();
    }
  }

  settle(proven: boolean): void {
    this.asking = false;
    this.#answer(proven);
  }

  async #ask(): Promise<boolean> {
    this.asking = true;
    return new Promise((resolve) => (this.#answer = resolve));
  }
}

export const stepUp = new StepUp();
