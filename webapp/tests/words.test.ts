/** The three catalogues say the same things, and the page says nothing that is not in them. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const SOURCE = new URL("../src/", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, SOURCE), "utf8");
const book = (path: string): Record<string, string> => JSON.parse(read(path)) as Record<string, string>;
const folders = readdirSync(new URL("words/", SOURCE), { withFileTypes: true }).filter((each) => each.isDirectory());
const BOOKS = ["", ...folders.map(({ name }) => `${name}/`)];
/** All words of a language: those of the first screens, and the other books. */
const catalogue = (name: string): Record<string, string> =>
  Object.assign({}, ...BOOKS.map((folder) => book(`words/${folder}${name}.json`))) as Record<string, string>;
const CATALOGUES = { "zh-Hant": catalogue("zh-Hant"), "zh-Hans": catalogue("zh-Hans"), en: catalogue("en") };
const HANT = CATALOGUES["zh-Hant"];

const sources = readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
  .filter((path) => /\.(svelte|ts)$/.test(path) && !path.endsWith(".d.ts"))
  .map((path) => read(path));
const placeholders = (text = ""): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "").sort();

test("every key is in all three catalogues, in the same order", () => {
  assert.deepEqual(Object.keys(CATALOGUES["zh-Hans"]), Object.keys(HANT));
  assert.deepEqual(Object.keys(CATALOGUES.en), Object.keys(HANT));
});

test("no key is in two books", () => {
  const keys = BOOKS.flatMap((folder) => Object.keys(book(`words/${folder}en.json`)));
  assert.deepEqual(keys.filter((key, i) => keys.indexOf(key) !== i), []);
});

test("every sentence takes the same values in all three", () => {
  for (const [key, text] of Object.entries(HANT)) {
    assert.deepEqual(placeholders(CATALOGUES["zh-Hans"][key]), placeholders(text), key);
    assert.deepEqual(placeholders(CATALOGUES.en[key]), placeholders(text), key);
  }
});

test("nothing is left empty but the word after a place, which English does not need", () => {
  for (const [language, words] of Object.entries(CATALOGUES)) {
    const empty = Object.keys(words).filter((key) => !words[key]?.trim());
    assert.deepEqual(empty, language === "en" ? ["board.place_after"] : []);
  }
});

test("every key is used somewhere, whole or as the end of a pattern", () => {
  const code = sources.join("\n");
  const patterns = [...code.matchAll(/`((?:\w+\.)?\w*)\$\{[^`]*?\}(\w*)`/g)].map(([, head, tail]) => [head ?? "", tail ?? ""]);
  const unused = Object.keys(HANT).filter((key) => {
    const stem = key.replace(/\.(one|other)$/, "");
    if (code.includes(`"${key}"`) || code.includes(`"${stem}"`)) return false;
    return !patterns.some(([head, tail]) => head?.includes(".") && stem.startsWith(head) && stem.endsWith(tail ?? ""));
  });
  assert.deepEqual(unused, []);
});

test("no text for people stands in the parts and screens themselves", () => {
  for (const code of sources) {
    const template = code.split("</script>").at(-1)?.split("<style>")[0] ?? "";
    if (!code.includes("</script>")) continue;
    assert.ok(!/\p{Script=Han}/u.test(template), template.match(/.*\p{Script=Han}.*/u)?.[0]);
  }
});
