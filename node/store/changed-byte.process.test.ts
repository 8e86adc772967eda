import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rebuildState } from '../../kernel/journal/rebuild.ts';
import { verifyJournal } from '../../kernel/journal/verify.ts';
import { kernelSystems } from '../../kernel/kernel-systems.ts';
import { clinic } from '../../kernel/testing/clinic.ts';
import { bill, cashier, members, type TestMember, TestRegion } from '../../kernel/testing/region.ts';
import { asOwner } from '../postgres/connection.ts';
import { type Postgres, removePostgres, startPostgres } from '../postgres/postgres.ts';
import { openPostgresStore, type PostgresStore } from './postgres.ts';

// One byte changed in any table of a node's real database is found by `verify`, and named by table and row.

const folder = mkdtempSync(join(tmpdir(), 'yitong-changed-'));
const records = [...kernelSystems, clinic].flatMap((one) => [...one.records.values()]);
const opened = new Map<TestMember, PostgresStore>();
const admins = new Map<TestMember, Client>();
let server: Postgres;
let region: TestRegion;

beforeAll(async () => {
  server = await startPostgres({ dataDir: folder, settings: { walMb: 256 } });
  for (const member of members) {
    const name = `changed_${member}`;
    const connection = await server.ensureDatabase({ name, role: name, password: name });
    opened.set(member, await openPostgresStore({ connection, partitions: 4, records, writers: 2 }));
    const admin = new Client(asOwner(connection));
    await admin.connect();
    admins.set(member, admin);
  }
  region = new TestRegion({ storeOf: (member) => opened.get(member) });
  await region.start();
  const here = region.node('340000');
  const present = (id: string, total = '1000', waitMs = 20_000) =>
    here.command({ type: 'clinic/present', input: bill(id, total), actor: cashier }, waitMs);
  for (const [id, total] of [
    ['b1', '1000'],
    ['b2', '1002'],
    ['b3', '777'],
  ] as const)
    await present(id, total);
  await present('b2', '1002');
  await present('b4', '666', 500);
  await region.stop();
});

afterAll(async () => {
  for (const admin of admins.values()) await admin.end();
  for (const store of opened.values()) await store.close();
  await server.stop();
  await removePostgres(folder);
  rmSync(folder, { recursive: true });
});

interface Change {
  readonly of: TestMember;
  readonly table: string;
  readonly column: string;
  /** The changed value, in SQL. */
  readonly to: string;
  /** Where the finding says it is, and what it says. */
  readonly at: RegExp;
  readonly says: RegExp;
}

const byte = (column: string, at: string): string =>
  `set_byte(${column}, ${at}, get_byte(${column}, ${at}) # 1)`;
const letter = (column: string): string => `overlay(${column} placing '~' from 3 for 1)`;
const there = '310000';
const here = '340000';

