import {
  api,
  answer,
  authorise,
  inSession,
  OFFLINE,
  Refusal,
  type Cluster,
  type Me,
  type Person,
  type SignInStep,
} from "../api/client";
import { forget } from "./drafts";
import { t } from "./i18n";
import { inWords } from "./refusals";
import { router, to } from "./router.svelte";
import { Zone } from "./time";

const STORED = "cluster.key";
/** Whether a cookie may hold a session: who never signed in as a person is not asked. */
const PERSON = "cluster.person";
const FACTORS = ["totp", "passkey", "recovery_code"];

/** Who is signed in: a person, whose session is a cookie's, or a key, which lives as long as the browser's tab. */
class Session {
  me = $state.raw<Me | null>(null);
  person = $state.raw<Person | null>(null);
  /** How far signing in is, while it takes more than a password. */
  step = $state.raw<SignInStep | null>(null);
  checking = $state(false);
  fault = $state<string | null>(null);

  /** Goes up when somebody signs out: answers that were still under way then belong to nobody. */
  #turn = 0;

  readonly cluster: Cluster | null = $derived(this.me?.cluster ?? null);
  readonly coordinator = $derived(this.me?.role === "coordinator");
  readonly carrier = $derived(this.me?.role === "carrier_key");
  readonly zone = $derived(new Zone(this.cluster?.time_zone ?? "UTC"));
  readonly currency = $derived(this.cluster?.currency ?? "USD");
  /** Who manages the firm's people, keys and webhooks, or the cluster's. */
  readonly manages = $derived(this.me?.role === "member_admin" || this.me?.role === "coordinator");

  /** Signs in with what an earlier page left: the tab's key, or the browser's session. */
  async resume(): Promise<void> {
    if (this.#backFromProvider()) return;
    const key = sessionStorage.getItem(STORED);
    if (key !== null) return this.signIn(key);
    if (localStorage.getItem(PERSON) === null) return;
    await this.#try(async () => {
      await this.adopt(await answer(api.GET("/v1/session")));
    });
    // An old session that is over is nothing to complain of.
    if (this.me === null && this.person === null && this.fault !== t("fault.offline")) this.fault = null;
  }

  /** Whether a provider has sent the reader back with something still to do, or with a refusal. */
  #backFromProvider(): boolean {
    const { page } = router;
    const token = router.value("token");
    if (page === "refused") this.fault = t("signin.refused");
    else if (page === "second_factor_needed")
      this.step = { status: page, session: null, pending_token: token, accounts: [], factors: FACTORS };
    else return false;
    // What the address held is used up.
    router.replace(to(""));
    return true;
  }

  /** Signs in with an API key. */
  async signIn(key: string): Promise<void> {
    // While a key is being tried, a refusal is an answer and not the end of a session.
    authorise(key, () => undefined);
    await this.#try(async () => {
      const me = await answer(api.GET("/v1/me"));
      if (me.cluster === null) throw new Refusal({ code: "operator_key", status: 403, title: "", detail: "" });
      sessionStorage.setItem(STORED, key);
      authorise(key, () => this.forget(t("signin.ended")));
      this.me = me;
    }, true);
  }

  /** Takes a step of a person's sign-in: done, or what comes next. */
  async take(asked: () => Promise<SignInStep>): Promise<void> {
    authorise(null, () => undefined);
    await this.#try(async () => {
      const step = await asked();
      this.step = step.session ? null : step;
      if (step.session) await this.adopt(step.session);
    });
  }

  /** A person's session as the API tells it, here or after it has been renewed. */
  async adopt(person: Person): Promise<void> {
    const turn = this.#turn;
    inSession(person.csrf_token, () => this.forget(t("signin.over")));
    localStorage.setItem(PERSON, "1");
    sessionStorage.removeItem(STORED);
    this.person = person;
    this.step = null;
    if (person.factor_needed) return;
    const me = await answer(api.GET("/v1/me"));
    if (turn === this.#turn) this.me = me;
  }

  /** Reads the session again after factors or rights have changed. */
  async renew(): Promise<void> {
    if (this.person === null) return;
    const turn = this.#turn;
    const person = await answer(api.GET("/v1/session"));
    if (turn === this.#turn) await this.adopt(person);
  }

  /** Signs out, here and at the server. */
  async leave(): Promise<void> {
    if (this.person !== null) {
      try {
        await answer(api.DELETE("/v1/session"));
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        // Whoever cannot be reached cannot end the session; it must not look as if it had ended.
        if (error.status !== 401) {
          this.fault = inWords(error);
          return;
        }
      }
    }
    this.forget();
  }

  /** Nobody is signed in here any more; nothing of theirs stays in the browser. */
  forget(why: string | null = null): void {
    this.#turn += 1;
    sessionStorage.removeItem(STORED);
    localStorage.removeItem(PERSON);
    forget();
    authorise(null, () => undefined);
    this.me = null;
    this.person = null;
    this.step = null;
    this.fault = why;
  }

  async #try(work: () => Promise<void>, byKey = false): Promise<void> {
    this.checking = true;
    this.fault = null;
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (byKey) this.#refuse(error);
      else this.fault = error.status === 401 ? t("signin.mismatch") : inWords(error);
    } finally {
      this.checking = false;
    }
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
    else this.fault = inWords(refusal);
  }
}

export const session = new Session();
