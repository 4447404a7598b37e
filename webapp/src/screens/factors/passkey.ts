/** Passkeys in the browser: from the server's JSON to what `navigator.credentials` wants, and back. */
import { Refused } from "../../api/calls";
import type { Credential, Options } from "../../api/factors";
import { t } from "../../words/words.svelte";

/** Browsers make no passkeys for a bare address, and none where the page is not secure. */
export function possible(): boolean {
  return "PublicKeyCredential" in globalThis && !isAddress(location.hostname);
}

/** 192.0.2.7 or [2001:db8::1]. */
export function isAddress(host: string): boolean {
  return /^[\d.]+$/.test(host) || host.includes(":");
}

/** Makes a passkey on this device or on another one that is near. */
export async function make(options: Options): Promise<Credential> {
  const { user, challenge, excludeCredentials, ...rest } = options as Json;
  const publicKey = {
    ...rest,
    challenge: bytes(challenge as string),
    user: { ...(user as Json), id: bytes((user as Json).id as string) },
    excludeCredentials: described(excludeCredentials),
  };
  const made = await asked(navigator.credentials.create({ publicKey: publicKey as unknown as PublicKeyCredentialCreationOptions }));
  const answer = made.response as AuthenticatorAttestationResponse;
  return told(made, { clientDataJSON: answer.clientDataJSON, attestationObject: answer.attestationObject });
}

/** Has somebody prove a passkey that they have. */
export async function prove(options: Options): Promise<Credential> {
  const { challenge, allowCredentials, ...rest } = options as Json;
  const publicKey = { ...rest, challenge: bytes(challenge as string), allowCredentials: described(allowCredentials) };
  const made = await asked(navigator.credentials.get({ publicKey: publicKey as unknown as PublicKeyCredentialRequestOptions }));
  const { clientDataJSON, authenticatorData, signature, userHandle } = made.response as AuthenticatorAssertionResponse;
  return told(made, { clientDataJSON, authenticatorData, signature, ...(userHandle && { userHandle }) });
}

type Json = Record<string, unknown>;

/** What the browser made, or its failure in the reader's words. */
async function asked(ceremony: Promise<unknown>): Promise<PublicKeyCredential> {
  try {
    return (await ceremony) as PublicKeyCredential;
  } catch (error) {
    const name = error instanceof DOMException ? error.name : "";
    const known = name === "InvalidStateError" ? "known" : name === "SecurityError" ? "elsewhere" : "cancelled";
    throw new Refused(0, `passkey.${known}`, t(`passkey.${known}`));
  }
}

function told(made: PublicKeyCredential, response: Record<string, ArrayBuffer>): Credential {
  const parts = Object.entries(response).map(([name, value]) => [name, text(value)]);
  return { id: made.id, rawId: text(made.rawId), type: made.type, response: Object.fromEntries(parts) as Json };
}

function described(list: unknown): unknown[] {
  return ((list ?? []) as Json[]).map((each) => ({ ...each, id: bytes(each.id as string) }));
}

/** Base64 with - and _, as WebAuthn writes it. */
export function bytes(written: string): Uint8Array {
  return Uint8Array.from(atob(written.replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0));
}

export function text(buffer: ArrayBuffer): string {
  const binary = Array.from(new Uint8Array(buffer), (each) => String.fromCharCode(each)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
