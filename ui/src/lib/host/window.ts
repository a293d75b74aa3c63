// The page in the window: one command, one event, one media protocol. Nothing else of the toolkit is used.
import { convertFileSrc, invoke } from "@tauri-apps/api/core";
import { emit, listen as hear } from "@tauri-apps/api/event";
import type { Event } from "../../contract/Event";
import type { FilmAddress } from "../../contract/FilmAddress";
import type { PickedFiles } from "../../contract/PickedFiles";
import type { SaveTarget } from "../../contract/SaveTarget";
import { keepAside, keptAside } from "./aside";
import { partPath } from "./browser";
import { sendInPieces } from "./pieces";
import type { Host } from "./types";

const rpc = (name: string, request: unknown): Promise<unknown> => invoke("rpc", { name, request: request ?? {} });

/** `media://localhost`, or `http://media.localhost` where the webview has no schemes of its own. */
const media = (): string => convertFileSrc("", "media").replace(/\/$/, "");

export function windowHost(): Host {
  const flushes = new Set<() => Promise<void>>();
  // Answered once, when everything is written, and also when nothing waited: the window closes on the answer.
  void hear("closing", () => void Promise.allSettled([...flushes].map((flush) => flush())).then(() => emit("flushed")));
  return {
    kind: "window",
    reveals: true,
    rpc,
    listen(heard, link) {
      const ended = hear<Event>("studio", (event) => heard(event.payload));
      void ended.then(() => link("up"));
      return () => void ended.then((end) => end());
    },
    mediaUrl: (asset, part) => `${media()}/asset/${asset}${partPath(part)}`,
    lookUrl: (name) => `${media()}/look/${name}`,
    async filmUrl(asset) {
      const { url } = (await rpc("desktop.film", { asset })) as FilmAddress;
      return url ?? `${media()}/asset/${asset}`;
    },
    byHandUrl: () => null,
    send: (file, sent, stop) => sendInPieces(media(), file, sent, stop),
    async pick(kind) {
      return ((await rpc("desktop.pick", { kind })) as PickedFiles).files;
    },
    async saveAs(name) {
      const { file } = (await rpc("desktop.save_as", { name })) as SaveTarget;
      return file === null ? null : { file: file.handle, done: () => undefined };
    },
    async open(url) {
      await rpc("desktop.open", { url });
    },
    async copy(text) {
      await rpc("desktop.copy", { text });
    },
    onClosing(flush) {
      flushes.add(flush);
      return () => flushes.delete(flush);
    },
    ready: () => void emit("ready"),
    keepAside,
    keptAside,
  };
}
