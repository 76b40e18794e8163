import { api, answer, authorise, OFFLINE, Refusal, type Cluster, type Me } from "../api/client";
import { t } from "./i18n";
import { Zone } from "./time";

const STORED = "cluster.key";

/** Who is signed in. The key lives as long as the browser's tab. */
class Session {
  me = $state<Me | null>(null);
  checking = $state(false);
  fault = $state<string | null>(null);

  readonly cluster: Cluster | null = $derived(this.me?.cluster ?? null);
  readonly coordinator = $derived(this.me?.role === "coordinator");
  readonly zone = $derived(new Zone(this.cluster?.time_zone ?? "UTC"));
  readonly currency = $derived(this.cluster?.currency ?? "USD");

  /** Signs in with the key of an earlier page of this tab, if there is one. */
  async resume(): Promise<void> {
    const key = sessionStorage.getItem(STORED);
    if (key !== null) await this.signIn(key);
  }

  async signIn(key: string): Promise<void> {
    this.checking = true;
    this.fault = null;
    // While a key is being tried, a refusal is an answer and not the end of a session.
    authorise(key, () => undefined);
    try {
      const me = await answer(api.GET("/v1/me"));
      if (me.cluster === null) throw new Refusal({ code: "operator_key", status: 403, title: "", detail: "" });
      sessionStorage.setItem(STORED, key);
      authorise(key, () => this.signOut(t("signin.ended")));
      this.me = me;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#refuse(error);
    } finally {
      this.checking = false;
    }
  }

  signOut(why: string | null = null): void {
    sessionStorage.removeItem(STORED);
    authorise(null, () => undefined);
    this.me = null;
    this.fault = why;
  }

  #refuse(refusal: Refusal): void {
    authorise(null, () => undefined);
    if (refusal.code === OFFLINE) {
      // The key may still be good: it stays for the next try.
      this.fault = t("fault.offline");
      return;
    }
    sessionStorage.removeItem(STORED);
    if (refusal.code === "operator_key") this.fault = t("signin.operator");
    else if (refusal.status === 401) this.fault = t("signin.wrong");
    else if (refusal.status === 403) this.fault = t("signin.role");
    else this.fault = refusal.message || t("fault.unexpected");
  }
}

export const session = new Session();
