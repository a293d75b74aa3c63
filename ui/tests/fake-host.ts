// A host for tests: it answers what a test told it to and fails on every command it was not told of.
import type { AppError } from "../src/contract/AppError";
import type { Event } from "../src/contract/Event";
import type { PickedFile } from "../src/contract/PickedFile";
import { use, type Host, type Link } from "../src/lib/host";
import type { Reentry } from "../src/lib/host/types";
import { pictureOfLook, sceneOf } from "./looks";
import type { Answer, Name, Request } from "../src/lib/rpc";

export type Answers = { [N in Name]?: (request: Request<N>) => Answer<N> | Promise<Answer<N>> };

export class FakeHost implements Host {
  kind: "window" | "browser" = "browser";
  readonly reveals = false;
  /** Every command that was asked, in order. */
  readonly asked: { name: Name; request: unknown }[] = [];
  readonly opened: string[] = [];
  copied = "";
  away = false;
  picks: PickedFile[] = [];
  aside: Record<string, string> = {};
  flush: (() => Promise<void>) | undefined;
  reenter?: (address: string) => Promise<Reentry>;
  #heard: ((event: Event) => void)[] = [];
  #links: ((link: Link) => void)[] = [];

  constructor(readonly answers: Answers) {
    use(this);
  }

  rpc(name: string, request: unknown): Promise<unknown> {
    this.asked.push({ name: name as Name, request: structuredClone(request) });
    const answer = this.answers[name as Name] as ((request: unknown) => unknown) | undefined;
    if (answer === undefined) return Promise.reject(new Error(`the test did not expect ${name}`));
    return new Promise((resolve) => resolve(answer(request)));
  }

  /** The requests of one command. */
  requests<N extends Name>(name: N): Request<N>[] {
    return this.asked.filter((call) => call.name === name).map((call) => call.request as Request<N>);
  }

  tell(event: Event): void {
    for (const heard of this.#heard) heard(event);
  }

  setLink(link: Link): void {
    for (const told of this.#links) told(link);
  }

  listen(heard: (event: Event) => void, link: (link: Link) => void): () => void {
    this.#heard.push(heard);
    this.#links.push(link);
    link("up");
    return () => {
      this.#heard = this.#heard.filter((known) => known !== heard);
      this.#links = this.#links.filter((known) => known !== link);
    };
  }

  mediaUrl(asset: string): string {
    return pictureOf(asset);
  }
  lookUrl(name: string): string {
    return pictureOfLook(name);
  }
  filmUrl(asset: string): Promise<string> {
    return Promise.resolve(`/film/${asset}`);
  }
  byHandUrl(delivery: string, n: number): string | null {
    return `/by-hand/${delivery}/${n}`;
  }
  send(file: File, sent: (share: number) => void): Promise<PickedFile> {
    sent(1);
    return Promise.resolve({ handle: `handle:${file.name}`, name: file.name });
  }
  pick(): Promise<PickedFile[]> {
    return Promise.resolve(this.picks);
  }
  saveAs(name: string): Promise<{ file: string; done: () => void } | null> {
    return Promise.resolve({ file: `handle:${name}`, done: () => undefined });
  }
  open(url: string): Promise<void> {
    this.opened.push(url);
    return Promise.resolve();
  }
  copy(text: string): Promise<void> {
    this.copied = text;
    return Promise.resolve();
  }
  onClosing(flush: () => Promise<void>): () => void {
    this.flush = flush;
    return () => (this.flush = undefined);
  }
  ready(): void {}
  keepAside(key: string, words: string): void {
    if (words === "") delete this.aside[key];
    else this.aside[key] = words;
  }
  keptAside(): Record<string, string> {
    return { ...this.aside };
  }
}

/** What the core rejects with. */
export function refusal(code: AppError["code"], message: string, detail?: unknown): AppError {
  return { code, message, hint: "", detail };
}

/** A picture whose colours follow from the asset's id. */
export function pictureOf(asset: string): string {
  return `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300">${sceneOf(asset)}</svg>`)}`;
}
