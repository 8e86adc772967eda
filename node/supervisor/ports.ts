import { createServer } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { writePrivate } from '../postgres/secret.ts';
import { codeOf, SetupError } from '../postgres/setup-error.ts';
import { readJsonFile } from './json-file.ts';

/** One port that is wanted: a name to remember it by and the number it should have. */
export type PortWish = { name: string; port: number };

const Stored = z.record(z.string(), z.int().min(1).max(65_535));

/** How far apart the next numbers to try lie: the last two digits, which tell the member, stay. */
const stride = 100;

/**
 * A free port for each wish. The one of the last start is kept while it is free; a busy one is moved past in steps
 * of 100. The choice is remembered in `<dataDir>/ports.json`. Throws `SetupError` `no-free-port`.
 */
export async function choosePorts(
  dataDir: string,
  host: string,
  wishes: readonly PortWish[],
): Promise<ReadonlyMap<string, number>> {
  const path = join(dataDir, 'ports.json');
  const remembered = readJsonFile(path, Stored) ?? {};
  const chosen = new Map<string, number>();
  // First all that can stay as they are: a port that moves must not take one that is about to be kept.
  for (const { name } of wishes) {
    const before = remembered[name];
    if (before !== undefined && !isTaken(chosen, before) && (await isFree(before, host)))
      chosen.set(name, before);
  }
  for (const { name, port } of wishes) {
    if (!chosen.has(name)) chosen.set(name, await nextFree({ name, port }, host, chosen));
  }
  writePrivate(path, JSON.stringify({ ...remembered, ...Object.fromEntries(chosen) }));
  return chosen;
}

/** Whether a port can be listened on at `host` and nothing else on this machine listens on it at all addresses. */
export async function isFree(port: number, host: string): Promise<boolean> {
  // Some systems let a socket of one address share a port with one of all addresses: look at both.
  return (await canListen(port, host)) && (await canListen(port, '0.0.0.0'));
}

async function nextFree(
  { name, port }: PortWish,
  host: string,
  chosen: ReadonlyMap<string, number>,
): Promise<number> {
  for (let next = port; next < 65_536 && next < port + 100 * stride; next += stride) {
    if (!isTaken(chosen, next) && (await isFree(next, host))) return next;
  }
  throw noFreePort(name, port);
}

function isTaken(chosen: ReadonlyMap<string, number>, port: number): boolean {
  return [...chosen.values()].includes(port);
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => {
      if (codeOf(error) === 'EADDRINUSE' || codeOf(error) === 'EACCES') resolve(false);
      else reject(error);
    });
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

function noFreePort(name: string, port: number): SetupError {
  return new SetupError({
    code: 'no-free-port',
    reason: `no free port for ${name}: ${port}, ${port + stride}, ${port + 2 * stride} … are all busy`,
    remedy: 'stop what listens there (yitong doctor lists leftovers of earlier starts)',
  });
}
