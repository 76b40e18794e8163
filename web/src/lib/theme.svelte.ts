const STORED = "cluster.theme";
const system = window.matchMedia("(prefers-color-scheme: dark)");

/** Light or dark: the system's until somebody chooses. */
class Theme {
  #chosen = $state<string | undefined>(document.documentElement.dataset["theme"]);
  #systemDark = $state(system.matches);

  readonly dark = $derived(this.#chosen === undefined ? this.#systemDark : this.#chosen === "dark");

  constructor() {
    system.addEventListener("change", (event) => (this.#systemDark = event.matches));
  }

  toggle(): void {
    this.#chosen = this.dark ? "light" : "dark";
    document.documentElement.dataset["theme"] = this.#chosen;
    try {
      localStorage.setItem(STORED, this.#chosen);
    } catch (error) {
      // A browser that keeps nothing still shows what was chosen, for this page.
      if (!(error instanceof DOMException)) throw error;
    }
  }
}

export const theme = new Theme();
