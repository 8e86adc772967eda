import type { IncomingMessage, Server } from 'node:http';
import { clientFault } from './client-fault.ts';

/** Bytes of a file that arrive at least in each of the spans that another request has in all: 32 KiB in 20 s is a hundredth of a slow phone's. */
const fileBytesLeast = 32_768;
/** How many of those spans a file may take in all, however steadily it comes: half an hour of 20 s. */
export const fileSpans = 90;

/**
 * Cuts off bodies that come too slowly. A request has `requestMs` for all of it; a file, which may be of 10 MB and come from a phone, as long as it
 * keeps coming: whoever would hold the connection with a drip is cut like the others (threat 17).
 */
export function keepPace(server: Server, requestMs: number): void {
  server.prependListener('request', (request: IncomingMessage) => {
    const { headers, socket, method, url = '' } = request;
    if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return;
    const isFile = method === 'POST' && /^\/blobs(?:\?|$)/.test(url);
    let before = socket.bytesRead;
    const timer = setInterval(() => {
      const came = socket.bytesRead - before;
      before = socket.bytesRead;
      if (isFile && came >= fileBytesLeast && !request.complete) return;
      clearInterval(timer);
      if (request.complete) return;
      const slow = Object.assign(new Error('the body came too slowly'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
      clientFault(slow, socket);
    }, requestMs);
    timer.unref();
    request.once('close', () => clearInterval(timer));
  });
}
