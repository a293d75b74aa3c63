// The page over a fake core, for looking at screens while they are made: `npx vite`, then /tests/preview.html#/queue.
// `?lang=en&theme=dark&state=empty|failed|busy` choose what is shown. Features add their answers in `tests/preview/*.ts`.
import { mount } from "svelte";
import App from "../src/App.svelte";
import "../src/lib/css/fonts.css";
import "../src/lib/css/tokens.css";
import "../src/lib/css/base.css";
import { FakeHost, refusal, type Answers } from "./fake-host";
import { status } from "./samples";

const asked = new URLSearchParams(location.search);
const state = asked.get("state") ?? "full";
const parts = import.meta.glob<{ answers: (state: string) => Answers }>("./preview/*.ts", { eager: true });

const answers: Answers = {
  "studio.status": () => ({
    ...status,
    lang: asked.get("lang") === "en" ? "en" : "fr",
    theme: asked.get("theme") ?? "light",
    workspace: state === "first" ? null : status.workspace,
  }),
};
for (const part of Object.values(parts)) Object.assign(answers, part.answers(state));
if (state === "failed") {
  for (const name of Object.keys(answers) as (keyof Answers)[]) {
    if (name === "studio.status") continue;
    answers[name] = () => {
      throw refusal("environment", "Le disque n’a pas répondu.");
    };
  }
}
const host = new FakeHost(answers);
Object.assign(window, { fake: host });
const target = document.getElementById("app");
if (target !== null) mount(App, { target });
