import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { KernelNode } from '@yitong/kernel';
import type { PeerLog } from './server.ts';

/** Who asks for which file, of which node. */
interface BlobRequest {
  readonly peer: string;
  readonly sha256: string;
  readonly node: Pick<KernelNode, 'blobs'>;
  readonly log: PeerLog;
}

/** Longest silence of a peer that takes a file, ms. */
const idleMs = 30_000;

/** Gives a member a file that a message to it named, from the byte that `Range` names (exchange protocol B10). */
export async function giveBlob(
  { peer, sha256, node, log }: BlobRequest,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const from = request.method === 'GET' ? firstByte(request.headers.range) : undefined;
  if (from === undefined) return refuse(response, request.method === 'GET' ? 416 : 405, 'range');
  try {
    const given = await node.blobs.give(peer, sha256, from);
    const { size = 0, status, code = 'not-here' } = given;
    if (status !== 200) return refuse(response, status, code);
    if (from >= size && size > 0) return refuse(response, 416, 'range');
    const part = { 'content-range': `bytes ${from}-${size - 1}/${size}` };
    response.writeHead(from === 0 ? 200 : 206, {
      'content-type': 'application/octet-stream',
      'content-length': size - from,
      'accept-ranges': 'bytes',
      ...(from === 0 ? {} : part),
    });
    response.setTimeout(idleMs, () => response.destroy());
    await pipeline(Readable.from(given.bytes, { objectMode: false }), response);
  } catch (error) {
    log.warn(
      { code: 'blob-not-given', peer, why: error instanceof Error ? error.name : 'unknown' },
      'a file was cut',
    );
    if (response.headersSent) response.destroy();
    else refuse(response, 503, 'busy');
  }
}

/** The first byte of `bytes=<n>-`, the only form that members use; 0 without a range. */
function firstByte(range: string | undefined): number | undefined {
  if (range === undefined) return 0;
  const first = /^bytes=(\d{1,15})-$/.exec(range)?.[1];
  return first === undefined ? undefined : Number(first);
}

function refuse(response: ServerResponse, status: number, code: string): void {
  const body = JSON.stringify({ type: code, status });
  response.writeHead(status, { 'content-type': 'application/problem+json', 'content-length': body.length });
  response.end(body);
}
