import { existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import {
  chainFault,
  type Directory,
  type DirectoryKey,
  type DirectorySignature,
  directoryBytes,
  directoryHash,
  type Member,
  quorum,
  readDirectory,
  type SignedDirectory,
  type SigningKey,
  signDirectory,
  signedText,
} from '@yitong/kernel';
import { z } from 'zod';
import { writePrivate } from '../postgres/secret.ts';
import { SetupError } from '../postgres/setup-error.ts';
import { readJsonFile } from './json-file.ts';
import type { Terms } from './terms.ts';

/** One signed version as files and evidence hold it: canonical text, and signatures by key id. */
const StoredVersion = z.object({
  canonical: z.string(),
  signatures: z.record(z.string(), z.string()),
});

/** The file of a region's directories, oldest first. */
const DirectoryFile = z.object({ directories: z.array(StoredVersion).min(1) });

/** What a member brings into the directory. */
export type Candidate = {
  code: string;
  name: string;
  /** Origin of its exchange address. */
  url: string;
  /** SHA-256 of the TLS key's SPKI, hex. */
  tls: string;
  batchKey: SigningKey;
  /** Signs the journal's checkpoints where the batch key, of the other suite, cannot. */
  journalKey?: SigningKey;
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
  /** Versions known, oldest first; those of the file when absent. */
  versions?: readonly SignedDirectory[];
  /** Told when the members must agree on a change that cannot be signed here. */
  notice?: (text: string) => void;
};

const remedy = 'the members sign it with yitong member propose and sign; until then the last version holds';

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
  const chain = wish.versions ?? readDirectories(wish.path);
  if (wish.versions !== undefined && chain.length > 0) writeVersions(wish.path, chain);
  const last = chain.at(-1)?.directory;
  const next = composed(wish, last);
  if (last !== undefined && isCurrent(last, next, wish.nowMs)) return last;
  const signed = { directory: next, signatures: signatures(wish, last, next) };
  const fault = faultOf(last, signed);
  if (fault !== undefined && last !== undefined && fault.startsWith('too-few')) {
    wish.notice?.(`the directory should change and cannot be signed here (${fault}): ${remedy}`);
    return last;
  }
  if (fault !== undefined) throw badDirectory(wish.path, fault);
  writeVersions(wish.path, [...chain, signed]);
  return next;
}

/** Everything but what changes with each issue is the same, and the last issue is young. */
function isCurrent(last: Directory, next: Directory, nowMs: number): boolean {
  if (nowMs - Date.parse(last.issued) > reissueDays * dayMs) return false;
  const { version, prev, issued, expires } = last;
  return isDeepStrictEqual({ ...next, version, prev, issued, expires }, last);
}

function composed(wish: DirectoryWish, last: Directory | undefined): Directory {
  const before = last?.members ?? [];
  const brought = new Map(wish.candidates.map((candidate) => [candidate.code, candidate]));
  const stay = before.map((member) => {
    const candidate = brought.get(member.code);
    return candidate === undefined ? member : followed(member, candidate, wish.nowMs);
  });
  const joined = wish.candidates.filter(({ code }) => before.every((member) => member.code !== code));
  const members = [...stay, ...joined.map((candidate) => entryOf(candidate, wish.nowMs))].sort(byCode);
  const signers = [...(last?.signers ?? []), ...joined.map(({ code }) => code)].sort();
  const issuedMs = Math.max(wish.nowMs, last === undefined ? 0 : Date.parse(last.issued));
  return {
    format: 'yitong-directory/1',
    region: last?.region ?? wish.region,
    version: (last?.version ?? 0) + 1,
    prev: last === undefined ? '0'.repeat(64) : directoryHash(last),
    issued: instantOf(issuedMs),
    expires: instantOf(issuedMs + directoryDays * dayMs),
    threshold: last !== undefined && joined.length === 0 ? last.threshold : quorum(signers.length),
    signers,
    members,
    purposes: wish.terms.purposes,
    permissions: wish.terms.permissions,
    streams: last?.streams ?? wish.streams,
  };
}

const byCode = (a: Member, b: Member): number => (a.code < b.code ? -1 : 1);
const batchUses: DirectoryKey['use'] = ['batch', 'receipt', 'question', 'answer', 'journal'];

/** What a member brings that the directory has not got yet. */
export function entryOf(candidate: Candidate, nowMs: number): Member {
  const { code, name, url, tls, batchKey, journalKey, directoryKey } = candidate;
  const uses = journalKey === undefined ? batchUses : batchUses.filter((use) => use !== 'journal');
  const keys = [
    freshKey(batchKey, uses, nowMs),
    ...(journalKey === undefined ? [] : [freshKey(journalKey, ['journal'], nowMs)]),
    freshKey(directoryKey, ['directory'], nowMs),
  ];
  return { code, name, url, tls: [tls], keys };
}

/** A member as the directory has it, at its address of now; a key that nothing has followed yet is valid for longer in time. */
function followed(before: Member, candidate: Candidate, nowMs: number): Member {
  const { name, url, tls } = candidate;
  const keys = before.keys.map((key) => {
    const own = [candidate.batchKey, candidate.journalKey, candidate.directoryKey].some(
      (one) => one?.id === key.id,
    );
    const last = before.keys.findLast((one) => one.use.some((use) => key.use.includes(use)));
    const isNew = Date.parse(key.until) - nowMs > directoryDays * dayMs;
    if (!own || last !== key || key.revoked !== undefined || isNew) return key;
    return { ...key, until: instantOf(nowMs + keyDays * dayMs) };
  });
  return { ...before, name, url, tls: before.tls.includes(tls) ? before.tls : [tls], keys };
}

function freshKey(
  { id, suite, public: hex }: SigningKey,
  use: DirectoryKey['use'],
  nowMs: number,
): DirectoryKey {
  const valid = { from: instantOf(nowMs - dayMs), until: instantOf(nowMs + keyDays * dayMs) };
  return { id, suite, public: hex, use, ...valid };
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
function faultOf(last: Directory | undefined, signed: SignedDirectory): string | undefined {
  const read = readDirectory(directoryBytes(signed.directory));
  return read.ok ? chainFault(last, signed) : read.detail;
}

/** All versions in such a file, oldest first, each verified against the one before. Throws `SetupError` `bad-directory`. */
export function readDirectories(path: string): SignedDirectory[] {
  const file = readJsonFile(path, DirectoryFile);
  if (file === undefined && existsSync(path)) throw badDirectory(path, 'it is torn or not such a file');
  const chain: SignedDirectory[] = [];
  for (const { canonical, signatures } of file?.directories ?? []) {
    const read = readDirectory(Buffer.from(canonical, 'utf8'));
    if (!read.ok) throw badDirectory(path, read.detail);
    const list = Object.entries(signatures).map(([key, signature]) => ({ key, signature }));
    const version: SignedDirectory = { directory: read.directory, signatures: list };
    const fault = faultOf(chain.at(-1)?.directory, version);
    if (fault !== undefined) throw badDirectory(path, `version ${read.directory.version}: ${fault}`);
    chain.push(version);
  }
  return chain;
}

/** Writes versions as a directory file has them, oldest first, whole or not at all. */
export function writeVersions(path: string, versions: readonly SignedDirectory[]): void {
  writePrivate(path, `${JSON.stringify({ directories: versions.map(signedText) }, undefined, 1)}\n`);
}

function badDirectory(path: string, reason: string): SetupError {
  const remedy = 'put the file back from a backup, start all members, or start anew with --fresh';
  return new SetupError({
    code: 'bad-directory',
    reason: `the region's directory ${path}: ${reason}`,
    remedy,
  });
}
