/** The calls about second factors: what is set up, and what proves who somebody is. */
import type { paths } from "../api.generated";
import { client, settle, type Json, type Session } from "./calls";

type Ok<R> = R extends { responses: { 200: infer O } } ? Json<O> : never;
type Made<R> = R extends { responses: { 201: infer O } } ? Json<O> : never;

export type Factors = Ok<paths["/api/factors"]["get"]>;
export type Passkey = Factors["passkeys"][number];
/** Told once. */
export type NewApp = Made<paths["/api/factors/app"]["post"]>;
/** What `navigator.credentials` is asked and answers, in the JSON of WebAuthn. */
export type Options = Record<string, unknown>;
export type Credential = Record<string, unknown>;

const listed = async (made: Promise<{ codes: string[] }>): Promise<string[]> => (await made).codes;
const asked = async (options: Promise<{ options: Options }>): Promise<Options> => (await options).options;
type Codes = { codes: string[] };

export const factors = (): Promise<Factors> => settle(client.GET("/api/factors"));

export const makeApp = (password: string): Promise<NewApp> =>
  settle(client.POST("/api/factors/app", { body: { password } })) as Promise<unknown> as Promise<NewApp>;

/** Answers recovery codes to keep, when they were made for the first time. */
export const confirmApp = (code: string): Promise<string[]> =>
  listed(settle(client.POST("/api/factors/app/confirm", { body: { code } })));

export const removeApp = (password: string): Promise<unknown> =>
  settle(client.POST("/api/factors/app/remove", { body: { password } }));

export const askForPasskey = (password: string): Promise<Options> =>
  asked(settle(client.POST("/api/factors/passkeys/options", { body: { password } })));

/** Answers recovery codes to keep, when they were made for the first time. */
export const addPasskey = (credential: Credential): Promise<string[]> =>
  listed(settle(client.POST("/api/factors/passkeys", { body: { credential } })) as Promise<unknown> as Promise<Codes>);

export const removePasskey = (passkey_id: string, password: string): Promise<unknown> =>
  settle(client.POST("/api/factors/passkeys/{passkey_id}/remove", { params: { path: { passkey_id } }, body: { password } }));

export const makeRecoveryCodes = (password: string): Promise<string[]> =>
  listed(settle(client.POST("/api/factors/recovery", { body: { password } })) as Promise<unknown> as Promise<Codes>);

export const secondStep = (ticket: string, code: string): Promise<Session> =>
  settle(client.POST("/api/session/second", { body: { ticket, code } }));

/** Without a ticket the passkey is all there is to sign in with. */
export const askPasskey = (ticket: string | null): Promise<Options> =>
  asked(settle(client.POST("/api/session/passkey/options", { body: { ticket } })));

export const signInByPasskey = (ticket: string | null, credential: Credential): Promise<Session> =>
  settle(client.POST("/api/session/passkey", { body: { ticket, credential } }));

export const askOwnPasskey = (): Promise<Options> => asked(settle(client.POST("/api/session/strong/options")));

/** One of the two. */
export const proveAgain = (code: string | null, credential: Credential | null = null): Promise<Session> =>
  settle(client.POST("/api/session/strong", { body: { code, credential } }));
