/** Ways on: what names no screen says so, and a refusal leads to where it is put right. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readAddress } from "../src/state/address.ts";
import { rolesAt } from "../src/state/shell.ts";
import { wayFrom } from "../src/state/ways.ts";

test("an address that names no screen is missing, and never passes for home", () => {
  for (const hash of ["#/nonsense", "#/link/sign-up", "#/link/else/secret", "#/card/", "#/Today", "#/classes2"]) {
    const { home, room, gate } = readAddress(hash);
    assert.deepEqual([home, room, gate], [false, "missing", null], hash);
  }
  assert.equal(readAddress("#/").room, null);
});

test("a refusal that wants a second factor leads to it, but not from there to there", () => {
  for (const code of ["factor.prove_first", "identity.not_strong", "organisation.not_strong"]) {
    assert.equal(wayFrom(code, "#/data")?.href, "#/security");
    assert.equal(wayFrom(code, "#/security"), null);
  }
  assert.equal(wayFrom("access.not_for_you", "#/identity")?.href, "#/");
  assert.equal(wayFrom("session.wrong", "#/data"), null);
});

test("a desk says as what somebody is at it", () => {
  const all = ["parent", "teacher", "admin", "clinician", "counter"];
  assert.deepEqual(rolesAt(all, "classes"), ["teacher"]);
  assert.deepEqual(rolesAt(all, "organisations"), ["clinician", "admin"]);
  assert.deepEqual(rolesAt(["teacher"], "family"), []);
});
