/** Directions and the drawn outline: what a walker is told, and where things are drawn. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { distance, inReach, octant, spoken } from "../src/place/directions.ts";
import { around, boxOf, fit, inside, onScreen, pathOf, plane, rings, scaleBar } from "../src/place/outline.ts";
import { trees } from "../src/place/trees.ts";

const PARK = { lat: 22.2772, lon: 114.1618 };
const north = (metres: number) => ({ lat: PARK.lat + metres / 111_195, lon: PARK.lon });
const east = (metres: number) => ({
  lat: PARK.lat,
  lon: PARK.lon + metres / (111_195 * Math.cos((PARK.lat * Math.PI) / 180)),
});
const square = (half: number) => {
  const corners = [east(-half).lon, north(-half).lat, east(half).lon, north(half).lat] as const;
  const [w, s, e, n] = corners;
  return { type: "Polygon", coordinates: [[[w, s], [e, s], [e, n], [w, n], [w, s]]] };
};
const FRAME = { width: 390, height: 284, top: 82, bottom: 48, side: 30 };

test("a spot 60 m east is 60 m away, to the east", () => {
  assert.ok(Math.abs(distance(PARK, east(60)) - 60) < 0.01);
  assert.equal(octant(PARK, east(60)), "e");
});

test("the eight winds go round clockwise from north", () => {
  const winds = [0, 45, 90, 135, 180, 225, 270, 315].map((degrees) => {
    const turn = (degrees * Math.PI) / 180;
    return octant(PARK, { lat: north(Math.cos(turn) * 100).lat, lon: east(Math.sin(turn) * 100).lon });
  });
  assert.deepEqual(winds, ["n", "ne", "e", "se", "s", "sw", "w", "nw"]);
});

test("distances are told to the metre when close and in tens when far", () => {
  assert.equal(spoken(59.6), 60);
  assert.equal(spoken(164), 160);
});

test("the reach grows with the phone's doubt, but not beyond what may be used at all", () => {
  assert.equal(inReach(80, 80, 8), true);
  assert.equal(inReach(81, 80, 8), false);
  assert.equal(inReach(95, 80, 96), true);
  assert.equal(inReach(150, 80, 400), false);
  assert.equal(inReach(79, 80, null), true);
});

test("a square fence is drawn as one closed ring with its middle inside", () => {
  const outline = rings(square(100), PARK);
  assert.equal(pathOf(outline).match(/M/g)?.length, 1);
  assert.ok(pathOf(outline).endsWith("Z"));
  assert.equal(inside(outline, { x: 0, y: 0 }), true);
  assert.equal(inside(outline, { x: 130, y: 0 }), false);
});

test("a hole in a fence is outside, and a second part is inside", () => {
  const [outer] = square(100).coordinates;
  const [hole] = square(20).coordinates;
  const many = rings({ type: "MultiPolygon", coordinates: [[outer, hole]] }, PARK);
  assert.equal(inside(many, { x: 0, y: 0 }), false);
  assert.equal(inside(many, { x: 60, y: 0 }), true);
});

test("the whole park fits between the margins", () => {
  const box = boxOf(rings(square(300), PARK).flat());
  const view = fit(box, FRAME);
  const upper = onScreen({ x: box.left, y: box.top }, view, FRAME);
  const lower = onScreen({ x: box.right, y: box.bottom }, view, FRAME);
  assert.ok(upper.x >= FRAME.side - 0.1 && upper.y >= FRAME.top - 0.1);
  assert.ok(lower.x <= FRAME.width - FRAME.side + 0.1 && lower.y <= FRAME.height - FRAME.bottom + 0.1);
});

test("near me puts me in the middle of the free part, north up", () => {
  const me = plane(PARK, north(40));
  const view = around(me, 360, FRAME);
  const shown = onScreen(me, view, FRAME);
  assert.ok(Math.abs(shown.x - FRAME.width / 2) < 0.1);
  assert.ok(Math.abs(shown.y - (FRAME.top + (FRAME.height - FRAME.top - FRAME.bottom) / 2)) < 0.1);
  assert.ok(onScreen(plane(PARK, north(90)), view, FRAME).y < shown.y);
});

test("the scale bar is a round number that fits", () => {
  const view = { centre: { x: 0, y: 0 }, scale: 0.9 };
  assert.equal(scaleBar(view, 90), 100);
  assert.equal(scaleBar({ ...view, scale: 0.1 }, 90), 500);
});

test("trees are the same every time, inside the fence, and clear of the finds", () => {
  const outline = rings(square(150), PARK);
  const find = { x: 20, y: -30 };
  const grown = trees(outline, [find], "a-park");
  assert.deepEqual(grown, trees(outline, [find], "a-park"));
  assert.ok(grown.length > 20);
  for (const tree of grown) {
    assert.ok(inside(outline, tree));
    assert.ok(Math.hypot(tree.x - find.x, tree.y - find.y) > 14);
  }
});
