/** The fence of a park as a drawing: rings in metres around its middle, and the window that shows them. */
import { offset, type Spot } from "./directions.ts";

export type Point = { x: number; y: number };
export type Box = { left: number; top: number; right: number; bottom: number };
type Position = readonly number[];
export type Fence = { type: string; coordinates: unknown };

/** East and south of `middle` in metres; south is down, as on a screen. */
export function plane(middle: Spot, spot: Spot): Point {
  const { east, north } = offset(middle, spot);
  return { x: east, y: -north };
}

/** Every ring of a Polygon or MultiPolygon, outer and inner alike, in metres around `middle`. */
export function rings(fence: Fence, middle: Spot): Point[][] {
  const polygons = (fence.type === "MultiPolygon" ? fence.coordinates : [fence.coordinates]) as Position[][][];
  return polygons.flat().map((ring) => ring.map(([lon = 0, lat = 0]) => plane(middle, { lat, lon })));
}

/** The rings as the `d` of one path, to be filled by the even-odd rule. */
export function pathOf(outline: Point[][]): string {
  return outline.map((ring) => `M${ring.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}Z`).join("");
}

/** The least box around all points; a lone middle gives an empty box. */
export function boxOf(points: Point[]): Box {
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const { x, y } of points) {
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x);
    box.top = Math.min(box.top, y);
    box.bottom = Math.max(box.bottom, y);
  }
  return points.length ? box : { left: 0, top: 0, right: 0, bottom: 0 };
}

/** Whether a point lies inside by the even-odd rule. */
export function inside(outline: Point[][], { x, y }: Point): boolean {
  let odd = false;
  for (const ring of outline) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      const a = ring[i] as Point;
      const b = ring[j] as Point;
      if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) odd = !odd;
    }
  }
  return odd;
}

/** What part of the plane is shown: the metres at the middle of the screen, and pixels per metre. */
export type View = { centre: Point; scale: number };
export type Frame = { width: number; height: number; top: number; bottom: number; side: number };

const LEAST_ACROSS_M = 180;

/** The view that shows all of `box` between the frame's margins, never closer than a small garden needs. */
export function fit(box: Box, frame: Frame): View {
  const across = Math.max(1, frame.width - 2 * frame.side);
  const down = Math.max(1, frame.height - frame.top - frame.bottom);
  const scale = Math.min(
    across / Math.max(box.right - box.left, LEAST_ACROSS_M),
    down / Math.max(box.bottom - box.top, LEAST_ACROSS_M),
  );
  const shift = (frame.bottom - frame.top) / 2 / scale;
  return { centre: { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 + shift }, scale };
}

const MOST_SCALE = 1.25;

/** The view with `spot` in the middle of the free part of the frame and about `across` metres from side to side. */
export function around(spot: Point, across: number, frame: Frame): View {
  const scale = Math.min(Math.max(1, frame.width - 2 * frame.side) / across, MOST_SCALE);
  return { centre: { x: spot.x, y: spot.y + (frame.bottom - frame.top) / 2 / scale }, scale };
}

/** Pixels from the frame's upper left corner. */
export function onScreen(point: Point, view: View, frame: Frame): Point {
  return {
    x: frame.width / 2 + (point.x - view.centre.x) * view.scale,
    y: frame.height / 2 + (point.y - view.centre.y) * view.scale,
  };
}

/** A round number of metres whose bar is at most `pixels` long. */
export function scaleBar(view: View, pixels: number): number {
  const steps = [10, 20, 50, 100, 200, 500, 1000, 2000];
  return steps.filter((metres) => metres * view.scale <= pixels).at(-1) ?? 10;
}
