/** Phones: names that are free, keys that came by a link, and the ways to set one up. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { bearer, freeName, GUIDES, isKey, KINDS } from "../src/screens/phones/kinds.ts";
import { readAddress, stepsHref } from "../src/state/address.ts";

const KEY = `eplus_${"aB3_-".repeat(9).slice(0, 43)}`;

test("a second phone of a name gets the first free number", () => {
  assert.equal(freeName("iPhone", []), "iPhone");
  assert.equal(freeName("iPhone", ["iPhone", "iPhone 3"]), "iPhone 2");
  assert.equal(freeName("iPhone", ["iPhone", "iPhone 2", "iPhone 3"]), "iPhone 4");
});

test("a key is known by its look, and is sent behind its scheme", () => {
  assert.ok(isKey(KEY));
  for (const text of ["", "eplus_", `${KEY}x`, ` ${KEY}`, KEY.replace("eplus", "other"), KEY.replace("a", "é")]) assert.ok(!isKey(text), text);
  assert.equal(bearer(KEY), `Bearer ${KEY}`);
});

test("the link of a key leads to the phones, which have an address of their own", () => {
  const { steps, code, tab } = readAddress(`#/phone-key/${KEY}`);
  assert.deepEqual([steps, code, tab], [{ view: "phones" }, KEY, "today"]);
  assert.deepEqual(readAddress(stepsHref({ view: "phones" })).steps, { view: "phones" });
});

test("each way to send is explained in steps of its own", () => {
  for (const kind of KINDS) {
    assert.ok(GUIDES[kind].length >= 5);
    assert.ok(GUIDES[kind].every((key) => key.startsWith(`phones.${kind}_`)));
  }
});
