/** The calls about classes: a teacher's, and how somebody joins one. */
import type { paths } from "../api.generated";
import { client, settle, spoken, type Json, type Language } from "./calls";

type Ok<R> = R extends { responses: { 200: infer O } } ? Json<O> : never;
type Made<R> = R extends { responses: { 201: infer O } } ? Json<O> : never;

export type Classes = Ok<paths["/api/classes"]["get"]>;
export type School = Classes["schools"][number];
export type OneClass = Ok<paths["/api/classes/{class_id}"]["get"]>;
export type Pupil = OneClass["roster"][number];
export type Readings = Ok<paths["/api/classes/{class_id}/readings"]["get"]>;
export type ReadingRow = Readings["rows"][number];
export type ReadingsKept = Ok<paths["/api/classes/{class_id}/readings"]["put"]>;
/** A pupil's number, null for not told, and the one that the reader saw there before. */
export type NewReading = { person_id: string; steps: number | null; before: number | null };
/** A class's code, with the link to the page that takes it, and that link as a picture. */
export type JoinCode = NonNullable<OneClass["code"]>;
/** Told once. */
export type PupilCard = Made<paths["/api/classes/{class_id}/cards"]["post"]>["cards"][number];
/** With a card, which is told once, for somebody who had no account. */
export type Joined = Made<paths["/api/classes/join"]["post"]>;

const of = (class_id: string) => ({ params: { path: { class_id } } });

export const classes = (): Promise<Classes> => settle(client.GET("/api/classes"));

export const oneClass = (id: string): Promise<OneClass> => settle(client.GET("/api/classes/{class_id}", of(id)));

/** The school matters to those who teach at several. */
export const openClass = (name: string, school_id: string): Promise<OneClass> =>
  settle(client.POST("/api/classes", { body: { name, school_id } }));

/** Makes a code in place of the one before; `until` is its last day. */
export const makeCode = (id: string, until: string): Promise<JoinCode> =>
  settle(client.POST("/api/classes/{class_id}/code", { ...of(id), body: { until } }));

export const endCode = (id: string): Promise<unknown> => settle(client.DELETE("/api/classes/{class_id}/code", of(id)));

/** Makes cards: anew for the named, or for all who have none. */
export const makeCards = async (id: string, person_ids: string[] | null): Promise<PupilCard[]> =>
  (await settle(client.POST("/api/classes/{class_id}/cards", { ...of(id), body: { person_ids } }))).cards;

export const removePupil = (class_id: string, person_id: string): Promise<unknown> =>
  settle(client.DELETE("/api/classes/{class_id}/pupils/{person_id}", { params: { path: { class_id, person_id } } }));

/** Joins as whoever is signed in, or a child of theirs. */
export const join = (code: string, person_id: string | null): Promise<Joined> =>
  settle(client.POST("/api/classes/join", { body: { code, person_id, born_on: null, language: spoken() } }));

/** Joins as a child without an account, who gets one with a card. */
export const joinAnew = (code: string, born_on: string, language: Language): Promise<Joined> =>
  settle(client.POST("/api/classes/join", { body: { code, person_id: null, born_on, language } }));

/** What a class's pedometers showed on a day. */
export const readings = (class_id: string, on: string): Promise<Readings> =>
  settle(client.GET("/api/classes/{class_id}/readings", { params: { path: { class_id }, query: { on } } }));

/** Keeps the good rows, and answers the table with those that were not kept, each with its reason. */
export const enterReadings = (class_id: string, on: string, rows: NewReading[]): Promise<ReadingsKept> =>
  settle(client.PUT("/api/classes/{class_id}/readings", { params: { path: { class_id }, query: { on } }, body: { rows } }));
