import { paraglideVitePlugin } from "@inlang/paraglide-js";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

export default defineConfig({
  // The window and the loopback server both serve the page from their root.
  base: "./",
  plugins: [
    paraglideVitePlugin({
      project: "./project.inlang",
      outdir: "./src/lib/messages",
      strategy: ["globalVariable", "baseLocale"],
    }),
    svelte(),
  ],
  resolve: {
    alias: {
      $lib: fileURLToPath(new URL("./src/lib", import.meta.url)),
      $contract: fileURLToPath(new URL("./src/contract", import.meta.url)),
    },
  },
  build: {
    // What WebView2, WKWebView of macOS 12 and WebKitGTK 2.40 understand.
    target: ["chrome105", "safari15.4"],
    // Fonts stay files: the content policy allows no data address for them.
    assetsInlineLimit: 0,
    // One script is read once from disk; pieces would be asked for one after the other.
    modulePreload: false,
    chunkSizeWarningLimit: 800,
  },
});
