/** The calls about who looks after whom. */
import type { paths } from "../api.generated";
import { client, settle, type Json } from "./calls";

type Ok<R> = R extends { responses: { 200: infer O } } ? Json<O> : never;
type Made<R> = R extends { responses: { 201: infer O } } ? Json<O> : never;

export type Care = Ok<paths["/api/carers"]["get"]>;
export type LookedAfter = Care["looked_after"][number];
export type Carer = LookedAfter["carers"][number];
export type CareLink = NonNullable<Carer["link"]>;
export type Cared = Care["caring"][number];
/** Told once. */
export type Offer = Made<paths["/api/carers/offers"]["post"]>;
export type OpenOffer = LookedAfter["offers"][number];
export type Kind = Offer["kind"];
export type Scope = "view-challenge" | "manage-challenge";

const of = (person_id: string, carer_id: string) => ({ params: { path: { person_id, carer_id } } });
const link = (link_id: string) => ({ params: { path: { link_id } } });

export const care = (): Promise<Care> => settle(client.GET("/api/carers"));

/** `until`: the last day; without one it holds until somebody ends it. */
export const offerCare = (person_id: string, kind: Kind, scopes: Scope[], until: string | null): Promise<Offer> =>
  settle(client.POST("/api/carers/offers", { body: { person_id, kind, scopes, until } })) as Promise<unknown> as Promise<Offer>;

export const takeBack = (offer_id: string): Promise<unknown> =>
  settle(client.DELETE("/api/carers/offers/{offer_id}", { params: { path: { offer_id } } }));

export const acceptCare = (code: string): Promise<Care> => settle(client.POST("/api/carers/accept", { body: { code } }));

export const renewCare = (id: string): Promise<Care> => settle(client.POST("/api/carers/{link_id}/renew", link(id)));

export const endCare = (id: string): Promise<unknown> => settle(client.DELETE("/api/carers/{link_id}", link(id)));

export const hideFrom = (person: string, carer: string): Promise<unknown> =>
  settle(client.PUT("/api/carers/safety/{person_id}/{carer_id}", of(person, carer)));

export const showTo = (person: string, carer: string): Promise<unknown> =>
  settle(client.DELETE("/api/carers/safety/{person_id}/{carer_id}", of(person, carer)));
