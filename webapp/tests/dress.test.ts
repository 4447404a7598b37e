/** Rules of the page's dress that no compiler checks. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { draw } from "../src/parts/digits.ts";

const SOURCE = new URL("../src/", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, SOURCE), "utf8");

test("no style attribute stands in a template: a strict content policy would drop it", () => {
  const templates = readdirSync(SOURCE, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".svelte"));
  for (const path of [...templates, "../index.html"]) assert.ok(!/\sstyle=/.test(read(path)), path);
});

test("every digit has a stroke of its own", () => {
  const strokes = [..."0123456789"].map((digit) => draw(digit).strokes[0]?.stroke);
  assert.equal(new Set(strokes).size, 10);
  assert.ok(strokes.every(Boolean));
});

test("a longer number is a wider one", () => {
  assert.ok(draw("1,240").width > draw("240").width);
});

test("each species has a picture of less than 6 kB", () => {
  const pictures = readdirSync(new URL("species/", SOURCE)).filter((name) => name.endsWith(".svg"));
  assert.equal(pictures.length, 17);
  for (const name of pictures) assert.ok(read(`species/${name}`).length < 6_000, name);
});
