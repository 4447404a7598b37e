/** The calls about accounts at the vendors of trackers. */
import type { paths } from "../api.generated";
import { client, settle, type Json } from "./calls";

type Ok<R> = R extends { responses: { 200: infer O } } ? Json<O> : never;

export type Connections = Ok<paths["/api/steps/connections"]["get"]>;
export type Connection = Connections["connections"][number];

export const connections = (): Promise<Connections> => settle(client.GET("/api/steps/connections"));

/** Answers the vendor's address to go to. */
export const connect = async (provider: string): Promise<string> =>
  ((await settle(client.POST("/api/steps/connections/{provider}", { params: { path: { provider } } }))) as unknown as { address: string })
    .address;

export const syncNow = (provider: string): Promise<unknown> =>
  settle(client.POST("/api/steps/connections/{provider}/sync", { params: { path: { provider } } }));

export const disconnect = (provider: string, forget: boolean): Promise<unknown> =>
  settle(client.DELETE("/api/steps/connections/{provider}", { params: { path: { provider }, query: { forget } } }));
