/** Nothing is kept that nobody uses: every file is fetched by another, every export is named somewhere else. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { test } from "node:test";

const SOURCE = new URL("../src/", import.meta.url);
const files = readdirSync(SOURCE, { recursive: true, encoding: "utf8" }).filter((path) => /\.(svelte|ts)$/.test(path) && !path.endsWith(".d.ts"));
const texts = new Map(files.map((path) => [path, readFileSync(new URL(path, SOURCE), "utf8")]));
const others = (path: string): string => [...texts].filter(([each]) => each !== path).map(([, text]) => text).join("\n");

test("every file is used by another; the page begins with main.ts", () => {
  const unused = files.filter((path) => path !== "main.ts" && !others(path).includes(`/${basename(path).replace(/\.ts$/, "")}"`));
  assert.deepEqual(unused, []);
});

test("what is exported is used, here or elsewhere", () => {
  const unused = [...texts].flatMap(([path, text]) =>
    [...text.matchAll(/^export (?:async )?(?:const|function|class|type|interface) (\w+)/gm)]
      .map(([, name]) => name ?? "")
      .filter((name) => !new RegExp(`\\b${name}\\b`).test(others(path)) && text.match(new RegExp(`\\b${name}\\b`, "g"))?.length === 1)
      .map((name) => `${path}: ${name}`),
  );
  assert.deepEqual(unused, []);
});
