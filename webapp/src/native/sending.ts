/** Sends a phone's week: only what its owner allowed, and only while the phone belongs to whoever is signed in. */
import type { Health } from "./shell";
import { begins, week, type Week } from "./week.ts";

/** The phone as the server knows it, its key, and when it last sent (ms since 1970; 0: never). */
export type Kept = { id: string; key: string; name: string; sentAt: number };
/** `nothing`: no steps were found. `not_ours`: the key was taken away, or somebody else is signed in. `later`: no answer. */
export type Outcome = "sent" | "nothing" | "not_allowed" | "not_ours" | "later";

/** What sending needs: the phone's store, the ids of the reader's phones, and the door; both reject without a network. */
export type Parts = {
  health: Health;
  mine: () => Promise<string[]>;
  push: (key: string, body: Week) => Promise<number>;
  now: () => Date;
};

const TAKEN = [200, 202];
const NO_SUCH_KEY = 401;

/** Sends the last seven days, each whole, so that whatever was missed before is made good. */
export async function send(kept: Kept, { health, mine, push, now }: Parts): Promise<Outcome> {
  try {
    if (!(await health.checkAuthorization({ read: ["steps"] })).readAuthorized.includes("steps")) return "not_allowed";
    // Asked of the server each time: a phone goes from hand to hand, and its key must never tell of another's steps.
    if (!(await mine()).includes(kept.id)) return "not_ours";
    const body = await walked(kept.name, health, now());
    if (!body) return "nothing";
    const status = await push(kept.key, body);
    return TAKEN.includes(status) ? "sent" : status === NO_SUCH_KEY ? "not_ours" : "later";
  } catch {
    return "later";
  }
}

async function walked(name: string, health: Health, now: Date): Promise<Week | null> {
  const span = { dataType: "steps", startDate: begins(now).toISOString(), endDate: now.toISOString(), aggregation: "sum" } as const;
  const [hours, days] = await Promise.all([
    health.queryAggregated({ ...span, bucket: "hour" }),
    health.queryAggregated({ ...span, bucket: "day" }),
  ]);
  return week(name, now, hours.samples, days.samples);
}
