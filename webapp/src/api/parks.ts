/** All parks in short, for the map and the list beside it. */
import type { paths } from "../api.generated";
import { client, settle, type Json } from "./calls";

type Ok<R> = R extends { responses: { 200: infer O } } ? Json<O> : never;

export type AllParks = Ok<paths["/api/parks"]["get"]>;
export type ParkInShort = AllParks["parks"][number];
export type District = AllParks["districts"][number];

export const allParks = (): Promise<AllParks> => settle(client.GET("/api/parks"));
