import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { z } from '@yitong/kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changed } from './door-row.ts';
import { importRows } from './import.rows.ts';
import { BadInputRegion, care, insured, type Stored } from './region.ts';
import { people } from './samples.ts';

const bin = fileURLToPath(new URL('../../cli/bin.mjs', import.meta.url));
let region: BadInputRegion;
let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yitong-bad-files-'));
  region = await BadInputRegion.start();
});
afterAll(async () => {
  await region?.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly exit: unknown;
  readonly out: string;
  readonly err: string;
}

/** Runs the command itself, as an office would. */
function importFile(path: string): Promise<Ended> {
  const args = [bin, 'import', 'medical-settlement', path, '--at', care, '--data', region.dataDir];
  return new Promise((resolve) => {
    execFile(process.execPath, args, (error, out, err) => resolve({ exit: error?.code ?? 0, out, err }));
  });
}

function fileOf(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

interface Row {
  readonly line: number;
  readonly state: string;
  readonly field?: string;
  readonly reason?: string;
  readonly remedy?: string;
  readonly refusal?: {
    readonly code: string;
    readonly detail: string;
    readonly at?: string;
    remedy?: string;
  };
}

function rowsOf(path: string): readonly Row[] {
  const [, ...rows] = readFileSync(`${path}.results.ndjson`, 'utf8').trimEnd().split('\n');
  return rows.map((row) => JSON.parse(row));
}

/** What both nodes have stored once neither has anything on its way: a bill is told as done before its last words have crossed. */
async function atRest(): Promise<readonly Stored[]> {
  const places = [care, insured];
  let last: readonly Stored[] = [];
  await expect
    .poll(
      async () => {
        const before = last;
        last = await Promise.all(places.map((place) => region.stored(place)));
        const underWay = await Promise.all(places.map(unreceipted));
        return [underWay, last.map((now, i) => isDeepStrictEqual(now, before[i]))];
      },
      { timeout: 60_000, interval: 500 },
    )
    .toEqual([
      [0, 0],
      [true, true],
    ]);
  return last;
}

async function unreceipted(place: string): Promise<number> {
  const authorization = await region.bearer(`${place}-operator`);
  const answer = await fetch(`${region.url(place)}/status`, { headers: { authorization } });
  const { peers } = z
    .object({ peers: z.array(z.object({ unreceipted: z.number() })) })
    .parse(await answer.json());
  return peers.reduce((sum, peer) => sum + peer.unreceipted, 0);
}

describe('a file with bad lines, imported at a real node', () => {
  let path = '';
  let first: Ended;
  let rows: readonly Row[] = [];
  beforeAll(async () => {
    const lines = importRows.flatMap(({ line }) => [Buffer.from(line), Buffer.from('\n')]);
    path = fileOf('bills.ndjson', Buffer.concat(lines));
    first = await importFile(path);
    rows = rowsOf(path);
  });

  test('ends with exit code 1 and a row for each line, in order', () => {
    expect(first.exit, first.err).toBe(1);
    expect(rows.map(({ line, state }) => [line, state])).toEqual(
      importRows.map(({ state }, index) => [index + 1, state]),
    );
  });

  test.for(importRows.map((row, index) => ({ ...row, number: index + 1 })))(
    'line $number, $name: $state $field',
    ({ number, state, field, reason = '' }) => {
      const row = rows.find(({ line }) => line === number);
      if (state === 'done') return expect(row).toMatchObject({ state, result: { shares: {} } });
      const told =
        state === 'bad'
          ? [row?.field, row?.reason, row?.remedy]
          : [row?.refusal?.at, `${row?.refusal?.code} ${row?.refusal?.detail}`, row?.refusal?.remedy];
      expect(told).toEqual([field, expect.stringContaining(reason), expect.stringMatching(/\w{4}/)]);
      expect(JSON.stringify(row)).not.toContain(people.nowhere.person);
    },
  );

  test('and imported again does nothing twice: the last line’s answer is read again, and that is noted', async () => {
    const [before, records] = [await atRest(), await region.records(care)];
    const again = await importFile(path);
    expect([again.exit, rowsOf(path)]).toEqual([first.exit, rows]);
    const after = await atRest();
    expect(after[1]).toEqual(before[1]);
    expect(after[0]?.money).toBe(before[0]?.money);
    const grown = Object.entries(await region.records(care)).filter(([name, n]) => n !== records[name]);
    expect(grown.map(([name]) => name)).toEqual(['r_access_read']);
  });
});

describe('a file that is none is exit code 2 with the remedy, and nothing is sent', () => {
  const bill = changed('#', {});
  test.each([
    ['an empty file', () => fileOf('empty.ndjson', ''), 'no line'],
    ['a file of empty lines', () => fileOf('blank.ndjson', '\n\n  \n'), 'no line'],
    ['a folder', () => join(folder, 'a-folder'), 'Name a file in it'],
    ['a file that is not there', () => join(folder, 'missing.ndjson'), 'Check the path'],
    [
      'a file wholly in GBK',
      () => fileOf('gbk.ndjson', Buffer.from(bill.replace('#', '\xba\xba\xd7\xd6'), 'latin1')),
      'iconv -f GB18030',
    ],
    [
      'a file in UTF-16',
      () => fileOf('utf16.ndjson', Buffer.from(`\ufeff${bill}\n`, 'utf16le')),
      'iconv -f UTF-16',
    ],
    ['a file of another kind', () => fileOf('other.ndjson', '{"name":"x"}\n'), 'medical-settlement reads'],
    [
      'a torn gzip',
      () => fileOf('torn.ndjson.gz', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2])),
      'pack the file again',
    ],
  ])('%s', async (_name, make, remedy) => {
    mkdirSync(join(folder, 'a-folder'), { recursive: true });
    const before = await region.stored(care);
    const ended = await importFile(make());
    expect([ended.exit, ended.out]).toEqual([2, '']);
    expect(ended.err).toContain(remedy);
    expect(ended.err).not.toMatch(/\n {4}at /);
    expect(await region.stored(care)).toEqual(before);
  });
});
