/** The calls about everything that is known of somebody: what is kept, the file of it, and leaving. */
import type { paths } from "../api.generated";
import { client, failureOf, settle, spoken, Unanswered, type Json } from "./calls";

type Ok<R> = R extends { responses: { 200: infer O } } ? Json<O> : never;

/** Somebody whose data the reader may have. */
export type Someone = Ok<paths["/api/data"]["get"]>["people"][number];
export type Kept = Ok<paths["/api/retention"]["get"]>["kept"][number];
export type Gathered = { file: Blob; name: string };
/** Whose: a child by id, or the reader (null). */
export type Whose = string | null;

const of = (person_id: string) => ({ params: { path: { person_id } } });

export const someones = async (): Promise<Someone[]> => (await settle(client.GET("/api/data"))).people;

export const kept = async (): Promise<Kept[]> => (await settle(client.GET("/api/retention"))).kept;

/** Asks that somebody be forgotten; answers the day. */
export async function leave(whose: Whose, password: string): Promise<string> {
  const body = { password };
  const asked = whose
    ? client.POST("/api/family/children/{person_id}/erasure", { ...of(whose), body })
    : client.POST("/api/profile/erasure", { body });
  return ((await settle<unknown>(asked)) as { erased_on: string }).erased_on;
}

/** Takes that back. */
export const stay = (whose: Whose): Promise<unknown> =>
  settle<unknown>(whose ? client.DELETE("/api/family/children/{person_id}/erasure", of(whose)) : client.DELETE("/api/profile/erasure"));

/** Everything as a file, by XMLHttpRequest, as only that tells how much has come; `onshare` hears 0..1. */
export function gather(whose: Whose, password: string, onshare: (share: number) => void): Promise<Gathered> {
  const request = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    request.onprogress = ({ loaded, total }) => onshare(total ? loaded / total : 0);
    request.onload = () => {
      const body = request.response as Blob | null;
      if (request.status === 200 && body) return resolve({ file: body, name: named(request) });
      void refusal(body).then((said) => reject(failureOf(request.status, said)));
    };
    request.onerror = request.onabort = () => reject(new Unanswered(0));
    request.open("POST", whose ? `/api/family/children/${whose}/export` : "/api/profile/export");
    request.responseType = "blob";
    request.setRequestHeader("Content-Type", "application/json");
    request.setRequestHeader("Accept-Language", spoken());
    request.send(JSON.stringify({ password }));
  });
}

function named(request: XMLHttpRequest): string {
  return /filename="([^"]+)"/.exec(request.getResponseHeader("Content-Disposition") ?? "")?.[1] ?? "eplus-life.zip";
}

async function refusal(body: Blob | null): Promise<unknown> {
  try {
    return JSON.parse((await body?.text()) ?? "");
  } catch {
    return undefined;
  }
}
