/** Whether the reader has gone from one page to another since the first one was shown. */
let shown = false;

export const steps = {
  /** False for the first page, true from then on. */
  taken(): boolean {
    const before = shown;
    shown = true;
    return before;
  },
};
