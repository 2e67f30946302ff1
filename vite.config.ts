import { defineConfig } from "vite";

/** The web client: `src/web` becomes `web`, which the server serves. */
export default defineConfig({
  root: "src/web",
  base: "/",
  build: {
    outDir: "../../web",
    emptyOutDir: true,
    target: "es2023",
    // The page's policy allows no inline script, and every browser that it is for knows module preloads.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
});
