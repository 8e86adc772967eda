import { hexOf } from './ids.ts';
import { answerOf, spoken } from './problem.ts';
import type { FileRef } from './types.ts';

/** Types that systems without the name of a file's ending give wrongly or not at all. */
const byEnding: Readonly<Record<string, string>> = { ofd: 'application/ofd', csv: 'text/csv' };

/** How a file is brought. */
export interface UploadWish {
  readonly signal: AbortSignal;
  /** Citizen number of whom it concerns; of whoever signed in as themselves the node knows it. */
  readonly person?: string | undefined;
  /** Hears the share that has left, 0 to 1. */
  progress(share: number): void;
}

/**
 * Brings a file to the node; what comes back is what a command's field takes. By `XMLHttpRequest`, as `fetch` tells nothing of what has left yet.
 * Throws `ProblemError` for a refusal, `TypeError` when the node cannot be reached or the time was too short.
 */
export function upload(file: File, { signal, progress, person }: UploadWish): Promise<FileRef> {
  const request = new XMLHttpRequest();
  const query = new URLSearchParams({ name: file.name });
  request.open('POST', `/blobs?${query}`);
  for (const [name, value] of Object.entries(spoken)) request.setRequestHeader(name, value);
  const ending = file.name.toLowerCase().split('.').at(-1) ?? '';
  if (person !== undefined) request.setRequestHeader('yitong-person', person);
  request.setRequestHeader('content-type', byEnding[ending] ?? (file.type || 'application/octet-stream'));
  request.upload.onprogress = ({ loaded, total }) => progress(total === 0 ? 0 : loaded / total);
  const ended = new Promise<FileRef>((resolve, reject) => {
    request.onload = () => {
      const headers = { 'content-type': request.getResponseHeader('content-type') ?? '' };
      resolve(answerOf<FileRef>(new Response(request.responseText, { status: request.status, headers })));
    };
    request.onerror = () => reject(new TypeError('the file did not get through'));
    request.onabort = () => reject(new DOMException('given up', 'AbortError'));
  });
  signal.addEventListener('abort', () => request.abort());
  request.send(file);
  return ended;
}

/** Fetches a file and compares its SHA-256 with the one under which it was asked for. Throws `ProblemError`, or an error when the bytes are others. */
export async function download(of: FileRef, query: string, purpose?: string): Promise<Blob> {
  const headers = { ...spoken, ...(purpose === undefined ? {} : { 'yitong-purpose': purpose }) };
  const response = await fetch(`/blobs/${of.sha256}?${query}`, { headers });
  if (!response.ok) return answerOf(response);
  const bytes = await response.blob();
  const digest = await crypto.subtle.digest('SHA-256', await bytes.arrayBuffer());
  const found = hexOf(new Uint8Array(digest));
  if (found !== of.sha256) throw new Error(`the file’s hash is ${found}`);
  return bytes;
}
