/** The pure parts of steps: days and months, the hours' picture, the calendar's warmth, addresses, roots. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { root } from "../src/parts/roots.ts";
import { bounds, level, missing, sumUp } from "../src/screens/steps/heat.ts";
import { busiest, clockOf, countedBy, dressOf, linesUpTo, type Hour } from "../src/screens/steps/hours.ts";
import { readAddress, stepsHref, type StepsPlace } from "../src/state/address.ts";
import { dayAfter, monthAfter, weekday, weeksOf } from "../src/words/days.ts";
import { compact } from "../src/words/figures.ts";

const PHONE = 3;
const WATCH = 8;

/** A day of 24 hours of the phone with none, but for those that are named. */
function hoursOf(walked: Record<number, [source: number, steps: number]>): Hour[] {
  return Array.from({ length: 24 }, (_, hour) => {
    const [source, steps] = walked[hour] ?? [PHONE, 0];
    return { source, steps };
  });
}

const PLAIN = { home: false, tab: "today", steps: null, room: null, inner: "", part: "", gate: null, code: "" } as const;

test("the busiest hour names its steps and its source; of equals the first", () => {
  const hours = hoursOf({ 8: [PHONE, 700], 17: [WATCH, 1630], 18: [PHONE, 1630] });
  assert.deepEqual(busiest(hours), { hour: 17, steps: 1630, source: WATCH });
});

test("a day without a step has no busiest hour", () => {
  assert.equal(busiest(hoursOf({})), null);
});

test("the last hour ends at 24:00", () => {
  assert.equal(`${clockOf(23)}–${clockOf(24)}`, "23:00–24:00");
  assert.equal(clockOf(7), "07:00");
});

test("lines across are round, begin at zero and are five at most", () => {
  assert.deepEqual(linesUpTo(1630), [0, 500, 1000, 1500]);
  assert.deepEqual(linesUpTo(1), [0, 1]);
  assert.deepEqual(linesUpTo(0), [0, 1]);
  for (let most = 1; most < 40_000; most += 37) {
    const lines = linesUpTo(most);
    assert.ok(lines.length >= 2 && lines.length <= 5, `${most}: ${lines.join(" ")}`);
    assert.equal(lines[0], 0);
    assert.ok(lines.every(Number.isInteger));
  }
});

test("what each source brought adds up to the day, by hours and by a whole day", () => {
  const counted = countedBy(hoursOf({ 8: [PHONE, 700], 9: [WATCH, 300], 10: [PHONE, 5] }), null, 1005);
  assert.deepEqual([...counted], [[PHONE, 705], [WATCH, 300]]);
  assert.deepEqual([...countedBy(null, WATCH, 8412)], [[WATCH, 8412]]);
});

test("a source wears the same dress on every day, whoever else was there", () => {
  const all = [{ id: WATCH }, { id: PHONE }, { id: 20 }];
  assert.deepEqual([dressOf(PHONE, all), dressOf(WATCH, all), dressOf(20, all)], [0, 1, 2]);
  const seven = Array.from({ length: 7 }, (_, id) => ({ id }));
  assert.equal(dressOf(6, seven), 0);
});

test("warmth begins anew at half, three quarters and the whole of the goal", () => {
  assert.deepEqual(bounds(10_000), [5_000, 7_500, 10_000]);
  assert.deepEqual([0, 4_999, 5_000, 7_499, 7_500, 9_999, 10_000, 30_000].map((steps) => level(steps, 10_000)), [1, 1, 2, 2, 3, 3, 4, 4]);
});

test("the average is over known days: a missing day is not a day of zero", () => {
  assert.deepEqual(sumUp([{ steps: 10_000 }, { steps: 5_001 }], 10_000), { known: 2, reached: 1, average: 7_501 });
  assert.deepEqual(sumUp([], 10_000), { known: 0, reached: 0, average: null });
});

test("only days between the first known one and today can be missing", () => {
  const cells = weeksOf("2026-11").flat();
  const known = new Set(["2026-11-03", "2026-11-05"]);
  assert.deepEqual(missing(cells, known, "2026-11-03", "2026-11-06"), ["2026-11-04", "2026-11-06"]);
});

test("days and months follow each other over their ends", () => {
  assert.equal(dayAfter("2026-11-30"), "2026-12-01");
  assert.equal(dayAfter("2028-03-01", -1), "2028-02-29");
  assert.equal(monthAfter("2026-12"), "2027-01");
  assert.equal(monthAfter("2026-01", -1), "2025-12");
});

test("weeks begin on Monday, and hold every day of the month once", () => {
  assert.equal(weekday("2026-11-01"), 6);
  for (let month = "2024-01"; month < "2028-01"; month = monthAfter(month)) {
    const weeks = weeksOf(month);
    const days = weeks.flat().filter((on) => on !== null);
    assert.ok(weeks.every((week) => week.length === 7 && week.some(Boolean)));
    assert.equal(new Set(days).size, days.length);
    assert.equal(days[0], `${month}-01`);
    assert.equal(dayAfter(days.at(-1) ?? ""), `${monthAfter(month)}-01`);
    weeks.forEach((week) => week.forEach((on, day) => assert.ok(on === null || weekday(on) === day)));
  }
});

test("numbers are written short as each language does, and never rounded up to a goal that was missed", () => {
  assert.deepEqual((["zh-Hant", "zh-Hans", "en"] as const).map((language) => compact(8_541, language)), ["8.5K", "8541", "8.5k"]);
  assert.deepEqual((["zh-Hant", "zh-Hans", "en"] as const).map((language) => compact(9_999, language)), ["9.9K", "9999", "9.9k"]);
  for (const language of ["zh-Hant", "zh-Hans", "en"] as const) {
    for (const steps of [0, 7, 541, 9_999, 10_712, 28_450, 99_999]) assert.ok(compact(steps, language).length <= 5);
  }
});

test("an address is read as it is written", () => {
  const places: StepsPlace[] = [
    { view: "day", on: null },
    { view: "day", on: "2026-11-21" },
    { view: "month", month: "2026-11" },
    { view: "add" },
  ];
  for (const place of places) assert.deepEqual(readAddress(stepsHref(place)), { ...PLAIN, steps: place });
});

test("an address that names no real day is the present one", () => {
  assert.deepEqual(readAddress("#/today"), PLAIN);
  assert.deepEqual(readAddress("#/board"), { ...PLAIN, tab: "board" });
  for (const inner of ["2026-02-30", "2026-13", "26-1-1", "x"]) {
    assert.deepEqual(readAddress(`#/steps/${inner}`).steps, { view: "day", on: null });
  }
});

test("a root grows with its day and is a trunk from the goal on", () => {
  const tips = [0, 0.2, 0.5, 0.99].map((share) => root(0, share));
  tips.reduce((shorter, longer) => (assert.ok(longer.tip > shorter.tip), longer));
  assert.ok(tips.every(({ landed }) => !landed));
  assert.ok(root(0, 1).landed && root(0, 2.5).landed);
  assert.ok([root(3, 0.5), root(3, 1)].every(({ body, shade }) => !/NaN|undefined/.test(body + shade)));
});
