/** The calls about notices: how to be told, and whether this browser takes them. */
import type { paths } from "../api.generated";
import { client, settle, type Json } from "./calls";

type Ok<R> = R extends { responses: { 200: infer O } } ? Json<O> : never;

export type Choices = Ok<paths["/api/profile/notices/choice"]["get"]>;
export type PushState = Ok<paths["/api/push"]["get"]>;
/** What a browser's push manager answers. */
export type BrowserAddress = { endpoint: string; keys: { p256dh: string; auth: string } };

export const noticeChoices = (): Promise<Choices> => settle(client.GET("/api/profile/notices/choice"));

export const chooseNotices = (body: Choices): Promise<Choices> => settle(client.PUT("/api/profile/notices/choice", { body }));

export const unread = async (): Promise<number> => (await settle(client.GET("/api/profile/notices/unread"))).count;

export const pushState = (): Promise<PushState> => settle(client.GET("/api/push"));

export const takePush = (body: BrowserAddress): Promise<PushState> => settle(client.POST("/api/push/subscriptions", { body }));

export const leavePush = (): Promise<unknown> => settle(client.DELETE("/api/push/subscriptions"));

/** Gives an account that signs in by a card a name and a password. */
export const chooseCredentials = (name: string, password: string): Promise<unknown> =>
  settle(client.POST("/api/profile/credentials", { body: { name, password } }));
