// The one way to the core. Types come from the generated table: a caller can neither invent a command nor a shape.
import type { AppError } from "../contract/AppError";
import type { Commands } from "../contract/commands";
import { host, HostError } from "./host";

export type Name = keyof Commands;
export type Request<N extends Name> = Commands[N]["request"];
export type Answer<N extends Name> = Commands[N]["answer"];

/** Runs a command. Rejects with a `Trouble`. */
export async function rpc<N extends Name>(name: N, request: Request<N>): Promise<Answer<N>> {
  return (await host().rpc(name, request)) as Answer<N>;
}

/** Everything that can be wrong, in one shape. */
export type Trouble = Omit<AppError, "code"> & { code: AppError["code"] | HostError["code"] };

/** Puts whatever was thrown into that shape. */
export function trouble(thrown: unknown): Trouble {
  if (thrown instanceof HostError) return { code: thrown.code, message: "", hint: "" };
  if (typeof thrown === "object" && thrown !== null && "code" in thrown && "message" in thrown) {
    return thrown as Trouble;
  }
  return { code: "bug", message: String(thrown), hint: "" };
}
