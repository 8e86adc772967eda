import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type SigningKey, signingKey } from '@yitong/kernel';
import { z } from 'zod';
import { writePrivate } from '../postgres/secret.ts';
import { readJsonFile } from './json-file.ts';

/** A key file: the signing key as JSON, secret included, mode 0600. */
const StoredKey = z.object({
  id: z.string().min(1),
  suite: z.enum(['ed25519-sha256', 'sm2-sm3']),
  public: z.string().min(1),
  secret: z.string().min(1),
});

/** Reads a signing key, making an Ed25519 one with this id the first time. */
export function ensureSigningKey(path: string, id: string): SigningKey {
  const kept = readJsonFile(path, StoredKey);
  if (kept !== undefined) return kept;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const made = signingKey({ id, suite: 'ed25519-sha256', random: randomBytes(32) });
  writePrivate(path, JSON.stringify(made));
  return made;
}
