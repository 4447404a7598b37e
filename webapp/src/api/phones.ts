/** The calls about phones that push steps by themselves. */
import type { paths } from "../api.generated";
import { client, settle, type Json } from "./calls";

type Ok<R> = R extends { responses: { 200: infer O } } ? Json<O> : never;
type Made<R> = R extends { responses: { 201: infer O } } ? Json<O> : never;

export type Phones = Ok<paths["/api/steps/phones"]["get"]>;
export type Phone = Phones["phones"][number];
/** Told once. */
export type NewPhone = Made<paths["/api/steps/phones"]["post"]>;

export const phones = (): Promise<Phones> => settle(client.GET("/api/steps/phones"));

export const addPhone = (name: string): Promise<NewPhone> =>
  settle(client.POST("/api/steps/phones", { body: { name } })) as Promise<unknown> as Promise<NewPhone>;

export const removePhone = (phone_id: string): Promise<unknown> =>
  settle(client.DELETE("/api/steps/phones/{phone_id}", { params: { path: { phone_id } } }));