const changes: readonly Change[] = [
  ...['5', 'length(body) / 2', 'length(body) - 1'].map((at) => ({
    ...({ of: there, table: 'journal_body', column: 'body', to: byte('body', at) } as const),
    ...{
      at: /^\d\.\d+$/,
      says: /unpack|signed|entries|ends within|broken|invalid|incorrect|unexpected|cannot be read|UTF-8/,
    },
  })),
  {
    of: there,
    table: 'journal',
    column: 'head',
    to: byte('head', '40'),
    at: /^\d\.\d+$/,
    says: /hash of its head/,
  },
  {
    of: there,
    table: 'journal',
    column: 'root',
    to: byte('root', '0'),
    at: /^\d\.\d+$/,
    says: /column root/,
  },
  {
    of: there,
    table: 'journal',
    column: 'link',
    to: byte('link', '31'),
    at: /^\d\.\d+$/,
    says: /hash of its head/,
  },
  { of: there, table: 'journal', column: 'now', to: 'now + 1', at: /^\d\.\d+$/, says: /column now/ },
  {
    of: here,
    table: 'journal',
    column: 'peers',
    to: `array['330000']`,
    at: /^\d\.\d+$/,
    says: /messages for/,
  },
  {
    of: there,
    table: 'seen',
    column: 'leaf',
    to: byte('leaf', '7'),
    at: /^\d seen /,
    says: /leaf .* from byte 7/,
  },
  {
    of: there,
    table: 'received',
    column: 'signature',
    to: byte('signature', '63'),
    at: /^\d received 340000 main\.\d 1\.\d+$/,
    says: /signature/,
  },
  {
    of: there,
    table: 'received',
    column: 'receipt',
    to: byte('receipt', '60'),
    at: /^\d received /,
    says: /receipt/,
  },
  { of: there, table: 'sent', column: 'head', to: byte('head', '90'), at: /^\d sent /, says: /head/ },
  {
    of: there,
    table: 'sent',
    column: 'signature',
    to: byte('signature', '1'),
    at: /^\d sent /,
    says: /signature/,
  },
  {
    of: there,
    table: 'receipt',
    column: 'signature',
    to: byte('signature', '1'),
    at: /^\d receipt /,
    says: /receipt/,
  },
  {
    of: there,
    table: 'r_clinic_share',
    column: 'body',
    to: `jsonb_set(body::jsonb, '{fund}', '"504"')`,
    at: /^\d record clinic\/share \d+$/,
    says: /body .* from byte 11/,
  },
  {
    of: there,
    table: 'r_clinic_share',
    column: 'version',
    to: 'version + 1',
    at: /^\d record clinic\/share \d+$/,
    says: /version/,
  },
  { of: there, table: 'posting', column: 'fen', to: 'fen + 1', at: /^\d posting /, says: /fen .* from byte/ },
  {
    of: there,
    table: 'posting',
    column: 'account',
    to: letter('account'),
    at: /^\d posting /,
    says: /account .* from byte 2/,
  },
  {
    of: there,
    table: 'balance',
    column: 'debit',
    to: 'debit + 1',
    at: /^\d balance clinic\//,
    says: /debit/,
  },
  { of: there, table: 'hold', column: 'fen', to: 'fen + 1', at: /^\d hold /, says: /fen/ },
  { of: there, table: 'timer', column: 'due', to: 'due + 1', at: /^\d timer \d+$/, says: /due/ },
  {
    of: there,
    table: 'held',
    column: 'reason',
    to: letter('reason'),
    at: /^\d held \d+$/,
    says: /reason .* from byte 2/,
  },
  { of: here, table: 'conversation', column: 'open', to: 'open + 1', at: /^\d conversation /, says: /open/ },
  {
    of: here,
    table: 'awaited',
    column: 'data',
    to: letter('data'),
    at: /^\d awaited /,
    says: /data .* from byte 2/,
  },
  {
    of: here,
    table: 'segment',
    column: 'root',
    to: byte('root', '0'),
    at: /^segment \d+$/,
    says: /\broot\b/,
  },
  { of: here, table: 'checkpoint', column: 'text', to: letter('text'), at: /^checkpoint$/, says: /signed/ },
];

test('before anything is changed there is nothing to find, nor to rebuild', async () => {
  for (const member of members) {
    expect((await verifyJournal(region.checked(member))).findings).toEqual([]);
    expect((await rebuildState(region.checked(member))).findings).toEqual([]);
  }
});

test.for(changes)(
  'a change of $table.$column to $to is named',
  async ({ of, table, column, to, at, says }) => {
    const admin = admins.get(of);
    if (!admin) throw new Error(of);
    const row = `${table} where (tableoid, ctid) = (select tableoid, ctid from ${table}`;
    const last = table === 'journal' ? "where seq > 0 and peers <> '{}' order by seq desc" : '';
    const { rows } = await admin.query<{ place: string; kept: string; type: string }>(
      `select tableoid::int8 || ' ' || ctid as place, ${column}::text as kept, pg_typeof(${column})::text as type from ${table} ${last} limit 1`,
    );
    const [found] = rows;
    if (!found) throw new Error(`no row in ${row}`);
    const [oid, ctid] = found.place.split(' ');
    const moved = await admin.query<{ ctid: string }>(
      `update ${table} set ${column} = ${to} where tableoid = $1::oid and ctid = $2::tid returning ctid::text`,
      [oid, ctid],
    );
    try {
      const { findings } = await verifyJournal(region.checked(of));
      expect(findings).toContainEqual({
        at: expect.stringMatching(at),
        code: expect.any(String),
        detail: expect.stringMatching(says),
      });
    } finally {
      await admin.query(
        `update ${table} set ${column} = $3::text::${found.type} where tableoid = $1::oid and ctid = $2::tid`,
        [oid, moved.rows[0]?.ctid, found.kept],
      );
    }
  },
);
