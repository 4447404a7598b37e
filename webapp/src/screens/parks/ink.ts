/** The layers of the map in the colours of the page's tokens. */
import type { LayerSpecification, StyleSpecification } from "maplibre-gl";
import type { Language } from "../../api/calls";

/** The districts' own file names its columns so. */
const NAMED: Record<Language, string> = { "zh-Hant": "name_zh_hant", "zh-Hans": "name_zh_hans", en: "name_en" };
/** The name of the base map among the tiles. */
export const BASE_MAP = "hong-kong";
const EMPTY = { type: "FeatureCollection" as const, features: [] };
/** From this zoom on, parks are named and their finds drawn. */
export const NEAR_ZOOM = 13.5;

/** The colour that a token has now, in numbers: what it stands for may be a name that only the browser knows. */
function ink(name: string): string {
  const probe = document.createElement("i");
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** No `glyphs`: letters are drawn with the reader's own fonts, in the form of their script. */
function fonts(): string[] {
  return getComputedStyle(document.documentElement).getPropertyValue("--font").split(",").map((family) => family.trim().replaceAll('"', "")).filter(Boolean);
}

export function layers(language: Language): LayerSpecification[] {
  const chosen = ["boolean", ["feature-state", "chosen"], false] as const;
  const size = (small: number, large: number) => ["interpolate", ["linear"], ["zoom"], 9, small, 14, large] as const;
  const label = { "text-color": ink("map-label"), "text-halo-color": ink("map-land"), "text-halo-width": 2 };
  return [
    { id: "land", type: "background", paint: { "background-color": ink("map-land") } },
    { id: "beyond", type: "fill", source: "coast", "source-layer": "beyond", paint: { "fill-color": ink("map-build") } },
    { id: "borders", type: "line", source: "districts", paint: { "line-color": ink("ink-3"), "line-width": 1, "line-dasharray": [3, 2], "line-opacity": 0.6 } },
    { id: "sea", type: "fill", source: "coast", "source-layer": "sea", paint: { "fill-color": ink("map-water") } },
    { id: "fence", type: "fill", source: "fence", paint: { "fill-color": ink("map-park") } },
    { id: "fence-edge", type: "line", source: "fence", paint: { "line-color": ink("act"), "line-width": 2.5 } },
    { id: "doubt", type: "fill", source: "doubt", paint: { "fill-color": ink("here"), "fill-opacity": 0.18 } },
    {
      id: "parks",
      type: "circle",
      source: "parks",
      layout: { "circle-sort-key": ["case", [">", ["get", "drops"], 0], 1, 0] },
      paint: {
        "circle-color": ["case", chosen, ink("light"), [">", ["get", "drops"], 0], ink("act"), ink("card")],
        "circle-stroke-color": ["case", chosen, ink("canopy"), [">", ["get", "drops"], 0], ink("card"), ink("act")],
        "circle-stroke-width": ["case", chosen, 3, 1.5],
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 9, ["case", chosen, 8, [">", ["get", "drops"], 0], 5, 2.5], 14, ["case", chosen, 11, [">", ["get", "drops"], 0], 10, 6]],
      },
    },
    {
      id: "district-names",
      type: "symbol",
      source: "district-spots",
      maxzoom: NEAR_ZOOM,
      layout: { "text-field": ["get", NAMED[language]], "text-font": fonts(), "text-size": size(12, 16), "text-max-width": 7 },
      paint: label,
    },
    {
      id: "park-names",
      type: "symbol",
      source: "parks",
      minzoom: NEAR_ZOOM,
      layout: { "text-field": ["get", language], "text-font": fonts(), "text-size": 13, "text-offset": [0, 1], "text-anchor": "top", "text-max-width": 8 },
      paint: label,
    },
    { id: "here", type: "circle", source: "here", paint: { "circle-color": ink("here"), "circle-radius": 8, "circle-stroke-color": "#ffffff", "circle-stroke-width": 3 } },
  ] as LayerSpecification[];
}

export function style(language: Language): StyleSpecification {
  const own = { type: "geojson" as const, data: EMPTY };
  return {
    version: 8,
    sources: {
      coast: { type: "vector", url: `pmtiles://${BASE_MAP}` },
      districts: own,
      "district-spots": own,
      parks: { ...own, promoteId: "id" },
      fence: own,
      doubt: own,
      here: own,
    },
    layers: layers(language),
  };
}
