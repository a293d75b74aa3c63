// Notices about actions. A failed action says why and leaves what was typed; a failed reading shows in place instead.
import { toast } from "svelte-sonner";
import { sentences, treatment } from "./errors";
import { go } from "./route.svelte";
import { trouble, type Trouble } from "./rpc";
import { m } from "./words";

/** Says that something was done, how to take it back, and where to see it. */
export function said(text: string, undo?: () => void, way?: { label: string; route: string }): void {
  toast.success(text, {
    ...(undo && { action: { label: m.undo(), onClick: undo } }),
    ...(way && { cancel: { label: way.label, onClick: () => go(way.route) }, duration: 10_000 }),
  });
}

/** Says what is missing before something can be done. */
export function warn(text: string): void {
  toast.warning(text);
}

/** Says what is wrong and where the way on leads. */
export function complain(wrong: Trouble): void {
  const { severity, title, action } = treatment(wrong);
  if (severity === "silent") return;
  const options = {
    description: sentences(wrong).join(" "),
    duration: severity === "error" ? 20_000 : 10_000,
    ...(action && { action: { label: action.label(), onClick: () => go(action.route) } }),
  };
  if (severity === "error") toast.error(title(), options);
  else toast.warning(title(), options);
}

/** Does something; a failure becomes a notice and the answer is nothing. */
export async function attempt<T>(act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (thrown) {
    complain(trouble(thrown));
    return undefined;
  }
}
