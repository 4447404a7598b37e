/** The calls about steps that were not counted, and that somebody is to look at again. */
import type { paths } from "../api.generated";
import { client, settle, type Json } from "./calls";

type Ok<R> = R extends { responses: { 200: infer O } } ? Json<O> : never;

export type Appeal = Ok<paths["/api/steps/appeals"]["get"]>["appeals"][number];
export type Waiting = Ok<paths["/api/staff/appeals"]["get"]>;
export type Seen = Waiting["appeals"][number];

export const appeals = async (): Promise<Appeal[]> => (await settle(client.GET("/api/steps/appeals"))).appeals;

export const ask = (on: string, source_id: number | null, text: string): Promise<unknown> =>
  settle(client.POST("/api/steps/appeals", { body: { on, source_id, text } }));

export const takeBack = (appeal_id: string): Promise<unknown> =>
  settle(client.DELETE("/api/steps/appeals/{appeal_id}", { params: { path: { appeal_id } } }));

export const waiting = (): Promise<Waiting> => settle(client.GET("/api/staff/appeals"));

export const decide = (appeal_id: string, granted: boolean, answer: string): Promise<unknown> =>
  settle(client.POST("/api/staff/appeals/{appeal_id}", { params: { path: { appeal_id } }, body: { granted, answer } }));
