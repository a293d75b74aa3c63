// Two kinds: `*.test.ts` in Node, and `*.svelte.test.ts` as components in the Chromium of the system.
// The words are compiled once before (`npm run messages`): a compiler that watches them would keep the run from ending.
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import vite from "./vite.config.ts";

const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export default defineConfig({
  ...vite,
  plugins: [svelte()],
  test: {
    // A busy machine is slow, not wrong: what is waited for may take as long as a person would wait.
    expect: { requireAssertions: true, poll: { timeout: 15_000 } },
    projects: [
      {
        extends: true,
        test: { name: "logic", environment: "node", include: ["{src,tests}/**/*.test.ts"], exclude: ["**/*.svelte.test.ts"] },
      },
      {
        extends: true,
        // Imported late by some tests: found then for the first time, it makes the server reload a running test.
        optimizeDeps: { include: ["axe-core", "emoji-picker-element", "emoji-picker-element/i18n/en", "emoji-picker-element/i18n/fr"] },
        test: {
          name: "parts",
          testTimeout: 60_000,
          include: ["{src,tests}/**/*.svelte.test.ts"],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: { executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args } }),
            instances: [{ browser: "chromium", viewport: { width: 1280, height: 800 } }],
          },
        },
      },
    ],
  },
});
