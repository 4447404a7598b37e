/** What was typed into a class's table of pedometer readings. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ReadingRow } from "../src/api/classes.ts";
import { changes, said, sum, undoing, unread } from "../src/screens/classes/readings.ts";
import { readAddress } from "../src/state/address.ts";

const row = (person_id: string, steps: number | null, closed: ReadingRow["closed"] = null): ReadingRow => ({
  person_id,
  steps,
  closed,
  name: { "zh-Hant": person_id, "zh-Hans": person_id, en: person_id },
  avatar: "bulbul",
});
const ROWS = [row("mei", 8200), row("wing", null), row("ho", null, "no_consent")];

test("a number is read as people type it, and nothing is not zero", () => {
  for (const text of ["8200", " 8,200 ", "8 200", "８２００"]) assert.equal(said(text), 8200);
  assert.equal(said("0"), 0);
  for (const text of ["", "  "]) assert.equal(said(text), null);
  for (const text of ["8200 steps", "-5", "8.2", "一千", "1234567890"]) assert.equal(said(text), undefined);
});

test("only what differs from what is kept is sent, with the number that was seen", () => {
  assert.deepEqual(changes(ROWS, {}), []);
  assert.deepEqual(changes(ROWS, { mei: "8,200", wing: "" }), []);
  assert.deepEqual(changes(ROWS, { mei: "", wing: "0" }), [
    { person_id: "mei", steps: null, before: 8200 },
    { person_id: "wing", steps: 0, before: null },
  ]);
});

test("what says no number, or cannot be entered, is not sent", () => {
  assert.deepEqual(changes(ROWS, { wing: "many", ho: "5000" }), []);
  assert.deepEqual(unread(ROWS, { mei: "1", wing: "many" }), ["wing"]);
});

test("the sum is of all that is told, typed or kept", () => {
  assert.deepEqual(sum(ROWS, {}), { entered: 1, steps: 8200 });
  assert.deepEqual(sum(ROWS, { wing: "1,800", ho: "9" }), { entered: 2, steps: 10000 });
  assert.deepEqual(sum(ROWS, { mei: "" }), { entered: 0, steps: 0 });
});

test("undoing sends back what stood there, for the rows that were kept", () => {
  const sent = changes(ROWS, { mei: "9000", wing: "5000" });
  assert.deepEqual(undoing(sent, [{ person_id: "wing" }]), [{ person_id: "mei", steps: 8200, before: 9000 }]);
});

test("the readings are a part of a class's address", () => {
  const { room, inner, part } = readAddress("#/classes/0a1b/readings");
  assert.deepEqual([room, inner, part], ["classes", "0a1b", "readings"]);
  assert.equal(readAddress("#/classes/0a1b").part, "");
});
