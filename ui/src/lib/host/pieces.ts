// Sends a file to `PUT /import` in pieces: the window's protocol holds one piece in memory, and a broken connection loses one piece.
import type { PickedFile } from "../../contract/PickedFile";
import type { AppError } from "../../contract/AppError";
import { FileLost, HostError, type Sent } from "./types";

const PIECE = 4 * 1024 * 1024;

interface Answer {
  upload?: string;
  received?: number;
  file?: PickedFile;
}

export async function sendInPieces(base: string, file: File, sent: Sent, stop: AbortSignal): Promise<PickedFile> {
  const name = encodeURIComponent(file.name === "" ? "image" : file.name);
  let at = 0;
  let upload: string | undefined;
  for (;;) {
    // Bytes, not a blob: WebKitGTK ends the whole program over a blob that goes to a protocol of its own.
    const piece = await bytes(file, at);
    const place = upload === undefined ? "" : `&upload=${encodeURIComponent(upload)}&at=${at}`;
    const answer = await put(`${base}/import?name=${name}&size=${file.size}${place}`, piece, stop);
    if (answer.file) {
      sent(1);
      return answer.file;
    }
    if (answer.upload === undefined || answer.received === undefined || answer.received <= at) {
      throw new HostError("core_away", "the core took no bytes");
    }
    upload = answer.upload;
    at = answer.received;
    sent(at / Math.max(file.size, 1));
  }
}

/** A file may be gone by the time it is read. */
async function bytes(file: File, at: number): Promise<ArrayBuffer> {
  try {
    return await file.slice(at, at + PIECE).arrayBuffer();
  } catch {
    throw new FileLost(file.name);
  }
}

async function put(address: string, body: ArrayBuffer, signal: AbortSignal): Promise<Answer> {
  let answer: Response;
  try {
    answer = await fetch(address, { method: "PUT", body, signal });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new HostError("core_away", String(error));
  }
  const said: unknown = await answer.json();
  if (!answer.ok) throw said as AppError;
  return said as Answer;
}

/** Whether the browser can still read it. */
export async function reads(file: Blob): Promise<boolean> {
  try {
    await file.slice(0, 1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}
