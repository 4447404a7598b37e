/** Every pair of colours that carries text or meaning, in every theme, against WCAG 2.2. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { worn, type Theme, type Worn } from "../src/state/theme.ts";

type Tokens = Record<string, string>;
type Rgb = [number, number, number];
const CSS = readFileSync(new URL("../src/tokens.css", import.meta.url), "utf8").replaceAll(/\/\*.*?\*\//gs, "");

/** What one block of the tokens states; blocks hold no other blocks. */
function stated(selector: string): Tokens {
  const [, after] = CSS.split(`\n${selector} {`);
  assert.ok(after, selector);
  return Object.fromEntries([...after.slice(0, after.indexOf("\n}")).matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name, value]));
}

const LIGHT = stated(":root");
const THEMES: Record<Worn, Tokens> = {
  light: LIGHT,
  dark: { ...LIGHT, ...stated(':root[data-theme="dark"]') },
  contrast: { ...LIGHT, ...stated(':root[data-theme="contrast"]') },
  "contrast-dark": { ...LIGHT, ...stated(':root[data-theme="contrast-dark"]') },
};
const STRONG: Worn[] = ["contrast", "contrast-dark"];

/** Text by what it stands on. */
const TEXT: Record<string, string[]> = {
  ground: ["ink", "ink-2", "ink-3", "act", "joy", "care", "alert"],
  card: ["ink", "ink-2", "ink-3", "act", "joy", "care", "alert", "ok", "wait"],
  raised: ["ink", "ink-2", "ink-3", "act", "alert"],
  sunken: ["ink", "ink-2", "ink-3"],
  act: ["on-act"],
  "act-press": ["on-act"],
  "act-tint": ["on-act-tint", "ink"],
  canopy: ["on-canopy", "on-canopy-2", "light"],
  "canopy-2": ["on-canopy", "on-canopy-2"],
  "canopy-3": ["on-canopy"],
  "on-canopy": ["canopy"],
  "on-canopy-raised": ["on-canopy-raised-ink"],
  light: ["on-light"],
  "light-tint": ["light-text"],
  "joy-tint": ["joy"],
  care: ["on-care"],
  "care-tint": ["on-care-tint"],
  acting: ["on-acting"],
  "alert-tint": ["alert", "ink"],
  "ok-tint": ["ok"],
  "wait-tint": ["wait", "ink"],
  soil: ["ink"],
  "heat-1": ["on-heat-1"],
  "heat-2": ["on-heat-2"],
  "heat-3": ["on-heat-3"],
  "heat-4": ["on-heat-4"],
  "map-land": ["map-label"],
  "map-park": ["map-label"],
  "map-road": ["map-label"],
};
/** Edges of controls, and marks that mean something. */
const SHAPES: Record<string, string[]> = {
  ground: ["edge", "focus"],
  card: ["edge", "focus", "act", "data-1", "data-2", "data-3", "data-4", "data-5", "data-6"],
  raised: ["edge", "focus"],
  "act-tint": ["act"],
};

const channels = (colour: string): Rgb => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255) as Rgb;
const linear = (part: number): number => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);

function luminance(colour: string): number {
  assert.match(colour, /^#[0-9A-F]{6}$/i);
  const [red, green, blue] = channels(colour).map(linear) as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function ratio(one: string, other: string): number {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** The pairs of a theme that fall short of the ratio. */
function tooClose(theme: Worn, pairs: Record<string, string[]>, least: number): string[] {
  const tokens = THEMES[theme];
  return Object.entries(pairs).flatMap(([back, fores]) =>
    fores
      .map((fore) => [fore, ratio(tokens[fore] ?? "", tokens[back] ?? "")] as const)
      .filter(([, found]) => found < least)
      .map(([fore, found]) => `${theme}: ${fore} on ${back} is ${found.toFixed(2)}, needs ${least}`),
  );
}

test("every text is 4.5:1 on what it stands on, and 7:1 in high contrast", () => {
  const names = Object.keys(THEMES) as Worn[];
  assert.deepEqual(names.flatMap((theme) => tooClose(theme, TEXT, STRONG.includes(theme) ? 7 : 4.5)), []);
});

test("every edge and mark is 3:1, and 4.5:1 in high contrast", () => {
  const names = Object.keys(THEMES) as Worn[];
  assert.deepEqual(names.flatMap((theme) => tooClose(theme, SHAPES, STRONG.includes(theme) ? 4.5 : 3)), []);
});

test("a theme states every colour that light states, so that none shines through", () => {
  const colours = Object.keys(LIGHT).filter((name) => /^(#|rgb)/.test(LIGHT[name] ?? ""));
  for (const name of ["dark", "contrast", "contrast-dark"]) {
    const own = stated(`:root[data-theme="${name}"]`);
    assert.deepEqual(colours.filter((colour) => !(colour in own)), [], name);
  }
});

test("the empty page before the script has the ground and the ink of the dark theme", () => {
  const [, early = ""] = CSS.split(":root:not([data-theme]) {");
  for (const name of ["ground", "ink"]) assert.ok(early.split("}")[0]?.includes(`--${name}: ${THEMES.dark[name]};`), name);
});

// How people see who lack one kind of cone: Machado, Oliveira and Fernandes, 2009, in linear light.
const EYES: Record<string, [Rgb, Rgb, Rgb]> = {
  deutan: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  protan: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  tritan: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};
const D65: [Rgb, Rgb, Rgb] = [[0.4339, 0.3762, 0.1899], [0.2126, 0.7152, 0.0722], [0.0177, 0.1095, 0.8728]];
const times = (rows: [Rgb, Rgb, Rgb], [a, b, c]: Rgb): Rgb => rows.map(([x, y, z]) => x * a + y * b + z * c) as Rgb;

/** A colour as such eyes see it, in CIE Lab. */
function seen(colour: string, eye: [Rgb, Rgb, Rgb]): Rgb {
  const light = times(eye, channels(colour).map(linear) as Rgb).map((part) => Math.min(1, Math.max(0, part))) as Rgb;
  const [x, y, z] = times(D65, light).map((t) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116)) as Rgb;
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

test("the six hues of data stay apart for every kind of colour blindness", () => {
  for (const [theme, tokens] of Object.entries(THEMES)) {
    for (const [name, eye] of Object.entries(EYES)) {
      const series = [1, 2, 3, 4, 5, 6].map((n) => seen(tokens[`data-${n}`] ?? "", eye));
      const apart = series.flatMap((one, i) => series.slice(i + 1).map((other) => Math.hypot(...one.map((part, k) => part - other[k]!))));
      assert.ok(Math.min(...apart) >= 15, `${theme}, ${name}: ${Math.min(...apart).toFixed(1)}`);
    }
  }
});

test("what the page wears follows the choice, and the system where nothing was chosen", () => {
  const wears = (theme: Theme, asked = ""): Worn =>
    worn(theme, { dark: asked.includes("dark"), more: asked.includes("more"), forced: asked.includes("forced") });
  assert.deepEqual(["", "dark", "more", "dark more"].map((asked) => wears("system", asked)), ["light", "dark", "contrast", "contrast-dark"]);
  assert.deepEqual(["", "dark", "dark more"].map((asked) => wears("contrast", asked)), ["contrast", "contrast", "contrast-dark"]);
  assert.deepEqual(["dark", "more"].map((asked) => wears("light", asked)), ["light", "light"]);
  assert.equal(wears("dark"), "dark");
  // Colours of one's own have edges in place of tints, whatever was chosen.
  assert.deepEqual(["forced", "forced dark"].map((asked) => wears("light", asked)), ["contrast", "contrast-dark"]);
});
