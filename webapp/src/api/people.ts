/** The calls about accounts, and families; the first screen does without them. */
import type { paths } from "../api.generated";
import { client, settle, type Json, type Language, type Session } from "./calls";

type Ok<R> = R extends { responses: { 200: infer O } } ? Json<O> : never;
type Made<R> = R extends { responses: { 201: infer O } } ? Json<O> : never;

export type Family = NonNullable<Ok<paths["/api/family"]["get"]>["family"]>;
export type Member = Family["members"][number];
export type Invite = Made<paths["/api/family/invites"]["post"]>;
export type Role = Invite["role"];
export type Profile = Ok<paths["/api/profile"]["get"]>;
export type Device = Ok<paths["/api/profile/devices"]["get"]>["devices"][number];
export type Told = Ok<paths["/api/profile/notices"]["get"]>["notices"][number];
/** Told once. */
export type Card = Made<paths["/api/family/children/{person_id}/card"]["post"]>;
/** The path of a QR code with a stroke of 1, in a box of `size` by `size` that has its quiet zone inside. */
export type Qr = { size: number; path: string };

const of = (person_id: string) => ({ params: { path: { person_id } } });

/** `me` is null when a letter with a link is on its way instead. */
export const signUp = (name: string, password: string, born_on: string, language: Language): Promise<Session> =>
  settle(client.POST("/api/accounts", { body: { name, password, born_on, language } })) as Promise<Session>;

export const finishSignUp = (token: string, password: string): Promise<Session> =>
  settle(client.POST("/api/links/sign-up", { body: { token, password } }));

export const forgotten = (name: string, language: Language): Promise<unknown> =>
  settle(client.POST("/api/password/forgotten", { body: { name, language } }));

export const resetPassword = (token: string, password: string): Promise<Session> =>
  settle(client.POST("/api/password/reset", { body: { token, password } }));

export const verifyEmail = (token: string): Promise<Profile> => settle(client.POST("/api/links/email", { body: { token } }));

export const signInByCard = (code: string): Promise<Session> => settle(client.POST("/api/session/card", { body: { code } }));

export const family = async (): Promise<Family | null> => (await settle(client.GET("/api/family"))).family;

export const makeFamily = (): Promise<unknown> => settle(client.POST("/api/family"));

export const joinFamily = (code: string): Promise<unknown> => settle(client.POST("/api/family/join", { body: { code } }));

export const addChild = (born_on: string, consent: boolean): Promise<Member> =>
  settle(client.POST("/api/family/children", { body: { born_on, consent } }));

/** Takes in a child by the code of its card. */
export const claimChild = (code: string, consent: boolean): Promise<Member> =>
  settle(client.POST("/api/family/children/claim", { body: { code, consent } }));

export const agree = (person: string): Promise<Member> =>
  settle(client.POST("/api/family/children/{person_id}/consent", of(person)));

export const withdraw = (person: string): Promise<Member> =>
  settle(client.DELETE("/api/family/children/{person_id}/consent", of(person)));

export const makeCard = (person: string): Promise<Card> =>
  settle(client.POST("/api/family/children/{person_id}/card", of(person))) as Promise<unknown> as Promise<Card>;

export const childFace = (person: string): Promise<Member> =>
  settle(client.PUT("/api/family/children/{person_id}/face", of(person)));

export const invite = (role: Role): Promise<Invite> => settle(client.POST("/api/family/invites", { body: { role } }));

export const endInvite = (invite_id: string): Promise<unknown> =>
  settle(client.DELETE("/api/family/invites/{invite_id}", { params: { path: { invite_id } } }));

export const removeMember = (person: string): Promise<unknown> =>
  settle(client.DELETE("/api/family/members/{person_id}", of(person)));

export const profile = (): Promise<Profile> => settle(client.GET("/api/profile"));

export const chooseLanguage = (language: Language): Promise<unknown> =>
  settle(client.PUT("/api/profile/language", { body: { language } }));

export const changeEmail = (email: string, password: string): Promise<unknown> =>
  settle(client.PUT("/api/profile/email", { body: { email, password } }));

export const changePassword = (password: string, instead: string): Promise<unknown> =>
  settle(client.PUT("/api/profile/password", { body: { password, instead } }));

export const devices = async (): Promise<Device[]> => (await settle(client.GET("/api/profile/devices"))).devices;

export const signOutDevice = (device_id: string): Promise<unknown> =>
  settle(client.DELETE("/api/profile/devices/{device_id}", { params: { path: { device_id } } }));

export const signOutOthers = (): Promise<unknown> => settle(client.DELETE("/api/profile/devices"));

export const told = async (): Promise<Told[]> => (await settle(client.GET("/api/profile/notices"))).notices;

export const readAll = (): Promise<unknown> => settle(client.PUT("/api/profile/notices/read"));

export const newFace = (): Promise<Pick<Member, "name" | "avatar">> => settle(client.PUT("/api/profile/face"));
