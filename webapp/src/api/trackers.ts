/** The call by which staff see how each tracker is doing. */
import type { paths } from "../api.generated";
import { client, settle, type Json } from "./calls";

type Ok<R> = R extends { responses: { 200: infer O } } ? Json<O> : never;

export type Trackers = Ok<paths["/api/staff/trackers"]["get"]>;
export type Tracker = Trackers["trackers"][number];

export const trackers = (): Promise<Trackers> => settle(client.GET("/api/staff/trackers"));
