/** The calls about companions: a code to show or to scan, the list, and what a guardian decides. */
import type { paths } from "../api.generated";
import { client, settle, type Json } from "./calls";

type Ok<R> = R extends { responses: { 200: infer O } } ? Json<O> : never;
type Made<R> = R extends { responses: { 201: infer O } } ? Json<O> : never;

/** Somebody who was met; `waits_for` is who has to agree, and null for companions, whose face is seen. */
export type Companion = Ok<paths["/api/companions"]["get"]>["companions"][number];
export type ChildCompanions = Ok<paths["/api/family/children/{person_id}/companions"]["get"]>;
/** It works once, for `lasts_s` seconds. */
type CodeToShow = Made<paths["/api/companions/code"]["post"]>;

const of = (companion_id: string) => ({ params: { path: { companion_id } } });
const between = (person_id: string, companion_id: string) => ({ params: { path: { person_id, companion_id } } });

export const companions = async (): Promise<Companion[]> => (await settle(client.GET("/api/companions"))).companions;

export const makeCode = (): Promise<CodeToShow> => settle(client.POST("/api/companions/code")) as Promise<unknown> as Promise<CodeToShow>;

export const meet = (code: string): Promise<Companion> => settle(client.POST("/api/companions/meet", { body: { code } }));

/** For oneself, from 16 on, with somebody met before that. */
export const agree = (companion: string): Promise<Companion> =>
  settle(client.POST("/api/companions/{companion_id}/agree", of(companion)));

export const end = (companion: string): Promise<unknown> => settle(client.DELETE("/api/companions/{companion_id}", of(companion)));

export const childCompanions = (child: string): Promise<ChildCompanions> =>
  settle(client.GET("/api/family/children/{person_id}/companions", { params: { path: { person_id: child } } }));

export const agreeForChild = (child: string, companion: string): Promise<Companion> =>
  settle(client.POST("/api/family/children/{person_id}/companions/{companion_id}/agree", between(child, companion)));

export const endForChild = (child: string, companion: string): Promise<unknown> =>
  settle(client.DELETE("/api/family/children/{person_id}/companions/{companion_id}", between(child, companion)));
