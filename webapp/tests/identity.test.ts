import assert from "node:assert/strict";
import { test } from "node:test";
import { judge, plainNumber, scannedCode, typedCode } from "../src/screens/identity/number.ts";

test("a card's number is judged once all of it is there", () => {
  for (const typed of ["A123456(3)", "g123456(a)", "AB987654(3)", "Ａ１２３４５６（３）"]) assert.equal(judge(typed), "right", typed);
  for (const typed of ["A123456(4)", "A123465(3)", "G123456(0)", "AB987654(A)"]) assert.equal(judge(typed), "wrong", typed);
  for (const typed of ["", "A", "A123456", "ABC123456(3)", "A12345678", "A123456(B)"]) assert.equal(judge(typed), "open", typed);
  assert.equal(plainNumber(" a123456 (3) "), "A1234563");
});

test("a weight of one: A stands for ten", () => {
  const rights = [..."0123456789A"].filter((check) => judge(`Z123456${check}`) === "right");
  assert.equal(rights.length, 1);
});

test("a counter's code comes typed, pasted or scanned", () => {
  assert.equal(scannedCode("https://e.example/#/counter/ACDE-3467"), "ACDE-3467");
  assert.equal(scannedCode("https://e.example/#/meet/ACDE-3467"), "");
  assert.equal(typedCode(" acde 3467 "), "acde 3467");
  assert.equal(typedCode("https://e.example/#/counter/ACDE-3467"), "ACDE-3467");
});
