/** Phone numbers as people write them, and what is dialled. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { digits } from "../src/state/phone.ts";

test("what stands between the digits is not dialled", () => {
  assert.equal(digits("2345 6789"), "23456789");
  assert.equal(digits(" +852 (2345)-67.89 "), "+85223456789");
  assert.equal(digits("２３４５　６７８９"), "23456789");
  assert.equal(digits("999"), "999");
});

test("what is no number is not dialled at all", () => {
  for (const written of ["", "12", "daughter", "2345 6789;ext=1", "1234567890123456", "+", "12+345"]) assert.equal(digits(written), "", written);
});
