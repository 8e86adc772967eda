import { existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import {
  type Directory,
  type DirectoryKey,
  type DirectorySignature,
  directoryBytes,
  directoryHash,
  type Member,
  quorum,
  readDirectory,
  type SigningKey,
  signDirectory,
  signersOfFirst,
  verifyStep,
} from '@yitong/kernel';
import { z } from 'zod';
import { writePrivate } from '../postgres/secret.ts';
import { SetupError } from '../postgres/setup-error.ts';
import { readJsonFile } from './json-file.ts';
import type { Terms } from './terms.ts';

/** One signed version as files and evidence hold it: canonical text, and signatures by key id. */
const SignedDirectory = z.object({
  canonical: z.string(),
  signatures: z.record(z.string(), z.string()),
});

/** The file of a region's directories, oldest first. */
const DirectoryFile = z.object({ directories: z.array(SignedDirectory).min(1) });

/** What a member brings into the directory. */
export type Candidate = {
  code: string;
  name: string;
  /** Origin of its exchange address. */
  url: string;
  /** SHA-256 of the TLS key's SPKI, hex. */
  tls: string;
  batchKey: SigningKey;
  directoryKey: SigningKey;
};

/** The wish for a region's directory; `nowMs` in milliseconds since 1970. */
export type DirectoryWish = {
  path: string;
  region: string;
  streams: number;
  candidates: readonly Candidate[];
  /** Directory keys at hand, of members that do not start now too. */
  voters: readonly { code: string; directoryKey: SigningKey }[];
  terms: Terms;
  nowMs: number;
};

/** A version of the directory with the signatures it was given. */
export type SignedVersion = { directory: Directory; signatures: DirectorySignature[] };

const dayMs = 86_400_000;
const keyDays = 825;
const directoryDays = 90;
/** Re-issued weekly (exchange protocol B8). */
const reissueDays = 6;

/**
 * Makes the first directory of the region, or the next version when an address, a key, a member or the terms changed or
 * the last was issued a week ago; signed by as many signers as the last version asks for, and verified. Returns the
 * version in force. Throws `SetupError` `bad-directory`.
 */
export function ensureDirectory(wish: DirectoryWish): Directory {
  const chain = readDirectories(wish.path);
  const last = chain.at(-1)?.directory;
  const next = composed(wish, last);
  if (last !== undefined && isCurrent(last, next, wish.nowMs)) return last;
  const signed = { directory: next, signatures: signatures(wish, last, next) };
  const fault = faultOf(last, signed);
  if (fault !== undefined) throw badDirectory(wish.path, fault);
  const directories = [...chain, signed].map(stored);
  writePrivate(wish.path, `${JSON.stringify({ directories }, undefined, 1)}\n`);
  return next;
}

/** Everything but what changes with each issue is the same, and the last issue is young. */
function isCurrent(last: Directory, next: Directory, nowMs: number): boolean {
  if (nowMs - Date.parse(last.issued) > reissueDays * dayMs) return false;
  const { version, prev, issued, expires } = last;
  return isDeepStrictEqual({ ...next, version, prev, issued, expires }, last);
}

function composed(wish: DirectoryWish, last: Directory | undefined): Directory {
  const brought = new Map(wish.candidates.map((candidate) => [candidate.code, candidate]));
  const before = last?.members ?? [];
  const stay = before.filter((member) => !brought.has(member.code));
  const members = wish.candidates.map((candidate) =>
    memberOf(
      candidate,
      before.find((member) => member.code === candidate.code),
      wish.nowMs,
    ),
  );
  const all = [...stay, ...members].sort((a, b) => (a.code < b.code ? -1 : 1));
  const issuedMs = Math.max(wish.nowMs, last === undefined ? 0 : Date.parse(last.issued));
  return {
    format: 'yitong-directory/1',
    region: wish.region,
    version: (last?.version ?? 0) + 1,
    prev: last === undefined ? '0'.repeat(64) : directoryHash(last),
    issued: instantOf(issuedMs),
    expires: instantOf(issuedMs + directoryDays * dayMs),
    threshold: quorum(all.length),
    signers: all.map(({ code }) => code),
    members: all,
    purposes: wish.terms.purposes,
    permissions: wish.terms.permissions,
    streams: last?.streams ?? wish.streams,
  };
}

function memberOf(candidate: Candidate, before: Member | undefined, nowMs: number): Member {
  const { code, name, url, tls, batchKey, directoryKey } = candidate;
  const keys = [
    keyOf(batchKey, ['batch', 'receipt', 'question', 'answer', 'journal'], before, nowMs),
    keyOf(directoryKey, ['directory'], before, nowMs),
  ];
  const others = before?.keys.filter(({ id }) => keys.every((key) => key.id !== id)) ?? [];
  const epoch = before?.epoch;
  return {
    code,
    name,
    url,
    tls: [tls],
    keys: [...keys, ...others],
    ...(epoch === undefined ? {} : { epoch }),
  };
}

/** As the directory had it, until its time runs out; then valid for longer. */
function keyOf(
  key: SigningKey,
  use: DirectoryKey['use'],
  before: Member | undefined,
  nowMs: number,
): DirectoryKey {
  const known = before?.keys.find(({ id }) => id === key.id);
  const until = instantOf(nowMs + keyDays * dayMs);
  if (known !== undefined && Date.parse(known.until) - nowMs > directoryDays * dayMs) return known;
  if (known !== undefined) return { ...known, until };
  const from = instantOf(nowMs - dayMs);
  return { id: key.id, suite: key.suite, public: key.public, use, from, until };
}

function signatures(wish: DirectoryWish, last: Directory | undefined, next: Directory): DirectorySignature[] {
  const voters = wish.voters.filter(
    ({ code }) => next.signers.includes(code) || last?.signers.includes(code) === true,
  );
  return voters.map(({ directoryKey }) => signDirectory(directoryKey, next));
}

function instantOf(ms: number): string {
  return new Date(ms).toISOString();
}

/** Why a version does not stand where it is put, undefined when it does. */
function faultOf(last: Directory | undefined, { directory, signatures }: SignedVersion): string | undefined {
  const read = readDirectory(directoryBytes(directory));
  if (!read.ok) return read.detail;
  if (last === undefined) {
    const signed = signersOfFirst(directory, signatures).length;
    return signed >= directory.threshold ? undefined : `${signed} of ${directory.threshold} signatures`;
  }
  const step = verifyStep(last, directory, signatures);
  return step.ok ? undefined : `${step.code}: ${step.detail}`;
}

/** All versions in such a file, oldest first, each verified against the one before. Throws `SetupError` `bad-directory`. */
export function readDirectories(path: string): SignedVersion[] {
  const file = readJsonFile(path, DirectoryFile);
  if (file === undefined && existsSync(path)) throw badDirectory(path, 'it is torn or not such a file');
  const chain: SignedVersion[] = [];
  for (const { canonical, signatures } of file?.directories ?? []) {
    const read = readDirectory(Buffer.from(canonical, 'utf8'));
    if (!read.ok) throw badDirectory(path, read.detail);
    const list = Object.entries(signatures).map(([key, signature]) => ({ key, signature }));
    const version = { directory: read.directory, signatures: list };
    const fault = faultOf(chain.at(-1)?.directory, version);
    if (fault !== undefined) throw badDirectory(path, `version ${read.directory.version}: ${fault}`);
    chain.push(version);
  }
  return chain;
}

function stored({ directory, signatures }: SignedVersion): z.infer<typeof SignedDirectory> {
  return {
    canonical: Buffer.from(directoryBytes(directory)).toString('utf8'),
    signatures: Object.fromEntries(signatures.map(({ key, signature }) => [key, signature])),
  };
}

function badDirectory(path: string, reason: string): SetupError {
  const remedy = 'put the file back from a backup, start all members, or start anew with --fresh';
  return new SetupError({
    code: 'bad-directory',
    reason: `the region's directory ${path}: ${reason}`,
    remedy,
  });
}
