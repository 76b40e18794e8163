/** Whether a page was shown, and whether the reader has gone on: a quick one does so before the first page is there. */
let shown = false;
let gone = false;

export const steps = {
  /** The address leads to another page than it did. */
  go(): void {
    gone = true;
  },
  /** False for the first page, unless the reader went there from another; true from then on. */
  taken(): boolean {
    const before = shown || gone;
    shown = true;
    return before;
  },
};
