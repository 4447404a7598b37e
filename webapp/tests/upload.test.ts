/** What can become of a file that is given: no late word revives what is over, and no share goes backwards. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Delivery } from "../src/api/calls.ts";
import { fifth, IDLE, isGoing, next, type Happening, type Upload } from "../src/state/upload.ts";

const ID = "11111111-1111-4111-8111-111111111111";

function delivery(change: Partial<Delivery> = {}): Delivery {
  return {
    id: ID,
    file_until: null,
    received_at: "2026-11-23T03:00:00Z",
    size: 1_000,
    state: "waiting",
    share: 0,
    provider: null,
    days: 0,
    first_on: null,
    last_on: null,
    problems: [],
    more_problems: 0,
    ...change,
  };
}

function after(...happenings: Happening[]): Upload {
  return happenings.reduce(next, IDLE);
}

const chosen: Happening = { what: "chosen", name: "export.zip" };
const answered = (change: Partial<Delivery> = {}, repeated = false): Happening => ({ what: "answered", delivery: delivery(change), repeated });
const told = (state: Delivery["state"], share: number, id = ID): Happening => ({ what: "told", id, state, share });

test("a file is sent, read and counted under its own name", () => {
  const sent = after(chosen, { what: "sent", share: 0.5 });
  assert.deepEqual(sent, { step: "sending", name: "export.zip", share: 0.5, stopping: false });
  const reading = after(chosen, answered(), told("reading", 0.4));
  assert.deepEqual(reading, { step: "reading", name: "export.zip", id: ID, share: 0.4, waiting: false, stopping: false });
  const done = next(reading, answered({ state: "done", days: 10 }));
  assert.ok(done.step === "done" && done.delivery.days === 10 && done.name === "export.zip" && !done.repeated);
});

test("shares never go backwards", () => {
  const sending = after(chosen, { what: "sent", share: 0.5 }, { what: "sent", share: 0.3 });
  assert.ok(sending.step === "sending" && sending.share === 0.5);
  const reading = after(chosen, answered(), told("reading", 0.6), told("reading", 0.2), answered({ state: "reading", share: 0.1 }));
  assert.ok(reading.step === "reading" && reading.share === 0.6);
});

test("the socket's word that it is done waits for the delivery itself", () => {
  const now = after(chosen, answered(), told("done", 1));
  assert.ok(now.step === "reading" && now.share === 1);
});

test("words about another file are passed over", () => {
  const before = after(chosen, answered());
  assert.deepEqual(next(before, told("done", 1, "another")), before);
  assert.deepEqual(next(before, answered({ id: "another", state: "done" })), before);
});

test("a second file waits until the first is over", () => {
  const before = after(chosen);
  assert.deepEqual(next(before, { what: "chosen", name: "other.csv" }), before);
  const again = after(chosen, { what: "cancelled" }, { what: "chosen", name: "other.csv" });
  assert.ok(again.step === "sending" && again.name === "other.csv");
});

test("the same file again is told so, and one that is still being read is followed", () => {
  const again = after(chosen, answered({ state: "done" }, true));
  assert.ok(again.step === "done" && again.repeated);
  assert.equal(after(chosen, answered({ state: "reading" }, true)).step, "reading");
});

test("a file whose cancelling came while it was sent keeps stopping until the server has stopped it", () => {
  const now = after(chosen, { what: "sent", share: 1 }, { what: "stopping" }, answered());
  assert.ok(now.step === "reading" && now.stopping);
  assert.equal(next(now, answered({ state: "cancelled" })).step, "cancelled");
});

test("a file found from an earlier page is followed, unless another is on its way", () => {
  const found: Happening = { what: "found", delivery: delivery({ state: "reading", share: 0.3 }) };
  assert.ok(isGoing(after(found)));
  assert.deepEqual(after(chosen, found), after(chosen));
});

test("nothing late revives what is over", () => {
  const late: Happening[] = [{ what: "sent", share: 1 }, answered(), told("reading", 0.9), { what: "stopping" }, { what: "failed", why: null }];
  const ends: Happening[] = [{ what: "cancelled" }, { what: "failed", why: null }, answered({ state: "refused" }), answered({ state: "done" })];
  for (const end of ends) {
    const over = after(chosen, end);
    assert.ok(!isGoing(over));
    for (const word of late) assert.deepEqual(next(over, word), over);
  }
});

test("progress is said at each fifth once", () => {
  let said = -1;
  const heard: number[] = [];
  for (let share = 0; share <= 1.0001; share += 0.01) {
    const reached = fifth(share, said);
    if (reached === null) continue;
    said = reached;
    heard.push(reached);
  }
  assert.deepEqual(heard, [0, 0.2, 0.4, 0.6, 0.8, 1]);
});
