import type { Socket } from 'node:net';
import { type FaultCode, fault } from './faults.ts';

const codes: Readonly<Record<string, FaultCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'slow-request',
  HPE_HEADER_OVERFLOW: 'headers-too-large',
};
const statusLines: Readonly<Record<number, string>> = {
  400: '400 Bad Request',
  408: '408 Request Timeout',
  431: '431 Request Header Fields Too Large',
};

/** Answers what is no HTTP request at all, or came too slowly, and closes; nothing of it is repeated. */
export function clientFault(error: Error & { readonly code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const problem = fault(codes[error.code ?? ''] ?? 'bad-request', 'en');
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${statusLines[problem.status] ?? '400 Bad Request'}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
