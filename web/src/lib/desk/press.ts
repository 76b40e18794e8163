/** How long a finger rests before it lifts what is under it, and how far it may tremble meanwhile. */
const REST_MS = 380;
const TREMBLE_PX = 8;

/** A finger that rests on something: until then its strokes scroll. */
export class LongPress {
  #timer: ReturnType<typeof setTimeout> | null = null;
  #from = { x: 0, y: 0 };

  begin(event: PointerEvent, lifted: () => void): void {
    this.end();
    this.#from = { x: event.clientX, y: event.clientY };
    this.#timer = setTimeout(() => {
      this.#timer = null;
      navigator.vibrate?.(12);
      lifted();
    }, REST_MS);
  }

  moved(event: PointerEvent): void {
    if (Math.hypot(event.clientX - this.#from.x, event.clientY - this.#from.y) > TREMBLE_PX) this.end();
  }

  end(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}

/** Keeps the page from scrolling under a finger while it carries something; returns how to let go of that. */
export function holdsStill(element: HTMLElement, carries: () => boolean): () => void {
  const still = (event: TouchEvent) => carries() && event.preventDefault();
  element.addEventListener("touchmove", still, { passive: false });
  return () => element.removeEventListener("touchmove", still);
}
