import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestRegion } from '../testing/region.ts';
import type { Row } from './rows.ts';

/** Bills of the file; with 5,000 of them the test takes some minutes. */
const bills = Number(process.env['YITONG_CRASH_BILLS'] ?? 600);
/** Requests of 250 lines: one at a time, so that of few bills too some are still to come when the last kill is due. */
const parallel = bills < 1_000 ? '1' : '4';
const limitMs = Math.max(400_000, bills * 200);
const care = '340000';
const insured = '310000';

/** What is killed, as the file that names its process, when so many of a hundred rows are written. */
const kills: readonly (readonly [percent: number, path: string])[] = [
  [5, `nodes/${insured}/process.json`],
  [15, `nodes/${care}/process.json`],
  [45, 'postgres/data/postmaster.pid'],
];

const region = new TestRegion();
const file = join(region.folder, 'bills.ndjson');

beforeAll(() => region.start('--members', `${insured},${care}`, '--residents', '150'), limitMs);
afterAll(() => region.stop());

function rowsIn(path: string): readonly Row[] {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  return text
    .split('\n')
    .slice(1, -1)
    .map((line) => JSON.parse(line));
}

const isEnd = ({ state }: Row): boolean => state === 'done' || state === 'refused';
const byId = (rows: readonly Row[]) => new Map(rows.map((row) => [row.id ?? '', row]));

function importInto(results: string, ...more: readonly string[]) {
  const args = ['--results', results, '--at', care, '--parallel', parallel, ...more];
  return region.begin('import', 'medical-settlement', file, ...args, '--json');
}

/** Kills one after another under the import; gives back the outcomes that were promised before each. */
async function importUnderKills(results: string): Promise<ReadonlyMap<string, Row>> {
  const promised = new Map<string, Row>();
  const { child, ended } = importInto(results);
  for (const [percent, path] of kills) {
    const written = () => rowsIn(results).length;
    await expect
      .poll(written, { timeout: limitMs, interval: 50 })
      .toBeGreaterThanOrEqual((percent * bills) / 100);
    await expect.poll(() => region.pid(path), { timeout: limitMs, interval: 50 }).toBeDefined();
    const victim = region.pid(path) ?? 0;
    process.kill(victim, 'SIGKILL');
    const rows = rowsIn(results);
    expect([path, child.exitCode, rows.length < bills], 'it hit the import on its way').toEqual([
      path,
      null,
      true,
    ]);
    for (const row of rows) if (isEnd(row)) promised.set(row.id ?? '', row);
    await expect.poll(() => region.pid(path) ?? victim, { timeout: limitMs, interval: 50 }).not.toBe(victim);
  }
  const { code, out } = await ended;
  expect([0, 1, 6], out).toContain(code);
  return promised;
}

test(
  `an import of ${bills} bills goes on after kill -9 of either node and of PostgreSQL, and nothing is lost or done twice`,
  async () => {
    await region.run('sample', 'medical-settlement', file, '--lines', String(bills), '--at', care);
    const results = join(region.folder, 'results.ndjson');
    const promised = await importUnderKills(results);
    expect([0, 1]).toContain((await importInto(results).ended).code);
    const rows = rowsIn(results);
    expect(rows.map(({ line }) => line)).toEqual(Array.from({ length: bills }, (_, index) => index + 1));
    expect(rows.filter((row) => !isEnd(row))).toEqual([]);
    const settled = rows.filter(({ state }) => state === 'done');
    expect(settled.length / bills).toBeGreaterThan(0.8);

    // The same ids once more: the nodes themselves repeat each outcome that they promised.
    const asked = join(region.folder, 'asked.ndjson');
    expect([0, 1]).toContain((await importInto(asked).ended).code);
    const repeated = byId(rowsIn(asked));
    for (const [id, row] of promised) expect(repeated.get(id)).toEqual(row);
    expect(repeated).toEqual(byId(rows));

    const books = await region.run('reconcile');
    expect([books.code, books.values[0]?.differences], books.out).toEqual([0, 0]);
    expect(
      books.values[0]?.pairs.reduce((sum: bigint, { fen }: { fen: string }) => sum + BigInt(fen), 0n),
    ).toBe(
      settled.reduce((sum, { result }) => sum + BigInt(String(Reflect.get(Object(result), 'owed') ?? 0)), 0n),
    );
    for (const check of ['verify', 'rebuild']) {
      const { code, values, out } = await region.run(check);
      expect([check, code, values.flatMap(({ findings }) => findings)], out).toEqual([check, 0, []]);
      expect(values.map(({ member }) => member)).toEqual([insured, care]);
    }
    const refused = rows.length - settled.length;
    console.log(
      `${settled.length} settled, ${refused} refused, ${kills.length} kills, ${promised.size} outcomes known before one`,
    );
  },
  limitMs * 2,
);
