import { type IncomingMessage, STATUS_CODES } from 'node:http';

/** Milliseconds that the answer has to arrive before the connection is torn down. */
const lingerMs = 2_000;

/**
 * Answers a request whose body is not wanted and closes the connection without reading on. Node itself would either read the body to its end
 * or close at once, which resets the connection and may lose the answer; here the answer has a moment to arrive.
 */
export function cutOff(
  request: IncomingMessage,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
): void {
  const { socket } = request;
  request.pause();
  const all = { ...headers, 'content-length': String(Buffer.byteLength(body)), connection: 'close' };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}\r\n${lines.join('')}\r\n${body}`);
  socket.pause();
  socket.on('error', () => socket.destroy());
  setTimeout(() => socket.destroy(), lingerMs).unref();
}
