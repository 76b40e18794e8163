import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";

// The platform that answers /v1 while the pages come from here.
const api = "http://127.0.0.1:8765";

/** The service worker of the driver's page, with the list of the files that this page needs and no others. */
function driveWorker(): Plugin {
  return {
    name: "drive-worker",
    apply: "build",
    async generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((one) => one.type === "chunk");
      const found = new Set<string>();
      const follow = (name: string): void => {
        const chunk = chunks.find((one) => one.fileName === name);
        if (chunk === undefined || found.has(name)) return;
        found.add(name);
        for (const style of chunk.viteMetadata?.importedCss ?? []) found.add(style);
        [...chunk.imports, ...chunk.dynamicImports].forEach(follow);
      };
      const entry = chunks.find((one) => one.isEntry && one.name === "drive");
      if (entry === undefined) return this.error("there is no driver's page to keep");
      follow(entry.fileName);
      const files = ["/drive/", "/theme.js", "/favicon.svg", ...[...found].map((name) => `/${name}`)].sort();
      const source = await this.fs.readFile("src/drive-worker.js", { encoding: "utf8" });
      const worker = source.replace('["__FILES__"]', JSON.stringify(files));
      this.emitFile({ type: "asset", fileName: "drive-worker.js", source: worker });
    },
  };
}

export default defineConfig({
  plugins: [svelte(), driveWorker()],
  // The map draws in a worker that is a module of its own.
  worker: { format: "es" },
  build: {
    target: "es2022",
    // The map is a chunk of its own, loaded after the first paint.
    chunkSizeWarningLimit: 1200,
    assetsInlineLimit: 0,
    // The phone's pages are small and stand by themselves.
    rollupOptions: { input: { main: "index.html", drive: "drive/index.html", track: "track/index.html" } },
  },
  server: { proxy: { "/v1": api } },
});
