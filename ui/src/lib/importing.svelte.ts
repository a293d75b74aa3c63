// Files on their way into the library: from a dialog, a drop, or the clipboard. One list for the whole page, so that leaving a
// screen stops nothing and whoever asked gets the answer.
import type { ImportDone } from "../contract/ImportDone";
import type { PickedFile } from "../contract/PickedFile";
import type { RefusedFile } from "../contract/RefusedFile";
import { FileLost, host, reads } from "./host";
import { attempt } from "./notices";
import { rpc } from "./rpc";
import { m } from "./words";

/** Several files on their way. */
export class Import {
  /** How many there are; 0 while the person still chooses. */
  count = $state(0);
  /** 0 to 1 of the bytes' way to the core. Taking in is a job of the core afterwards. */
  sent = $state(0);
  /** What could not even be read. */
  readonly lost: RefusedFile[] = [];
  readonly #stop = new AbortController();

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** A file could not be read. */
  lose(name: string): void {
    this.lost.push({ path: name, code: "not_found", message: m.media_file_lost() });
  }

  /** Stops it; what is in the library stays there. */
  stop(): void {
    this.#stop.abort();
  }
}

class Imports {
  running = $state<Import[]>([]);
}

/** What is on its way. */
export const imports = new Imports();

/** Brings files that the browser holds (pasted, dropped, chosen). Nothing when it failed or was stopped; a notice said so. */
export function importFiles(files: readonly File[]): Promise<ImportDone | undefined> {
  return bring(async (run) => {
    run.count = files.length;
    const picked: PickedFile[] = [];
    for (const [n, file] of files.entries()) {
      const report = (share: number) => (run.sent = (n + share) / files.length);
      // A file that vanished since, or a folder, costs the others nothing.
      try {
        if (!(await reads(file))) throw new FileLost(file.name);
        picked.push(await host().send(file, report, run.signal));
      } catch (thrown) {
        if (!(thrown instanceof FileLost)) throw thrown;
        run.lose(file.name);
      }
    }
    run.sent = 1;
    return picked;
  });
}

/** Lets the person choose files and brings them. */
export function importChosen(): Promise<ImportDone | undefined> {
  return bring((run) => host().pick("media", (share) => (run.sent = share), run.signal, (name) => run.lose(name)));
}

/** Takes in what the host already gave handles for (dropped on the window). */
export function importHandles(files: readonly PickedFile[]): Promise<ImportDone | undefined> {
  return bring(() => Promise.resolve([...files]));
}

async function bring(get: (run: Import) => Promise<PickedFile[]>): Promise<ImportDone | undefined> {
  const run = new Import();
  imports.running = [...imports.running, run];
  const done = await attempt(async () => {
    try {
      const picked = await get(run);
      run.count = picked.length;
      if (picked.length === 0) return run.lost.length === 0 ? undefined : { imported: [], refused: run.lost };
      const { imported, refused } = await rpc("library.import", { files: picked.map((file) => file.handle) });
      // A person knows a file by its name.
      const names = new Map(picked.map((file) => [file.handle, file.name]));
      const named = refused.map((file) => ({ ...file, path: names.get(file.path) ?? file.path }));
      return { imported, refused: [...run.lost, ...named] };
    } catch (thrown) {
      // Stopped by the person: that is no failure.
      if (run.signal.aborted) return undefined;
      throw thrown;
    }
  });
  imports.running = imports.running.filter((known) => known !== run);
  return done;
}

/** The files in what was pasted or dropped. */
export function filesOf(data: DataTransfer | null): File[] {
  return [...(data?.files ?? [])];
}
