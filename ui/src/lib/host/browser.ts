// The page in a browser, with `griot serve` as its core.
import type { AppError } from "../../contract/AppError";
import type { Event } from "../../contract/Event";
import type { PickKind } from "../../contract/PickKind";
import type { PickedFile } from "../../contract/PickedFile";
import { keepAside, keptAside } from "./aside";
import { sendInPieces } from "./pieces";
import { FileLost, HostError, type Host, type Link, type MediaPart, type Reentry } from "./types";

const ACCEPT: Record<PickKind, string> = {
  media: "image/*,video/*,.heic,.heif,.avif,.mkv,.mov",
  backup: ".griot,.tar",
  journal: ".json,.jsonl",
  program: "",
};

const AWAY_MS = 1000;

/** Exchanges the one-time token of the address for a session, and takes it out of the address. */
export async function enter(): Promise<void> {
  const token = tokenIn(location.hash);
  if (token === undefined) return;
  history.replaceState(null, "", "#/");
  // A refused token shows as a missing session at the first command.
  await exchange(token);
}

/** A new address opened in the tab of a page that is there already only changes what stands behind `#`: nothing is
 * loaded again, and nothing that was typed is lost. */
function enterLater(entered: () => void): () => void {
  const changed = (change: HashChangeEvent) => {
    const token = tokenIn(location.hash);
    if (token === undefined) return;
    const before = new URL(change.oldURL).hash;
    history.replaceState(null, "", before === "" ? "#/" : before);
    void exchange(token).then((taken) => taken && entered());
  };
  // Before the page's own ways hear of it: a token is no place of theirs.
  window.addEventListener("hashchange", changed, { capture: true });
  return () => window.removeEventListener("hashchange", changed, { capture: true });
}

function tokenIn(hash: string): string | undefined {
  return /^#token=([\w-]+)$/.exec(hash)?.[1];
}

async function exchange(token: string): Promise<boolean> {
  try {
    const answer = await fetch("/session", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ token }),
    });
    return answer.ok;
  } catch {
    return false;
  }
}

/** Goes on with an address that a person pasted. Another port is another Griot, or this one started anew: the page of
 * that one has to be opened. */
async function reenter(address: string): Promise<Reentry> {
  const typed = address.trim();
  let hash = typed;
  try {
    const url = new URL(typed);
    if (url.origin !== location.origin) return "elsewhere";
    hash = url.hash;
  } catch {
    // Not a whole address: perhaps only its end.
    hash = typed.slice(Math.max(0, typed.indexOf("#")));
  }
  const token = tokenIn(hash);
  if (token === undefined) return "no_address";
  return (await exchange(token)) ? "in" : "used";
}

async function rpc(name: string, request: unknown): Promise<unknown> {
  let answer: Response;
  let said: unknown;
  try {
    answer = await fetch(`/rpc/${name}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(request ?? {}),
    });
    said = await answer.json();
  } catch (error) {
    throw new HostError("core_away", String(error));
  }
  if (answer.ok) return said;
  const error = said as Omit<AppError, "code"> & { code: string };
  if (error.code === "no_session") throw new HostError("no_session", error.message);
  throw error as unknown as AppError;
}

function listen(heard: (event: Event) => void, link: (link: Link) => void): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ended = false;
  const connect = () => {
    clearTimeout(timer);
    source?.close();
    source = new EventSource("/events");
    source.onopen = () => link("up");
    source.onmessage = (message: MessageEvent<string>) => heard(JSON.parse(message.data) as Event);
    source.onerror = () => {
      source?.close();
      void why().then((reason) => {
        if (ended) return;
        link(reason);
        timer = setTimeout(connect, AWAY_MS);
      });
    };
  };
  connect();
  const stopEntering = enterLater(connect);
  return () => {
    ended = true;
    stopEntering();
    clearTimeout(timer);
    source?.close();
  };
}

/** An event stream does not say why it ended: a command does. */
async function why(): Promise<Link> {
  try {
    await rpc("studio.status", {});
    return "up";
  } catch (error) {
    if (error instanceof HostError) return error.code === "no_session" ? "no_session" : "down";
    return "up";
  }
}

function choose(accept: string, several: boolean): Promise<File[]> {
  return new Promise((resolve) => {
    const input = document.createElement("input");
    input.type = "file";
    input.accept = accept;
    input.multiple = several;
    input.hidden = true;
    const end = () => {
      input.remove();
      resolve([...(input.files ?? [])]);
    };
    input.addEventListener("change", end);
    input.addEventListener("cancel", end);
    document.body.append(input);
    input.click();
  });
}

export function browserHost(): Host {
  const media = (path: string) => `/media${path}`;
  return {
    kind: "browser",
    reveals: false,
    rpc,
    listen,
    mediaUrl: (asset, part) => media(`/asset/${asset}${partPath(part)}`),
    lookUrl: (name) => media(`/look/${name}`),
    filmUrl: (asset) => Promise.resolve(media(`/asset/${asset}`)),
    byHandUrl: (delivery, n) => media(`/by-hand/${delivery}/${n}`),
    send: (file, sent, stop) => sendInPieces(media(""), file, sent, stop),
    async pick(kind, sent, stop, lost) {
      const files = await choose(ACCEPT[kind], kind === "media");
      const picked: PickedFile[] = [];
      for (const [n, file] of files.entries()) {
        const report = (share: number) => sent((n + share) / files.length);
        try {
          picked.push(await sendInPieces(media(""), file, report, stop));
        } catch (thrown) {
          if (lost === undefined || !(thrown instanceof FileLost)) throw thrown;
          lost(file.name);
        }
      }
      return picked;
    },
    async saveAs(name) {
      const answer = await fetch(`${media("/save")}?name=${encodeURIComponent(name)}`, { method: "PUT" });
      if (!answer.ok) throw (await answer.json()) as AppError;
      const { file } = (await answer.json()) as { file: PickedFile };
      return { file: file.handle, done: () => download(media(`/saved/${encodeURIComponent(file.handle)}`), name) };
    },
    open: (url) => {
      window.open(url, "_blank", "noopener,noreferrer");
      return Promise.resolve();
    },
    copy: (text) => navigator.clipboard.writeText(text),
    onClosing(flush) {
      // A browser does not wait; the words of the last moment are sent when the page is hidden, before it goes.
      const hidden = () => {
        if (document.visibilityState === "hidden") void flush();
      };
      document.addEventListener("visibilitychange", hidden);
      return () => document.removeEventListener("visibilitychange", hidden);
    },
    ready: () => undefined,
    keepAside,
    keptAside,
    reenter,
  };
}

export function partPath(part?: MediaPart): string {
  if (part === undefined) return "";
  if (typeof part === "object" && "strip" in part) return `/strip/${part.strip}`;
  return part === "thumb" ? "/thumb" : `/frame/${Math.max(0, Math.round(part.frameMs))}`;
}

function download(address: string, name: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
}
