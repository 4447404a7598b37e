/** Parks are found by any of their names, and told in an order that helps. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { boundsOf, cornersOf, EVERYTHING, found, ordered, ringAround } from "../src/screens/parks/found.ts";
import { readAddress } from "../src/state/address.ts";

const names = (hant: string, en: string) => ({ "zh-Hant": hant, "zh-Hans": hant, en });
const park = (id: string, name: ReturnType<typeof names>, more: object = {}) => ({
  id, name, district: "CW", lat: 22.28, lon: 114.16, open_now: true, drops: 0, ...more,
});
const PARKS = [
  park("hong-kong-park", names("香港公園", "Hong Kong Park"), { drops: 4 }),
  park("kowloon-park", names("九龍公園", "Kowloon Park"), { district: "YTM", lat: 22.3, lon: 114.17 }),
  park("hollywood-road-park", names("荷李活道公園", "Hollywood Road Park"), { open_now: false, lat: 22.285, lon: 114.148 }),
];
const DISTRICTS = new Map([["CW", names("中西區", "Central and Western")], ["YTM", names("油尖旺區", "Yau Tsim Mong")]]);
const ids = (parks: { id: string }[]): string[] => parks.map(({ id }) => id);

test("every word is looked for in all names and in the district's, whatever the case", () => {
  assert.deepEqual(ids(found(PARKS, { ...EVERYTHING, text: "九龍" }, DISTRICTS)), ["kowloon-park"]);
  assert.deepEqual(ids(found(PARKS, { ...EVERYTHING, text: "PARK kong" }, DISTRICTS)), ["hong-kong-park"]);
  assert.deepEqual(ids(found(PARKS, { ...EVERYTHING, text: "油尖旺" }, DISTRICTS)), ["kowloon-park"]);
  assert.deepEqual(found(PARKS, { ...EVERYTHING, text: "nowhere" }, DISTRICTS), []);
});

test("district, open now and drops each narrow what is found", () => {
  assert.deepEqual(ids(found(PARKS, { ...EVERYTHING, district: "CW", open: true }, DISTRICTS)), ["hong-kong-park"]);
  assert.deepEqual(ids(found(PARKS, { ...EVERYTHING, drops: true }, DISTRICTS)), ["hong-kong-park"]);
});

test("the nearest comes first from a spot, and today's parks without one", () => {
  assert.equal(ordered(PARKS, { lat: 22.301, lon: 114.17 }, [])[0]?.id, "kowloon-park");
  assert.deepEqual(ids(ordered(PARKS, null, ["hollywood-road-park", "kowloon-park"])), [
    "hollywood-road-park", "kowloon-park", "hong-kong-park",
  ]);
});

test("a ring of metres closes, and bounds hold every spot", () => {
  const ring = ringAround({ lat: 22.28, lon: 114.16 }, 100);
  assert.deepEqual(ring[0]?.map((value) => value.toFixed(9)), ring.at(-1)?.map((value) => value.toFixed(9)));
  assert.ok(Math.abs((ring[0]?.[1] ?? 0) - 22.28 - 100 / 111_195) < 1e-9);
  assert.deepEqual(boundsOf(PARKS), [114.148, 22.28, 114.17, 22.3]);
  assert.equal(boundsOf([]), null);
});

test("the address of the map, and of a park in it", () => {
  const read = (hash: string) => [readAddress(hash).tab, readAddress(hash).inner];
  assert.deepEqual(read("#/parks"), ["parks", ""]);
  assert.deepEqual(read("#/parks/hong-kong-park"), ["parks", "hong-kong-park"]);
});

test("the corners of an outline, of one part or several", () => {
  const ring = [[114.1, 22.2], [114.2, 22.2], [114.1, 22.3]];
  assert.deepEqual(cornersOf([ring])[1], { lat: 22.2, lon: 114.2 });
  assert.equal(cornersOf([[ring], [ring]]).length, 6);
});
