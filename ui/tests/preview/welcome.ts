import type { Answers } from "../fake-host";

export function answers(): Answers {
  return {
    "workspace.create": () => new Promise(() => undefined),
    "workspace.restore": () => new Promise(() => undefined),
  };
}
