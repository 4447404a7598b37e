/** The shells: which tabs each role has and where it lands, and which rooms Me lists for whom. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readAddress } from "../src/state/address.ts";
import { roomsOf } from "../src/state/rooms.ts";
import { actingTabs, hrefOf, litTab, tabsOf } from "../src/state/shell.ts";

const NAME = { en: "Singing kite" };
const tabs = (roles: string[], plays = false, waits = false) =>
  tabsOf({ roles, name: plays ? NAME : null, waiting_for_consent: waits }).join(" ");
const rooms = (roles: string[], child = false, plays = true) =>
  roomsOf({ roles, child, name: plays ? NAME : null }).flatMap(({ rooms }) => rooms.map(({ href }) => href.slice(2)));

test("whoever plays comes to today", () => {
  for (const role of ["adult", "child", "pupil", "parent", "member"]) assert.equal(tabs([role], true), "today parks board me");
});

test("a child who waits for consent keeps the tabs of a player", () => {
  assert.equal(tabs(["child"], false, true), "today parks board me");
});

test("a teacher comes to the classes, and has today only if they play", () => {
  assert.equal(tabs(["teacher"]), "classes board me");
  assert.equal(tabs(["teacher", "parent"], true), "classes board today parks me");
});

test("department staff come to the boards, and nothing is offered that is not there yet", () => {
  assert.equal(tabs(["staff"]), "boards me");
});

test("counter, booth and clinic come to what they work with", () => {
  assert.equal(tabs(["counter"]), "counter me");
  assert.equal(tabs(["clinician"]), "organisations me");
  assert.equal(tabs(["booth"]), "organisations me");
  assert.equal(tabs(["admin"]), "organisations me");
});

test("who has every role still has no more than five tabs, one of boards, and Me last", () => {
  const every = tabs(["parent", "teacher", "staff", "clinician", "booth", "counter", "admin"], true);
  assert.equal(every, "counter classes board today me");
});

test("who neither plays nor works looks on", () => {
  assert.equal(tabs(["adult"]), "today parks board me");
});

test("every tab's address leads to it", () => {
  for (const roles of [["teacher"], ["staff"], ["counter"], ["booth"], ["adult"]]) {
    const own = tabsOf({ roles, name: null, waiting_for_consent: false });
    for (const tab of own) {
      const address = readAddress(hrefOf(tab));
      assert.equal(litTab(own, address.tab, address.room), tab);
    }
  }
});

test("a room that is no tab of the reader lights Me", () => {
  assert.equal(litTab(["today", "board", "me"], "me", "classes"), "me");
  assert.equal(litTab(["classes", "board", "me"], "today", null), undefined);
});

test("only an address that says nothing is home", () => {
  assert.deepEqual(["", "#", "#/"].map((hash) => readAddress(hash).home), [true, true, true]);
  assert.deepEqual(["#/today", "#/privacy", "#/sign-up"].map((hash) => readAddress(hash).home), [false, false, false]);
});

test("a child under 16 sees neither identity nor organisations; a pupil of 16 does", () => {
  const young = rooms(["pupil"], true);
  assert.ok(!young.includes("identity") && !young.includes("organisations"));
  const grown = rooms(["pupil"]);
  assert.ok(grown.includes("identity") && grown.includes("organisations"));
});

test("who does not play is not led to what belongs to playing", () => {
  const desk = rooms(["counter"], false, false);
  assert.deepEqual(desk, ["counter", "organisations", "account", "security", "notices", "data", "privacy"]);
});

test("work comes first for who works and last for others", () => {
  assert.equal(rooms(["teacher"])[0], "classes");
  assert.equal(rooms(["parent"])[0], "family");
});

test("large type has three tabs at most, the first of them and Today among them", () => {
  const few = (roles: string[], plays = true): string => tabsOf({ roles, name: plays ? NAME : null, waiting_for_consent: false }, true).join(" ");
  assert.equal(few(["adult"]), "today parks me");
  assert.equal(few(["teacher", "parent"]), "classes today me");
  assert.equal(few(["teacher"], false), "classes board me");
  assert.equal(few(["parent", "teacher", "staff", "clinician", "booth", "counter", "admin"]), "counter today me");
  assert.equal(actingTabs(true).join(" "), "today parks me");
  assert.equal(actingTabs(false).join(" "), "today parks board me");
});
