/** What the app on a phone sends: a week of whole days, to nobody but whose phone it is. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { send, type Kept, type Parts } from "../src/native/sending.ts";
import type { Bucket, Health } from "../src/native/shell.ts";
import { begins, week, type Week } from "../src/native/week.ts";

process.env.TZ = "Asia/Hong_Kong";
const NOW = new Date("2026-11-24T10:20:00+08:00");
const KEPT: Kept = { id: "this", key: "eplus_k", name: "Android", sentAt: 0 };
const at = (local: string, value: number): Bucket => ({ startDate: new Date(`${local}+08:00`).toISOString(), value });
const DAYS = [at("2026-11-23T00:00", 1_500), at("2026-11-24T00:00", 700)];
const HOURS = [at("2026-11-23T08:00", 900), at("2026-11-23T23:00", 600), at("2026-11-24T09:00", 650), at("2026-11-24T10:00", 50)];

/** A phone whose store is `health`, signed in as whoever has these phones. */
function phone(change: Partial<Parts> = {}, allowed = true, days = DAYS): { parts: Parts; pushed: Week[] } {
  const pushed: Week[] = [];
  const said = { readAuthorized: allowed ? ["steps"] : [] };
  const health: Health = {
    isAvailable: async () => ({ available: true }),
    checkAuthorization: async () => said,
    requestAuthorization: async () => said,
    queryAggregated: async ({ bucket }) => ({ samples: bucket === "day" ? days : HOURS }),
  };
  const push = async (_key: string, body: Week): Promise<number> => (pushed.push(body), 202);
  return { parts: { health, mine: async () => ["this", "other"], push, now: () => NOW, ...change }, pushed };
}

test("a week begins at the local midnight six days ago", () => {
  assert.equal(begins(NOW).toISOString(), "2026-11-17T16:00:00.000Z");
});

test("days and hours are laid in columns of the phone's own zone, and what is unknown is null", () => {
  const [source] = week("Android", NOW, HOURS, DAYS)!.sources;
  assert.deepEqual([source.name, source.offset], ["Android", 480]);
  assert.deepEqual(source.days, { "2026-11-23": 1_500, "2026-11-24": 700 });
  assert.deepEqual([source.hours["2026-11-23"]![8], source.hours["2026-11-23"]![23], source.hours["2026-11-23"]![9]], [900, 600, null]);
  assert.deepEqual(source.hours["2026-11-24"]!.slice(9, 12), [650, 50, null]);
  assert.equal(source.hours["2026-11-24"]!.length, 24);
});

test("parts of steps are rounded, and an hour that has not begun is unknown", () => {
  const [source] = week("Android", NOW, [at("2026-11-24T10:00", 49.6), at("2026-11-24T11:00", 0)], DAYS)!.sources;
  assert.deepEqual(source.hours["2026-11-24"]!.slice(10, 12), [50, null]);
});

test("a store that says zero throughout may be closed to us, so nothing is said", () => {
  assert.equal(week("Android", NOW, [], [at("2026-11-23T00:00", 0)]), null);
});

test("the week is sent with the key", async () => {
  const { parts, pushed } = phone();
  assert.equal(await send(KEPT, parts), "sent");
  assert.equal(pushed.length, 1);
});

test("nothing is sent for whoever else is signed in, or after the key was taken away", async () => {
  const { parts, pushed } = phone({ mine: async () => ["other"] });
  assert.equal(await send(KEPT, parts), "not_ours");
  assert.deepEqual(pushed, []);
  assert.equal(await send(KEPT, phone({ push: async () => 401 }).parts), "not_ours");
});

test("nothing is read or sent without leave", async () => {
  const { parts, pushed } = phone({}, false);
  assert.equal(await send(KEPT, parts), "not_allowed");
  assert.deepEqual(pushed, []);
});

test("nobody signed in, no network and an ill server all mean later", async () => {
  const lost = async (): Promise<never> => {
    throw new TypeError("Failed to fetch");
  };
  assert.equal(await send(KEPT, phone({ mine: lost }).parts), "later");
  assert.equal(await send(KEPT, phone({ push: lost }).parts), "later");
  assert.equal(await send(KEPT, phone({ push: async () => 503 }).parts), "later");
});

test("a week without steps is told as such, and not sent", async () => {
  const { parts, pushed } = phone({}, true, []);
  assert.equal(await send(KEPT, parts), "nothing");
  assert.deepEqual(pushed, []);
});
