import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

// The platform that answers /v1 while the pages come from here.
const api = "http://127.0.0.1:8765";

export default defineConfig({
  plugins: [svelte()],
  // The map draws in a worker that is a module of its own.
  worker: { format: "es" },
  build: {
    target: "es2022",
    // The map is a chunk of its own, loaded after the first paint.
    chunkSizeWarningLimit: 1200,
    assetsInlineLimit: 0,
  },
  server: { proxy: { "/v1": api } },
});
