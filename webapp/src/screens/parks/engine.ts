/** MapLibre, in a chunk of its own: the map of Hong Kong with the parks, told what to show and telling what was touched. */
import { addProtocol, Map as Drawn, Marker, setWorkerUrl, type GeoJSONSource } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { PMTiles, Protocol, type Source } from "pmtiles";
import { mount, unmount } from "svelte";
import type { Drop, Fix, Language } from "../../api/calls";
import type { ParkInShort } from "../../api/parks";
import type { Spot } from "../../place/directions";
import districtsUrl from "./districts.geojson?url";
import DropPin from "./DropPin.svelte";
import { boundsOf, cornersOf, ringAround } from "./found";
import coastUrl from "./hong-kong.pmtiles?url";
import { BASE_MAP, layers, NEAR_ZOOM, style } from "./ink";

const HONG_KONG: [number, number, number, number] = [113.83, 22.15, 114.41, 22.57];
const AROUND: [number, number, number, number] = [113.72, 22.08, 114.56, 22.66];
/** A finger covers about so many pixels on each side of where it points. */
const FINGER = 14;
const CLOSE_ZOOM = 16.5;

type Feature = { type: "Feature"; properties: Record<string, unknown>; geometry: { type: string; coordinates: unknown } };
type District = Feature & { properties: { lat: number; lon: number } };

const tiles = new Protocol();

/** Has the base map at hand, whole: it is smaller than a picture, and once kept it needs no network. */
async function spreadOut(): Promise<void> {
  if (tiles.get(BASE_MAP)) return;
  const answer = await fetch(coastUrl);
  if (!answer.ok) throw new Error(`the base map: ${answer.status}`);
  const bytes = await answer.arrayBuffer();
  const source: Source = {
    getKey: () => BASE_MAP,
    getBytes: async (offset, length) => ({ data: bytes.slice(offset, offset + length) }),
  };
  tiles.add(new PMTiles(source));
}

setWorkerUrl(workerUrl);
addProtocol("pmtiles", tiles.tile);

const still = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;
const point = ({ lat, lon }: Spot, properties: Record<string, unknown> = {}): Feature => ({
  type: "Feature",
  properties,
  geometry: { type: "Point", coordinates: [lon, lat] },
});

export class ParkMap {
  #map: Drawn;
  #chosen: string | null = null;
  #pins: { marker: Marker; component: Record<string, unknown> }[] = [];
  #gone = false;

