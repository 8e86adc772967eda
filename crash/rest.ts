import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { kernelSystems } from '@yitong/kernel';
import { type Account as BookAccount, fen, type RecordType, type RegionMember } from '@yitong/kit';
import { addressOf, openPostgresStore, readNodeConfig } from '@yitong/node';
import type { Finding, Rest } from './checker.ts';
import { Door } from './door.ts';
import type { History, HistoryEvent, Told } from './history.ts';
import { type CrashRegion, crashSystems } from './region.ts';
import { toldOfCommand } from './told.ts';

const bin = fileURLToPath(new URL('../cli/bin.mjs', import.meta.url));
const billType = 'medical-settlement/bill';

/** What is there once all is at rest: how each command of the history ended, each bill, and what does not hold between members. */
export async function lookAtRest(
  region: CrashRegion,
  history: Pick<History, 'events' | 'ms'>,
): Promise<{ readonly rest: Rest; readonly findings: readonly Finding[] }> {
  const commands = await askForCommands(region, history.events);
  const bills = new Map<string, { state: string; version: number }>();
  const members = await Promise.all(
    region.members.map(async ({ code, config }) => {
      const member = await memberAtRest(code, config);
      for (const { subject, version, value } of member.rowsOf(billType)) {
        const state = String(Reflect.get(Object(value), 'state'));
        bills.set(`${code} ${subject.replace(/^visit:/, '')}`, { state, version });
      }
      return member;
    }),
  );
  const findings = crashSystems.flatMap((system) =>
    system.invariants.flatMap(({ name, holds }) => {
      const detail = holds({ members });
      return detail === undefined ? [] : [{ rule: 'invariant', at: name, detail }];
    }),
  );
  return { rest: { commands, bills, ms: history.ms }, findings };
}

async function askForCommands(
  region: CrashRegion,
  history: readonly HistoryEvent[],
): Promise<ReadonlyMap<string, Told>> {
  const found = new Map<string, Told>();
  const ask = async (member: CrashRegion['members'][number]): Promise<void> => {
    const door = new Door(region, member, 'medical-settlement/cashier');
    const own = history.filter((event) => event.member === member.code && event.action !== 'read');
    const left = [...new Map(own.map((event) => [event.id, event])).values()];
    const work = async (): Promise<void> => {
      for (let one = left.pop(); one; one = left.pop()) {
        const told = await askForOne(door, one);
        if (told) found.set(one.id, told);
      }
    };
    await Promise.all(Array.from({ length: 8 }, work));
    door.close();
  };
  await Promise.all(region.members.map(ask));
  return found;
}

/** Errors: throws when the node, which is to be at rest, gives no answer. */
async function askForOne(door: Door, { action, bill, id }: HistoryEvent): Promise<Told | undefined> {
  const path = `/conversations/medical-settlement/${action}-bill/visit:${bill}/${id}`;
  for (let tries = 0; tries < 10; tries += 1) {
    const answer = await door.ask({ method: 'GET', path, limitMs: 20_000 });
    if (answer?.status === 404) return undefined;
    const told = answer && toldOfCommand(answer);
    if (told) return told;
  }
  throw new Error(`GET ${path}: no answer at rest`);
}

type Row = {
  readonly subject: string;
  readonly version: number;
  readonly owner: string;
  readonly value: unknown;
};
type MemberAtRest = RegionMember & { rowsOf(type: string): readonly Row[] };

/** A member as its database has it, for the systems' own invariants. */
async function memberAtRest(code: string, configPath: string): Promise<MemberAtRest> {
  const config = readNodeConfig(configPath);
  const types = [...kernelSystems, ...crashSystems].flatMap((system) => [...system.records.values()]);
  const opened = await openPostgresStore({
    connection: addressOf(config),
    partitions: config.partitions,
    records: types,
    writers: 1,
    moment: true,
  });
  try {
    const rows = new Map<string, readonly Row[]>();
    for (const system of crashSystems)
      for (const record of system.records.values()) rows.set(record.type, await allOf(opened.reader, record));
    const balances = new Map((await opened.reader.balances('')).map((row) => [row.account, row]));
    const valuesOf = <T>(record: RecordType<string, T>) =>
      (rows.get(record.type) ?? []).map(({ owner, value }) => ({ owner, value: record.schema.parse(value) }));
    return {
      code,
      rowsOf: (type) => (rows.get(type) ?? []).filter(({ owner }) => owner === ''),
      records: (record) => valuesOf(record).flatMap(({ owner, value }) => (owner === '' ? [value] : [])),
      copies: (record) => valuesOf(record).filter(({ owner }) => owner !== ''),
      balance: (account: BookAccount) => {
        const row = balances.get(account.id);
        const [debit, credit] = [fen(row?.debit ?? 0n), fen(row?.credit ?? 0n)];
        return {
          debit,
          credit,
          heldDebit: fen(row?.heldDebit ?? 0n),
          heldCredit: fen(row?.heldCredit ?? 0n),
        };
      },
    };
  } finally {
    await opened.close();
  }
}

async function allOf(
  reader: Awaited<ReturnType<typeof openPostgresStore>>['reader'],
  { type }: RecordType,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let after: string | undefined;
  do {
    const page = await reader.list({ type, where: [], sort: undefined, limit: 1_000, after, owner: 'all' });
    for (const { subject, version, owner, body } of page.rows)
      rows.push({ subject, version, owner, value: JSON.parse(body ?? 'null') });
    after = page.next;
  } while (after !== undefined);
  return rows;
}

/** Runs `reconcile`, `verify` and `rebuild` as an operator would; a finding for each that does not end well. */
export async function checkBooks(data: string, told: (text: string) => void): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const words of [['reconcile', '--wait', '120'], ['verify'], ['rebuild']]) {
    const [name = ''] = words;
    const { code, out } = await yitong([...words, '--json', '--data', data]);
    const lines = out
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
    const wrong = lines.flatMap((line) => [...(line.findings ?? []), ...(line.differences ? [line] : [])]);
    told(`${name}: ${code === 0 ? 'difference 0' : `exit code ${code}, ${wrong.length} findings`}`);
    if (code === 0) continue;
    findings.push({
      rule: name,
      at: 'the region',
      detail: `exit code ${code}: ${JSON.stringify(wrong).slice(0, 2_000)}`,
    });
  }
  return findings;
}

function yitong(words: readonly string[]): Promise<{ readonly code: number | null; readonly out: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.on('data', (part: Buffer) => {
      out += part.toString();
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out }));
  });
}
