import { afterEach, expect, test, vi } from 'vitest';
import type { BlobAnswer } from '../seams.ts';
import { pieceBytes } from '../store/blob-store.ts';
import { Federation } from '../testing/federation.ts';
import { letters } from '../testing/letters.ts';
import { fileRecord } from './blob.ts';

const person = '310101200002290015';
const clerk = { id: 'c-1', roles: ['clerk'] };
const [here, there, other] = ['340000', '310000', '320000'] as const;
let region: Federation;
let onBlob: ((given: BlobAnswer) => BlobAnswer) | undefined;
afterEach(() => region.stop());

async function start(): Promise<void> {
  onBlob = undefined;
  region = new Federation({
    members: [here, there, other],
    systemOf: () => letters,
    onBlob: (_from, _to, given) => onBlob?.(given) ?? given,
  });
  await region.startAll();
}

/** Bytes that compress badly and differ from piece to piece. */
function content(length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, n) => (n * 31 + (n >> 8)) & 255));
}

async function* inParts(bytes: Buffer, part = 100_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += part) yield bytes.subarray(at, at + part);
}

async function kept(bytes: Buffer) {
  const wish = { type: 'application/pdf', name: 'scan.pdf', purpose: 'settle', actor: clerk };
  const answer = await region.node(here).blobs.keep(wish, inParts(bytes));
  if (!answer.ok) throw new Error(answer.problem.type);
  return answer.file;
}

async function write(scan: object, id = 'l1') {
  const input = { id, person, to: there, scan };
  return region.node(here).command({ type: 'desk/write', input, actor: clerk }, 10_000);
}

async function bytesAt(code: string, sha256: string): Promise<Buffer | undefined> {
  const given = await region.node(code).blobs.open(sha256, 0);
  if (!given) return undefined;
  const parts: Uint8Array[] = [];
  for await (const part of given.bytes) parts.push(part);
  return Buffer.concat(parts);
}

const arrived = (sha256: string, state = 'here') =>
  vi.waitFor(async () => expect((await region.node(there).blobs.state(sha256))?.state).toBe(state), 20_000);

/** The node starts again so many days later. */
async function pass(count: number): Promise<void> {
  await region.stop(here);
  region.shiftMs += count * 86_400_000;
  await region.start(here);
}

async function rows(code: string, type: string, about: string) {
  const query = { type, where: [], sort: undefined, limit: 50, after: undefined, subject: about } as const;
  const page = await region.checked(code).reader.list({ ...query, owner: 'own' });
  return page.rows.map(({ body }) => JSON.parse(body ?? ''));
}

test('a file follows the message that names it, and the person’s own list says who has it and why', async () => {
  await start();
  const bytes = content(3 * pieceBytes + 5);
  const scan = await kept(bytes);
  expect(scan).toMatchObject({ size: bytes.length, type: 'application/pdf' });
  expect(await write(scan)).toMatchObject({ state: 'done' });
  await arrived(scan.sha256);
  expect((await bytesAt(there, scan.sha256))?.equals(bytes)).toBe(true);
  expect(await rows(here, 'access/read', `person:${person}`)).toMatchObject([
    { reader: `yitong:${there}`, member: there, purpose: 'settle', what: `blob ${scan.sha256.slice(0, 12)}` },
  ]);
});

test('a cut in mid-way is gone on from where it was, and counts as one reading', async () => {
  await start();
  const bytes = content(5 * pieceBytes);
  const scan = await kept(bytes);
  const asked: number[] = [];
  onBlob = (given) => {
    const left = given.bytes;
    asked.push(given.status);
    if (asked.filter((status) => status === 200).length > 1 || given.status !== 200) return given;
    async function* cut() {
      let count = 0;
      for await (const part of left) {
        if (count++ === 2) throw new Error('cut');
        yield part;
      }
    }
    return { ...given, bytes: cut() };
  };
  await write(scan);
  await arrived(scan.sha256);
  expect((await bytesAt(there, scan.sha256))?.equals(bytes)).toBe(true);
  expect(asked.filter((status) => status === 200)).toHaveLength(2);
  expect(await rows(here, 'access/read', `person:${person}`)).toHaveLength(1);
});

test('a file with other bytes than its hash is not taken; the right bytes are, when they come', async () => {
  await start();
  const bytes = content(2 * pieceBytes);
  const scan = await kept(bytes);
  let times = 0;
  onBlob = (given) => {
    if (given.status !== 200 || times++ > 0) return given;
    async function* forged() {
      for await (const part of given.bytes) yield part.map((byte, n) => (n === 7 ? byte ^ 1 : byte));
    }
    return { ...given, bytes: forged() };
  };
  await write(scan);
  await arrived(scan.sha256);
  expect(times).toBe(2);
  expect((await bytesAt(there, scan.sha256))?.equals(bytes)).toBe(true);
});

test('a peer that gives other bytes again and again has none', async () => {
  await start();
  const scan = await kept(content(100));
  onBlob = (given) => (given.status === 200 ? { ...given, bytes: inParts(Buffer.alloc(100)) } : given);
  await write(scan);
  await arrived(scan.sha256, 'refused');
  expect(await bytesAt(there, scan.sha256)).toBeUndefined();
});

test('only a member to which a message named it may have a file, and others learn nothing of it', async () => {
  await start();
  const scan = await kept(content(100));
  const give = (peer: string, sha256 = scan.sha256) => region.node(here).blobs.give(peer, sha256, 0);
  expect(await give(other)).toMatchObject({ status: 403, code: 'not-granted' });
  expect(await give(other, 'f'.repeat(64))).toMatchObject({ status: 403, code: 'not-granted' });
  await write(scan);
  await arrived(scan.sha256);
  expect(await give(other)).toMatchObject({ status: 403 });
  expect(await give(there)).toMatchObject({ status: 200, size: 100 });
  await pass(31);
  expect(await give(there)).toMatchObject({ status: 410, code: 'hold-over' });
});

test('a file is kept while a record names it, for the record’s term after that, and then let go of', async () => {
  await start();
  const scan = await kept(content(100));
  await write(scan);
  await arrived(scan.sha256);
  const state = async () => (await region.node(here).blobs.state(scan.sha256))?.state;
  await pass(100);
  expect(await state()).toBe('here');
  await region.node(here).command({ type: 'desk/burn', input: { id: 'l1' }, actor: clerk }, 1_000);
  await pass(39);
  expect(await state()).toBe('here');
  await pass(5);
  await vi.waitFor(async () => expect(await state()).toBe('gone'), 20_000);
  expect(await bytesAt(here, scan.sha256)).toBeUndefined();
});

test('a file larger than a node takes leaves nothing behind', async () => {
  await start();
  async function* endless() {
    const part = new Uint8Array(1 << 20);
    for (;;) yield part;
  }
  const wish = { type: 'image/png', name: 'x.png', purpose: 'settle', actor: clerk };
  expect(await region.node(here).blobs.keep(wish, endless())).toMatchObject({
    ok: false,
    problem: { status: 413 },
  });
  expect(await rows(here, fileRecord.type, 'blob:x')).toEqual([]);
});
