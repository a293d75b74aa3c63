// Two kinds: `*.test.ts` in Node, and `*.svelte.test.ts` as components in the Chromium of the system.
import { playwright } from "@vitest/browser-playwright";
import { mergeConfig } from "vite";
import { defineConfig } from "vitest/config";
import vite from "./vite.config";

const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export default mergeConfig(
  vite,
  defineConfig({
    test: {
      expect: { requireAssertions: true },
      projects: [
        {
          extends: true,
          test: { name: "logic", environment: "node", include: ["{src,tests}/**/*.test.ts"], exclude: ["**/*.svelte.test.ts"] },
        },
        {
          extends: true,
          test: {
            name: "parts",
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
  }),
);
