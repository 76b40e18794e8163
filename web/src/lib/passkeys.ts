/** Passkeys of the browser, in the JSON that the API speaks (WebAuthn Level 3, 5.1.10 and 5.1.11). */

type Json = Record<string, unknown>;

/** Whether this browser has passkeys, and on this address: it asks for https, or this machine itself by its name. */
export function passkeysWork(): boolean {
  return (
    window.isSecureContext &&
    "PublicKeyCredential" in window &&
    "parseRequestOptionsFromJSON" in PublicKeyCredential &&
    "parseCreationOptionsFromJSON" in PublicKeyCredential
  );
}

/** What the reader's passkey says to these options; null where they turned it down. */
export async function shown(options: Json, signal?: AbortSignal): Promise<Json | null> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
    options as unknown as PublicKeyCredentialRequestOptionsJSON,
  );
  return told(() => navigator.credentials.get({ publicKey, signal }));
}

/** A new passkey for these options; null where the reader turned it down. */
export async function made(options: Json): Promise<Json | null> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    options as unknown as PublicKeyCredentialCreationOptionsJSON,
  );
  return told(() => navigator.credentials.create({ publicKey }));
}

async function told(ask: () => Promise<Credential | null>): Promise<Json | null> {
  try {
    const credential = await ask();
    return credential instanceof PublicKeyCredential ? (credential.toJSON() as unknown as Json) : null;
  } catch (error) {
    // NotAllowedError: turned down or run out of time; InvalidStateError: this device has one already.
    if (error instanceof DOMException) return null;
    throw error;
  }
}
