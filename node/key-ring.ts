import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { SigningKey } from '@yitong/kernel';
import { readSigningKey } from './key-files.ts';

/**
 * Signing keys at hand: the file that the configuration names and those that a rotation put beside it (`batch.json`, `batch-<id>.json`).
 * Throws `SetupError` `bad-key` when one cannot be read.
 */
export function signingKeysAt(path: string): readonly SigningKey[] {
  return keyFilesAt(path).map(readSigningKey);
}

/** Paths of a key file and of those that a rotation put beside it, the first one first. */
export function keyFilesAt(path: string): readonly string[] {
  const folder = dirname(path);
  const name = basename(path, '.json');
  const more = readdirSync(folder).filter((file) => file.startsWith(`${name}-`) && file.endsWith('.json'));
  return [path, ...more.sort().map((file) => join(folder, file))];
}
