/** The cut-paper art: which picture, on which ground, and how large it stands there. */
const PICTURES = import.meta.glob<string>("./*.svg", { eager: true, query: "?url", import: "default" });

type Ground = { sky: string; hill: string; line: string; moon?: boolean };

const BIRDS: Ground = {
  sky: "#CFE9F6",
  hill: "#B3D9EC",
  line: "M-10 150C40 128 80 160 120 142C160 126 190 140 210 134V210H-10Z",
};
const TREES: Ground = { sky: "#E4F2CF", hill: "#CBE5AC", line: "M-10 158C40 140 110 168 210 146V210H-10Z" };
const INSECTS: Ground = {
  sky: "#FFEFC2",
  hill: "#FBDD93",
  line: "M-10 160C30 144 70 150 110 160C150 170 180 154 210 150V210H-10Z",
};
const WATER: Ground = {
  sky: "#CDEBE4",
  hill: "#AFDDD3",
  line: "M-10 140C20 130 50 150 90 140C130 130 160 150 210 138V210H-10Z",
};
const NIGHT: Ground = { sky: "#34477C", hill: "#2A3A68", line: "M-10 158C50 136 130 170 210 142V210H-10Z", moon: true };
const FESTIVAL: Ground = { sky: "#FBD9C6", hill: "#F5C0A4", line: "M-10 150C50 168 130 132 210 156V210H-10Z" };
const GAMES: Ground = { sky: "#F9DCE7", hill: "#F2C3D6", line: "M-10 154C60 136 140 168 210 146V210H-10Z" };
const HEALTH: Ground = { sky: "#D9E6FA", hill: "#BED3F1", line: "M-10 154C60 168 140 136 210 152V210H-10Z" };

const STAGES: Record<string, [Ground, number]> = {
  banyan: [TREES, 0.88],
  bat: [NIGHT, 0.88],
  bauhinia: [TREES, 0.88],
  bottle: [HEALTH, 0.917],
  bulbul: [BIRDS, 0.92],
  civet: [NIGHT, 0.955],
  cotton: [TREES, 0.936],
  crab: [WATER, 0.88],
  dolphin: [WATER, 0.955],
  dragonfly: [INSECTS, 0.88],
  egret: [BIRDS, 0.917],
  frog: [WATER, 0.88],
  jianzi: [GAMES, 1.067],
  kite: [BIRDS, 0.9],
  lantern: [FESTIVAL, 0.88],
  rosefly: [INSECTS, 0.88],
  turtle: [WATER, 0.955],
};

export type Scene = Ground & { picture: string; size: number };

/** Everything needed to draw one species on its 200×200 card; an unknown one is an empty glade. */
export function scene(species: string): Scene {
  const [ground, scale] = STAGES[species] ?? [TREES, 0.88];
  return { ...ground, picture: PICTURES[`./${species}.svg`] ?? "", size: 200 * scale };
}
