import { readFileSync } from 'node:fs';
import type { SigningKey } from '@yitong/kernel';
import { suites } from '@yitong/kernel';
import { z } from '@yitong/kit';
import { describe, SetupError } from './postgres/setup-error.ts';

const StoredKey = z.object({
  id: z.string().min(1),
  suite: z.enum([suites['ed25519-sha256'].name, suites['sm2-sm3'].name]),
  public: z.string().min(1),
  secret: z.string().min(1),
});

/** Reads a node's signing key; throws `SetupError` `bad-key`, which never tells of the key's content. */
export function readSigningKey(path: string): SigningKey {
  const parsed = StoredKey.safeParse(parseJson(path));
  if (parsed.success) return parsed.data;
  throw badKey(path, 'it is not a signing key of ours');
}

/** Reads a PEM file; throws `SetupError` `bad-key`. */
export function readPem(path: string): string {
  const text = readText(path);
  if (text.includes('-----BEGIN ')) return text;
  throw badKey(path, 'it is not PEM');
}

function parseJson(path: string): unknown {
  const text = readText(path);
  try {
    return JSON.parse(text);
  } catch {
    throw badKey(path, 'it is not JSON'); // the parser's own words quote the text
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw badKey(path, describe(error), error);
  }
}

function badKey(path: string, reason: string, cause?: unknown): SetupError {
  const remedy = 'put the file back from a backup, readable by the node’s account alone';
  return new SetupError({ code: 'bad-key', reason: `the key file ${path}: ${reason}`, remedy }, cause);
}
