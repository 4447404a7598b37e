/** Companions: a scanned link is read as it was meant, and its code does not stay where it could be seen. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { scannedCode, typedCode } from "../src/screens/companions/code.ts";
import { readAddress } from "../src/state/address.ts";
import { minutes } from "../src/words/minutes.ts";

test("the camera takes links to meet, and nothing else", () => {
  assert.equal(scannedCode("https://eplus.example/#/meet/ACDE-3467"), "ACDE-3467");
  for (const text of ["https://eplus.example/#/card/ACDE-3467", "ACDE-3467", "WIFI:S:home;;", "", "https://eplus.example/#/meet/"]) {
    assert.equal(scannedCode(text), "", text);
  }
});

test("a code may be typed as it is read aloud, or its link pasted", () => {
  assert.equal(typedCode("  acde 3467 "), "acde 3467");
  assert.equal(typedCode("https://eplus.example/#/meet/ACDE-3467\n"), "ACDE-3467");
  assert.equal(typedCode("  "), "");
});

test("a link to meet opens one's companions, with its code beside the address", () => {
  const { tab, room, inner, code, gate } = readAddress("#/meet/ACDE-3467");
  assert.deepEqual([tab, room, inner, code, gate], ["me", "companions", "", "ACDE-3467", null]);
  assert.equal(readAddress("#/companions").code, "");
  assert.equal(readAddress("#/companions/0a1b").inner, "0a1b");
});

test("what is left is said in minutes and seconds", () => {
  assert.deepEqual([600, 599.2, 65, 9.01, 0, -3].map(minutes), ["10:00", "10:00", "1:05", "0:10", "0:00", "0:00"]);
});
