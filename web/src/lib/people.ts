import { api, answer, type Person, type SignInStep } from "../api/client";

type Json = Record<string, unknown>;

/** Signing in and its steps, in the words of the API. */
export const people = {
  options: () => answer(api.GET("/v1/session/options")),

  withPassword: (email: string, password: string): Promise<SignInStep> =>
    answer(api.POST("/v1/session", { body: { email, password } })),

  withAccount: (pending_token: string, user_id: string): Promise<SignInStep> =>
    answer(api.POST("/v1/session/account", { body: { pending_token, user_id } })),

  withFactor: (
    pending_token: string,
    factor: { totp?: string; recovery_code?: string; passkey?: Json; passkey_token?: string },
  ): Promise<SignInStep> => answer(api.POST("/v1/session/second-factor", { body: { pending_token, ...factor } })),

  passkeyOptions: () => answer(api.POST("/v1/session/passkey-options")),

  withPasskey: (passkey: Json, passkey_token: string): Promise<SignInStep> =>
    answer(api.POST("/v1/session/passkey", { body: { passkey, passkey_token } })),

  stepUp: (proof: { password?: string; passkey?: Json; passkey_token?: string }): Promise<Person> =>
    answer(api.POST("/v1/session/step-up", { body: proof })),

  accept: (token: string, name: string, password: string): Promise<SignInStep> =>
    answer(api.POST("/v1/users/accept", { body: { token, name, password } })),

  reset: (token: string, password: string) => answer(api.POST("/v1/session/reset", { body: { token, password } })),

  changePassword: (old_password: string, new_password: string): Promise<Person> =>
    answer(api.POST("/v1/session/password", { body: { old_password, new_password } })),

  /** Before leaving for a provider, which leads back here with a cookie. */
  expectSession(): void {
    localStorage.setItem("cluster.person", "1");
  },
};
