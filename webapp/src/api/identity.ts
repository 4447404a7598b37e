/** The calls about identity: how well I am known, a code for the counter, the counter itself, and the way to iAM Smart. */
import type { paths } from "../api.generated";
import { client, settle, type Json } from "./calls";

type Ok<R> = R extends { responses: { 200: infer O } } ? Json<O> : never;
type Made<R> = R extends { responses: { 201: infer O } } ? Json<O> : never;

export type Identity = Ok<paths["/api/identity"]["get"]>;
/** It works once, for `lasts_s` seconds. */
type CounterCode = Made<paths["/api/identity/code"]["post"]>;
export type CounterPerson = Ok<paths["/api/counter/look"]["post"]>;

export const identity = (): Promise<Identity> => settle(client.GET("/api/identity"));

export const makeCode = (): Promise<CounterCode> =>
  settle(client.POST("/api/identity/code")) as Promise<unknown> as Promise<CounterCode>;

/** Answers the address to go to. */
export const wayToIamSmart = async (): Promise<string> =>
  ((await settle(client.POST("/api/identity/iam-smart"))) as unknown as { address: string }).address;

export const look = (code: string): Promise<CounterPerson> => settle(client.POST("/api/counter/look", { body: { code } }));

/** Says that the card was seen, and which number stands on it. */
export const check = (code: string, number: string): Promise<CounterPerson> =>
  settle(client.POST("/api/counter/check", { body: { code, number, seen: true } }));
