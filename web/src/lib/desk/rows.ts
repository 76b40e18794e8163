/** Rows of one height, of which one may be taller: where each lies, and which ones are in sight. */
export class Rows {
  constructor(
    readonly count: number,
    readonly height: number,
    /** The row that has more below it, and how much. */
    readonly open: { index: number; more: number } | null = null,
  ) {}

  get total(): number {
    return this.count * this.height + (this.open?.more ?? 0);
  }

  top(index: number): number {
    return index * this.height + (this.open !== null && index > this.open.index ? this.open.more : 0);
  }

  bottom(index: number): number {
    return this.top(index + 1);
  }

  /** The row at a height; null below the last. */
  at(y: number): number | null {
    if (y < 0 || y >= this.total) return null;
    if (this.open === null || y < this.top(this.open.index)) return Math.floor(y / this.height);
    if (y < this.bottom(this.open.index)) return this.open.index;
    return Math.floor((y - this.open.more) / this.height);
  }

  /** The first row in sight, and the one after the last. */
  seen(scroll: number, view: number, spare = 4): [from: number, to: number] {
    const first = this.at(Math.min(Math.max(scroll, 0), Math.max(this.total - 1, 0))) ?? 0;
    const last = this.at(Math.min(scroll + view, this.total - 1)) ?? this.count - 1;
    return [Math.max(0, first - spare), Math.min(this.count, last + 1 + spare)];
  }

  /** Where to scroll so that a row is in sight; the place as it is, where it is already. */
  reveal(index: number, scroll: number, view: number): number {
    const [top, bottom] = [this.top(index), this.bottom(index)];
    if (top < scroll || bottom - top > view) return top;
    return bottom > scroll + view ? bottom - view : scroll;
  }
}
