/** Every call to the server, and the two ways in which one can fail: refused, or not answered. */
import createClient from "openapi-fetch";
import type { paths } from "../api.generated";

export type Json<R> = R extends { content: { "application/json": infer B } } ? B : never;
type Answer<R> = R extends { responses: { 200: infer O } } ? Json<O> : never;

export type Session = Answer<paths["/api/session"]["get"]>;
export type Me = NonNullable<Session["me"]>;
export type Today = Answer<paths["/api/today"]["get"]>;
export type Park = Answer<paths["/api/parks/{park_id}"]["get"]>;
export type FixesAnswer = Answer<paths["/api/fixes"]["post"]>;
export type CaptureAnswer = Answer<paths["/api/captures"]["post"]>;
export type Board = Answer<paths["/api/boards/{board_id}"]["get"]>;
export type MyPlace = Answer<paths["/api/boards/{board_id}/me"]["get"]>;
export type StepsDay = Answer<paths["/api/steps/days/{on}"]["get"]>;
export type StepsMonth = Answer<paths["/api/steps/months/{month}"]["get"]>;
export type Delivery = Answer<paths["/api/steps/deliveries/{delivery_id}"]["get"]>;

/** A name in the three languages. */
export type Tri = Park["name"];
export type ParkLine = Today["parks"][number];
export type BoardLine = Today["boards"][number];
export type StepsWeek = NonNullable<Today["steps"]>;
export type NotCounted = StepsDay["not_counted"][number];
export type StepSource = StepsMonth["sources"][number];
export type Walking = StepsMonth["challenges"][number];
export type Drop = Park["drops"][number];
export type Row = Board["top"][number];
export type Measure = BoardLine["measures"][number];
export type Subject = BoardLine["subject"];
export type Language = Me["language"];

/** One position of the phone, in the server's words; metres and metres per second. */
export type Fix = {
  fixed_at: string;
  lat: number;
  lon: number;
  accuracy_m: number | null;
  speed_mps: number | null;
};

/** The server understood and said no; `message` is in the reader's language. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** No usable answer: no network (status 0), or a server that is ill (5xx). */
export class Unanswered extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`unanswered ${status}`);
    this.status = status;
  }
}

const PATIENCE_MS = 15_000;
/** The one answer of the 500s that is a refusal with words: no room for a file. */
const NO_ROOM = 507;
let language: Language = "zh-Hant";

/** Says in which language the server should write its refusals. */
export function speak(to: Language): void {
  language = to;
}

/** The language in which the server is asked. */
export function spoken(): Language {
  return language;
}

let person: string | null = null;

/** Says in whose place everything is asked from now on; null: in one's own. */
export function actFor(id: string | null): void {
  person = id;
}

/** The headers of every request: the reader's language, and in whose place it is made. */
export function headers(): [string, string][] {
  return [["Accept-Language", language], ...(person ? [["X-Acting-For", person] as [string, string]] : [])];
}

export const client = createClient<paths>({
  baseUrl: location.origin,
  credentials: "same-origin",
  fetch: (request: Request) => fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) }),
});

client.use({
  onRequest({ request }) {
    for (const [name, value] of headers()) request.headers.set(name, value);
    return request;
  },
});

/** When an answer was kept that the service worker gives in place of the network's; null: it is fresh. */
let heard: (keptAt: string | null) => void = () => undefined;

/** Has somebody told of every answer, whether it is fresh. */
export function listen(to: typeof heard): void {
  heard = to;
}

client.use({
  onResponse({ response }) {
    heard(response.headers.get("X-Kept-At"));
  },
});

type Outcome<T> = { data?: T; error?: unknown; response: Response };

export async function settle<T>(asked: Promise<Outcome<T>>): Promise<T> {
  let outcome: Outcome<T>;
  try {
    outcome = await asked;
  } catch {
    throw new Unanswered(0);
  }
  const { data, error, response } = outcome;
  if (response.ok) return data as T;
  throw failureOf(response.status, error);
}

export const whoAmI = (): Promise<Session> => settle(client.GET("/api/session"));

export const signIn = (name: string, password: string): Promise<Session> =>
  settle(client.POST("/api/session", { body: { name, password } }));

export const signOut = (): Promise<unknown> => settle(client.DELETE("/api/session"));

export const today = (): Promise<Today> => settle(client.GET("/api/today"));

export const park = (park_id: string): Promise<Park> =>
  settle(client.GET("/api/parks/{park_id}", { params: { path: { park_id } } }));

export const sendFixes = (fixes: Fix[]): Promise<FixesAnswer> => settle(client.POST("/api/fixes", { body: { fixes } }));

/** `trail`: the fixes before this one that the server has not had yet, oldest first. */
export const capture = (client_id: string, drop_id: string, fix: Fix, trail: Fix[]): Promise<CaptureAnswer> =>
  settle(client.POST("/api/captures", { body: { client_id, drop_id, fix, trail } }));

export const board = (board_id: string, measure: Measure): Promise<Board> =>
  settle(client.GET("/api/boards/{board_id}", { params: { path: { board_id }, query: { measure } } }));

export const myPlace = (board_id: string, measure: Measure): Promise<MyPlace> =>
  settle(client.GET("/api/boards/{board_id}/me", { params: { path: { board_id }, query: { measure } } }));

export const stepsDay = (on: string): Promise<StepsDay> =>
  settle(client.GET("/api/steps/days/{on}", { params: { path: { on } } }));

export const stepsMonth = (month: string): Promise<StepsMonth> =>
  settle(client.GET("/api/steps/months/{month}", { params: { path: { month } } }));

export const removeSource = (source_id: number): Promise<unknown> =>
  settle(client.DELETE("/api/steps/sources/{source_id}", { params: { path: { source_id } } }));

export const deliveries = async (): Promise<Delivery[]> => (await settle(client.GET("/api/steps/deliveries"))).deliveries;

export const delivery = (delivery_id: string): Promise<Delivery> =>
  settle(client.GET("/api/steps/deliveries/{delivery_id}", { params: { path: { delivery_id } } }));

export const stopDelivery = (delivery_id: string): Promise<Delivery> =>
  settle(client.DELETE("/api/steps/deliveries/{delivery_id}", { params: { path: { delivery_id } } }));
export const forgetFile = (delivery_id: string): Promise<Delivery> =>
  settle(client.DELETE("/api/steps/deliveries/{delivery_id}/file", { params: { path: { delivery_id } } }));

/** What a refusal in the body of an answer says. */
export function failureOf(status: number, body: unknown): Refused | Unanswered {
  const refusal = (body as { error?: { code?: string; message?: string } } | undefined)?.error;
  if (!refusal?.message || (status >= 500 && status !== NO_ROOM)) return new Unanswered(status);
  return new Refused(status, refusal.code ?? "", refusal.message);
}

/** An id made on this device, so that a repeated request counts once. */
export function newId(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  // randomUUID is missing outside secure contexts; the page must still be readable there.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
