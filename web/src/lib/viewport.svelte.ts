const narrow = window.matchMedia("(max-width: 979px)");

/** Whether there is room for everything beside each other, or for one thing at a time. */
class Viewport {
  narrow = $state(narrow.matches);

  constructor() {
    narrow.addEventListener("change", (event) => (this.narrow = event.matches));
  }
}

export const viewport = new Viewport();
