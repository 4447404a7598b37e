import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
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

/** Texts that a weak signal carries in a quarter of the bytes; the server's own limit for what is worth it is the same. */
const WORTH_PACKING = /\.(html|js|css|svg|json|geojson|webmanifest)$/;
const WORTH_PACKING_FROM = 1000;

/** Lays a packed copy beside each text of the build, once and as small as can be, so that the server packs none. */
function packed(): Plugin {
  let folder = "";
  return {
    name: "packed",
    apply: "build",
    configResolved: (config) => void (folder = join(config.root, config.build.outDir)),
    closeBundle() {
      for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
        if (!WORTH_PACKING.test(name)) continue;
        const text = readFileSync(join(folder, name));
        if (text.length < WORTH_PACKING_FROM) continue;
        writeFileSync(join(folder, `${name}.br`), brotliCompressSync(text));
        writeFileSync(join(folder, `${name}.gz`), gzipSync(text, { level: 9 }));
      }
    },
  };
}

const FIRST_WORDS = "/src/words/zh-Hant.json";

/** Has the words that most readers want fetched beside the first script, which would ask for them only when it runs. */
function wordsEarly(): Plugin {
  return {
    name: "words-early",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(_, { bundle }) {
        const chunks = Object.values(bundle ?? {}).filter((each) => each.type === "chunk");
        const found = chunks.find(({ facadeModuleId }) => facadeModuleId?.replaceAll("\\", "/").endsWith(FIRST_WORDS));
        if (!found) throw new Error("the first words are no chunk of their own");
        return [{ tag: "link", attrs: { rel: "modulepreload", crossorigin: true, href: `/${found.fileName}` }, injectTo: "head" }];
      },
    },
  };
}

/** What the first screen needs is one file: cut up by who else uses it, it came in eighteen and was a seventh larger. */
const FIRST = { name: "first", tags: ["$initial"] as ["$initial"] };
/** So is what later screens share: the ways in fetched eighteen files, and over HTTP/1 a phone waits for six at a time. */
const SHARED = { name: "shared", minShareCount: 2, test: /src\/(parts|api|state|screens)\// };

export default defineConfig({
  // What is packed is what the others have written.
  plugins: [svelte(), shell(), wordsEarly(), packed()],
  build: {
    target: "es2022",
    // Pictures stay files: inlined they would count as script and could not be cached apart.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: [FIRST, SHARED] } } },
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
