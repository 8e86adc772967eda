import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { signingKey } from '@yitong/kernel';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readNodeConfig } from '../config.ts';
import { signingKeysAt } from '../key-ring.ts';
import { spkiOf } from '../peers/contacts.ts';
import { ensureCertificate } from './certificate.ts';
import { memberFiles } from './layout.ts';
import { lockHolder, takeLock } from './lock.ts';
import { ensureSigningKey } from './member-keys.ts';
import { keysOf } from './members.ts';
import { choosePorts, isFree } from './ports.ts';
import { type DirectoryWish, ensureDirectory, readDirectories } from './region-directory.ts';
import { onStopSignals } from './signals.ts';
import { openTerms } from './terms.ts';
import { Undo } from './undo.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'yitong-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const dayMs = 86_400_000;
const start = Date.UTC(2026, 10, 24);

function wish(codes: readonly string[], nowMs = start, base = 7311): DirectoryWish {
  const candidates = codes.map((code, index) => ({
    code,
    name: `成员${code}`,
    url: `https://127.0.0.1:${base + 10 * index}`,
    tls: code.padEnd(64, '0'),
    batchKey: ensureSigningKey(join(folder, code, 'batch.json'), `${code}-2026a`),
    directoryKey: ensureSigningKey(join(folder, code, 'directory.json'), `${code}-2026d`),
  }));
  const terms = openTerms([{ name: 'medical-settlement', purposes: ['settlement'] }]);
  const path = join(folder, 'directory.json');
  return { path, region: 'csj', streams: 4, candidates, voters: candidates, terms, nowMs };
}

const four = ['310000', '320000', '330000', '340000'];

test('the first directory is signed by three of four, with one key for batches and another for votes', () => {
  const directory = ensureDirectory(wish(four));
  expect(directory).toMatchObject({ version: 1, threshold: 3, streams: 4, signers: four });
  expect(directory.members[0]?.keys.map(({ use }) => use)).toEqual([
    ['batch', 'receipt', 'question', 'answer', 'journal'],
    ['directory'],
  ]);
  const [first] = readDirectories(join(folder, 'directory.json'));
  expect(first?.directory).toEqual(directory);
  expect(first?.signatures).toHaveLength(4);
});

test('a member that signs by SM2 has an Ed25519 key beside it for the checkpoints of its journal', () => {
  const files = memberFiles(folder, '310000');
  mkdirSync(dirname(files.batchKey), { recursive: true });
  const random = new Uint8Array(32).fill(7);
  writeFileSync(files.batchKey, JSON.stringify(signingKey({ id: '310000-s', suite: 'sm2-sm3', random })));
  const keys = keysOf(folder, '310000');
  const [first, ...others] = wish(four).candidates;
  if (!first) throw new Error('four candidates');
  const directory = ensureDirectory({ ...wish(four), candidates: [{ ...first, ...keys }, ...others] });
  expect(directory.members[0]?.keys.map(({ suite, use }) => [suite, use])).toEqual([
    ['sm2-sm3', ['batch', 'receipt', 'question', 'answer']],
    ['ed25519-sha256', ['journal']],
    ['ed25519-sha256', ['directory']],
  ]);
  expect(signingKeysAt(files.batchKey).map(({ id }) => id)).toEqual(['310000-s', keys.journalKey?.id]);
});

test('a later start keeps the directory; another address, a new member and a week each make the next version', () => {
  const three = four.slice(0, 3);
  ensureDirectory(wish(three));
  expect(ensureDirectory(wish(three, start + dayMs)).version).toBe(1);
  expect(ensureDirectory(wish(three.slice(0, 1), start + dayMs)).version).toBe(1);
  const moved = ensureDirectory(wish(three, start + dayMs, 7411));
  expect(moved).toMatchObject({ version: 2, threshold: 3 });
  expect(moved.members[0]?.keys).toEqual(readDirectories(wish([]).path)[0]?.directory.members[0]?.keys);
  expect(ensureDirectory(wish(four, start + 2 * dayMs, 7411))).toMatchObject({ version: 3, signers: four });
  expect(ensureDirectory(wish(four, start + 9 * dayMs, 7411)).version).toBe(4);
  const longer = ensureDirectory(wish(four, start + 780 * dayMs, 7411));
  expect(Date.parse(longer.members[0]?.keys[0]?.until ?? '')).toBeGreaterThan(start + 1_500 * dayMs);
  expect(readDirectories(wish([]).path).map(({ directory }) => directory.version)).toEqual([1, 2, 3, 4, 5]);
});

