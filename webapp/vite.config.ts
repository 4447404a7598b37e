import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";

const server = process.env.EPLUS_SERVER ?? "http://127.0.0.1:8000";

/** What the page is made of, which every phone keeps. */
const OF_THE_SHELL = /\.(html|js|css|svg|png|webmanifest)$/;
/** The map is larger than all the rest: a phone keeps it once its owner has opened it. */
const OF_THE_MAP = /\/(engine|maplibre-gl-worker)-[^/]*$|\.(pmtiles|geojson)$/;

/** Writes the files of this build and their digest into its service worker. */
function shell(): Plugin {
  let folder = "";
  return {
    name: "shell",
    apply: "build",
    configResolved: (config) => void (folder = join(config.root, config.build.outDir)),
    closeBundle() {
      const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => name.replaceAll("\\", "/"));
      const files = names.filter((name) => name !== "sw.js" && OF_THE_SHELL.test(name) && !OF_THE_MAP.test(name)).sort();
      const later = names.filter((name) => OF_THE_MAP.test(name)).sort();
      const digest = createHash("sha256");
      for (const name of [...files, ...later]) digest.update(`${name}\0`).update(readFileSync(join(folder, name)));
      const paths = (these: string[]): string[] => these.map((name) => (name === "index.html" ? "/" : `/${name}`));
      const worker = join(folder, "sw.js");
      const blank = /^const SHELL = .*$/m;
      const text = readFileSync(worker, "utf8");
      if (!blank.test(text)) throw new Error("sw.js has no line for its files");
      const list = JSON.stringify({ version: digest.digest("hex").slice(0, 16), files: paths(files), later: paths(later) });
      writeFileSync(worker, text.replace(blank, () => `const SHELL = ${list};`));
    },
  };
}

export default defineConfig({
  plugins: [svelte(), shell()],
  build: {
    target: "es2022",
    // Pictures stay files: inlined they would count as script and could not be cached apart.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What the first screen needs is one file: cut up by who else uses it, it came in eighteen and was a seventh larger.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "first", tags: ["$initial"] }] } } },
  },
  // MapLibre's worker is a module, and a file of its own: the policy allows no other.
  worker: { format: "es" },
  server: {
    proxy: {
      "/api": server,
      "/socket.io": { target: server, ws: true },
    },
  },
});
