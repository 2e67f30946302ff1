import { defineConfig, type Plugin } from "vite";

/** Of what is fetched later there is nothing to be fetched ahead: Vite's own help with that is left out. */
const noPreload: Plugin = {
  name: "no-preload",
  enforce: "pre",
  load(id) {
    return id.endsWith("vite/preload-helper.js") ? "export const __vitePreload = (load) => load();" : undefined;
  },
};

/** The web client: `src/web` becomes `web`, which the server serves. */
export default defineConfig({
  root: "src/web",
  base: "/",
  plugins: [noPreload],
  build: {
    outDir: "../../web",
    emptyOutDir: true,
    target: "es2023",
    modulePreload: false,
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
});
