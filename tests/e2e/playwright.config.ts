// The studio in Chromium: the built page, `griot serve`, the real core; a workspace, a server and a browser context for each test.
import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: ".",
  outputDir: "test-results",
  projects: [
    // The pictures of docs/screens are made on request: they judge nothing, so they are no test of an ordinary run.
    { name: "together", testIgnore: process.env.GRIOT_SHOTS === "1" ? ["killed.spec.ts"] : ["killed.spec.ts", "shots.spec.ts"] },
    // Half a second of real time counts there: nothing of ours runs beside it.
    { name: "alone", testMatch: "killed.spec.ts", dependencies: ["together"] },
  ],
  // Each worker has a browser, a core and a Bluesky server beside it.
  workers: 2,
  fullyParallel: true,
  retries: 0,
  forbidOnly: true,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: {
    locale: "fr-FR",
    timezoneId: "Africa/Bamako",
    viewport: { width: 1280, height: 800 },
    contextOptions: { reducedMotion: "reduce" },
    permissions: ["clipboard-read", "clipboard-write"],
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
