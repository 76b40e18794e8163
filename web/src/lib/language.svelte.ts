import { chosen, TONGUES, type Catalogue, type Tongue } from "./i18n/catalogue";
import { en } from "./i18n/en";

const STORED = "cluster.language";

/** The language of the pages: the browser's until somebody chooses. */
class Language {
  tongue = $state.raw<Tongue>(TONGUES[0] as Tongue);
  region = $state("en");
  catalogue = $state.raw<Catalogue>(en);
  /** Set while a catalogue that was chosen could not be fetched. */
  failed = $state(false);

  readonly plurals = $derived(new Intl.PluralRules(this.tongue.tag));

  /** Reads in the language chosen earlier, or else the browser's first that there is. */
  async begin(): Promise<void> {
    await this.#read([...(stored() ?? []), ...navigator.languages]);
  }

  async choose(tag: Tongue["tag"]): Promise<void> {
    try {
      localStorage.setItem(STORED, tag);
    } catch (error) {
      // A browser that keeps nothing still shows what was chosen, for this page.
      if (!(error instanceof DOMException)) throw error;
    }
    await this.#read([...navigator.languages.filter((one) => one.split("-")[0] === tag.split("-")[0]), tag]);
  }

  async #read(wanted: readonly string[]): Promise<void> {
    const { tongue, region } = chosen(wanted);
    this.failed = false;
    try {
      this.catalogue = await tongue.load();
    } catch (error) {
      this.failed = true;
      console.warn("the catalogue cannot be fetched", error);
      return;
    }
    this.tongue = tongue;
    this.region = region;
    document.documentElement.lang = tongue.tag;
  }
}

/** The stored choice, behind the browser's own tags of that language, which know the region. */
function stored(): string[] | null {
  try {
    const tag = localStorage.getItem(STORED);
    if (tag === null) return null;
    return [...navigator.languages.filter((one) => one.split("-")[0] === tag.split("-")[0]), tag];
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    return null;
  }
}

export const language = new Language();
