import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { codeOf } from './setup-error.ts';

/** Reads the secret kept in a 0600 file, making 24 random bytes (base64url) the first time. */
export function secretIn(path: string): string {
  const kept = readSecret(path);
  if (kept !== undefined) return kept;
  const half = `${path}.${process.pid}`;
  writeFileSync(half, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  try {
    linkSync(half, path); // Unlike rename it never replaces what another start has just made.
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(half, { force: true });
  }
  return readFileSync(path, 'utf8').trim();
}

/** Writes a file for its owner alone (0600), whole or not at all. */
export function writePrivate(path: string, text: string): void {
  const half = `${path}.${process.pid}`;
  writeFileSync(half, text, { mode: 0o600 });
  chmodSync(half, 0o600);
  renameSync(half, path);
}

function readSecret(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