test('refuses a directory file that somebody changed, and goes on with the last version where too few can sign another', () => {
  const path = join(folder, 'directory.json');
  ensureDirectory(wish(four));
  const whole = readFileSync(path, 'utf8');
  const few = wish(four, start, 7411);
  const notices: string[] = [];
  const notice = (text: string): void => void notices.push(text);
  expect(ensureDirectory({ ...few, voters: few.candidates.slice(0, 2), notice }).version).toBe(1);
  expect(notices).toEqual([expect.stringMatching(/too-few-signatures: 2 of 3 .*yitong member propose/)]);
  writeFileSync(path, whole.replace('127.0.0.1:7311', '127.0.0.1:9999'));
  expect(() => ensureDirectory(wish(four))).toThrow(/version 1: 0 of 3 signatures/);
  writeFileSync(path, whole.slice(0, 100));
  expect(() => ensureDirectory(wish(four))).toThrow(/it is torn/);
});

test('terms let each member use what the systems declare, for their purposes and no other', () => {
  const systems = [
    { name: 'plan', purposes: [] },
    { name: 'care', purposes: ['b', 'a'] },
  ];
  expect(openTerms(systems)).toEqual({
    purposes: ['a', 'b', 'copy'],
    permissions: [
      { type: 'kernel/*', from: '*', to: '*', purposes: ['a', 'b', 'copy'] },
      { type: 'care/*', from: '*', to: '*', purposes: ['a', 'b'] },
    ],
  });
});

test('a certificate names its host, is kept, and keeps its key when it is made anew', async () => {
  const files = memberFiles(folder, '310000');
  const hash = await ensureCertificate(files, '310000', '127.0.0.1');
  const text = readFileSync(files.tlsCertificate, 'utf8');
  const certificate = new X509Certificate(text);
  expect(spkiOf(certificate)).toBe(hash);
  expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(certificate.checkHost('localhost')).toBe('localhost');
  expect(await ensureCertificate(files, '310000', '127.0.0.1')).toBe(hash);
  expect(readFileSync(files.tlsCertificate, 'utf8')).toBe(text);
  rmSync(files.tlsCertificate);
  expect(await ensureCertificate(files, '310000', '127.0.0.1')).toBe(hash);
});

test('a lock is one process alone, and that of a dead one is taken over', () => {
  const release = takeLock(folder);
  expect(lockHolder(folder)).toBe(process.pid);
  expect(() => takeLock(folder)).toThrow(/is in use by process/);
  release();
  expect(lockHolder(folder)).toBeUndefined();
  const path = join(folder, 'supervisor.json');
  for (const dead of ['{"pid":1,"began":"long ago"}', `{"pid":${process.pid},"began":"x"}`, '{"pid":', '']) {
    writeFileSync(path, dead);
    takeLock(folder)();
    expect(existsSync(path)).toBe(false);
  }
});

test('a port is kept while it is free, and moved past in hundreds when it is not', async () => {
  const wishes = [
    { name: 'a', port: 17_310 },
    { name: 'b', port: 17_310 },
  ];
  const first = await choosePorts(folder, '127.0.0.1', wishes);
  const [a = 0, b = 0] = ['a', 'b'].map((name) => first.get(name));
  expect([a % 100, b % 100, b > a]).toEqual([10, 10, true]);
  expect(await choosePorts(folder, '127.0.0.1', wishes)).toEqual(first);

  const busy = createServer();
  await new Promise<void>((resolve) => busy.listen(a, '0.0.0.0', resolve));
  expect(await isFree(a, '127.0.0.1')).toBe(false);
  const moved = await choosePorts(folder, '127.0.0.1', wishes);
  expect(moved.get('a')).toBeGreaterThan(b);
  expect(moved.get('b')).toBe(b);
  await new Promise((resolve) => busy.close(resolve));
});

test('one Ctrl-C stops, its echo by npm does nothing, a later one forces', () => {
  const calls: string[] = [];
  const clock = performance.now.bind(performance);
  let ahead = 0;
  performance.now = () => clock() + ahead;
  const remove = onStopSignals(
    () => calls.push('stop'),
    () => calls.push('force'),
  );
  try {
    process.emit('SIGINT');
    process.emit('SIGINT');
    ahead = 1_500;
    process.emit('SIGTERM');
  } finally {
    remove();
    performance.now = clock;
  }
  expect(calls).toEqual(['stop', 'force']);
});

test('ends what was started in the opposite order, also when one part fails, and only once', async () => {
  const undo = new Undo();
  const ended: string[] = [];
  undo.add(() => void ended.push('first'));
  undo.add(() => Promise.reject(new Error('stuck')));
  undo.add((force) => void ended.push(`third ${force}`));
  await expect(undo.run(true)).rejects.toThrow('stuck');
  await undo.run(false);
  expect(ended).toEqual(['third true', 'first']);
});

test('a configuration is refused with each field at fault and the remedy', () => {
  const path = join(folder, 'config.json');
  writeFileSync(path, JSON.stringify({ member: '31', partitions: 3, surprise: 1 }));
  expect(() => readNodeConfig(path)).toThrow(
    /member: not a division code of six digits; .*partitions: not a power of two; .*surprise.*; correct the file/,
  );
  writeFileSync(path, '{');
  expect(() => readNodeConfig(path)).toThrow(/config\.json: .*JSON/);
  expect(() => readNodeConfig(join(folder, 'none.json'))).toThrow(/ENOENT/);
});
