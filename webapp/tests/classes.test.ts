/** Classes: what is typed and scanned is read as it was meant, and a code does not stay where it could be seen. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fits } from "../src/screens/classes/name.ts";
import { cardCode } from "../src/screens/family/code.ts";
import { readAddress } from "../src/state/address.ts";

test("a card is known by its whole link as well as by its code", () => {
  const code = "Vq0-s_8fJ3xN2uYh";
  for (const text of [code, ` ${code}\n`, `https://eplus.example/#/card/${code}`, `My card: http://127.0.0.1:8000/#/card/${code} !`]) {
    assert.equal(cardCode(text), code);
  }
  assert.equal(cardCode("  "), "");
});

test("a class is named in letters, digits and a few signs, in ten characters", () => {
  for (const name of ["4A", "4A (2)", "四甲班", "P.4-A", "1234567890"]) assert.ok(fits(name), name);
  for (const name of ["", "-4A", "4A ", "12345678901", "4/A", "<b>"]) assert.ok(!fits(name), name);
});

test("the way to join a class is one of the ways in, with or without its code", () => {
  assert.deepEqual(readAddress("#/join/ACDE-3467").gate, { view: "join", secret: "ACDE-3467" });
  assert.deepEqual(readAddress("#/join").gate, { view: "join", secret: "" });
});

test("a teacher's classes are a room of Me, and so is each class", () => {
  const { tab, room, inner } = readAddress("#/classes/0a1b");
  assert.deepEqual([tab, room, inner], ["me", "classes", "0a1b"]);
  assert.equal(readAddress("#/classes").inner, "");
});