  private constructor(map: Drawn, onpick: (id: string) => void) {
    this.#map = map;
    map.on("click", ({ point: { x, y } }) => {
      const near = map.queryRenderedFeatures([[x - FINGER, y - FINGER], [x + FINGER, y + FINGER]], { layers: ["parks"] });
      const far = ({ geometry }: (typeof near)[number]): number => {
        const at = map.project((geometry as unknown as { coordinates: [number, number] }).coordinates);
        return Math.hypot(at.x - x, at.y - y);
      };
      const best = near.sort((a, b) => far(a) - far(b))[0];
      if (best) onpick(String(best.properties["id"]));
    });
    map.on("mouseenter", "parks", () => (map.getCanvas().style.cursor = "pointer"));
    map.on("mouseleave", "parks", () => (map.getCanvas().style.cursor = ""));
    map.on("zoom", () => this.#reveal());
  }

  /** Draws into the element; rejects where there is no WebGL or the map does not load. */
  static async open(container: HTMLElement, language: Language, onpick: (id: string) => void): Promise<ParkMap> {
    await spreadOut();
    const map = new Drawn({
      container,
      style: style(language),
      bounds: HONG_KONG,
      maxBounds: AROUND,
      maxZoom: 17,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      // The list is the keyboard's way to every park; the canvas would only be one more stop.
      keyboard: false,
      fadeDuration: still() ? 0 : 200,
    });
    map.touchZoomRotate.disableRotation();
    const canvas = map.getCanvas();
    canvas.tabIndex = -1;
    canvas.setAttribute("aria-hidden", "true");
    canvas.removeAttribute("role");
    canvas.removeAttribute("aria-label");
    try {
      await new Promise<void>((done, fail) => {
        map.once("load", () => done());
        map.once("error", ({ error }) => fail(error));
      });
    } catch (error) {
      map.remove();
      throw error;
    }
    const opened = new ParkMap(map, onpick);
    // Without its districts the map is still a map.
    void opened.#drawDistricts().catch(() => undefined);
    return opened;
  }

  async #drawDistricts(): Promise<void> {
    const answer = await fetch(districtsUrl);
    if (!answer.ok || this.#gone) return;
    const { features } = (await answer.json()) as { features: District[] };
    if (this.#gone) return;
    this.#fill("districts", features);
    this.#fill("district-spots", features.map(({ properties }) => point(properties, properties)));
  }

  #fill(source: string, features: Feature[]): void {
    this.#map.getSource<GeoJSONSource>(source)?.setData({ type: "FeatureCollection", features } as unknown as Parameters<GeoJSONSource["setData"]>[0]);
  }

  parks(parks: readonly ParkInShort[]): void {
    this.#fill("parks", parks.map((park) => point(park, { id: park.id, drops: park.drops, ...park.name })));
  }

  /** Moves to a park and marks it; null marks none. */
  choose(park: ParkInShort | null): void {
    if (this.#chosen) this.#map.removeFeatureState({ source: "parks", id: this.#chosen });
    this.#chosen = park?.id ?? null;
    this.outline(null, []);
    if (!park) return;
    this.#map.setFeatureState({ source: "parks", id: park.id }, { chosen: true });
    this.#go({ center: [park.lon, park.lat], zoom: Math.max(CLOSE_ZOOM, this.#map.getZoom()) });
  }

  /** The fence and the finds of the chosen park. */
  outline(fence: Feature["geometry"] | null, drops: readonly Drop[]): void {
    this.#fill("fence", fence ? [{ type: "Feature", properties: {}, geometry: fence }] : []);
    if (fence) this.fit([...cornersOf(fence.coordinates), ...drops]);
    for (const { marker, component } of this.#pins) {
      marker.remove();
      void unmount(component);
    }
    this.#pins = drops.map((drop) => {
      const element = document.createElement("div");
      element.setAttribute("aria-hidden", "true");
      const component = mount(DropPin, { target: element, props: { species: drop.species, mine: drop.mine } });
      const marker = new Marker({ element, anchor: "bottom" }).setLngLat([drop.lon, drop.lat]).addTo(this.#map);
      // MapLibre makes markers focusable and names them; these are ornament, the list has the words.
      for (const name of ["tabindex", "role", "aria-label"]) element.removeAttribute(name);
      return { marker, component };
    });
    this.#reveal();
  }

  #reveal(): void {
    const near = this.#map.getZoom() >= NEAR_ZOOM;
    for (const { marker } of this.#pins) marker.getElement().hidden = !near;
  }

  /** One's own place with the ring of its doubt; null takes both away. */
  here(fix: Fix | null): void {
    this.#fill("here", fix ? [point(fix)] : []);
    const ring = fix ? [{ type: "Feature" as const, properties: {}, geometry: { type: "Polygon", coordinates: [ringAround(fix, fix.accuracy_m ?? 0)] } }] : [];
    this.#fill("doubt", ring);
  }

  /** Shows all of the spots; without any, all of Hong Kong. */
  fit(spots: readonly Spot[]): void {
    const bounds = boundsOf(spots) ?? HONG_KONG;
    this.#map.fitBounds(bounds, { padding: spots.length ? 56 : 0, maxZoom: CLOSE_ZOOM, animate: !still() });
  }

  nearer(steps: number): void {
    this.#map.zoomTo(this.#map.getZoom() + steps, { animate: !still() });
  }

  goTo({ lat, lon }: Spot): void {
    this.#go({ center: [lon, lat], zoom: Math.max(CLOSE_ZOOM, this.#map.getZoom()) });
  }

  /** Takes on the page's language and its light or dark. */
  dress(language: Language): void {
    for (const layer of layers(language)) {
      for (const [name, value] of Object.entries(layer.paint ?? {})) this.#map.setPaintProperty(layer.id, name as never, value as never);
      for (const [name, value] of Object.entries(layer.layout ?? {})) this.#map.setLayoutProperty(layer.id, name as never, value as never);
    }
  }

  close(): void {
    this.#gone = true;
    this.outline(null, []);
    this.#map.remove();
  }

  #go(to: { center: [number, number]; zoom: number }): void {
    if (still()) this.#map.jumpTo(to);
    else this.#map.flyTo({ ...to, duration: 900 });
  }
}
