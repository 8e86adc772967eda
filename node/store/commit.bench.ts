/**
 * What the store alone can do: `npx tsx node/store/commit.bench.ts [seconds]`. A message is one put of about 450 bytes, an id, two
 * postings and its share of the journal's blob; batches are made before the clock starts.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Commit, type JournalRow, type PostingRow, type RecordRow, timedId } from '@yitong/kernel';
import { f, object, Person, system, years } from '@yitong/kit';
import { removePostgres, startPostgres } from '../postgres/postgres.ts';
import { openPostgresStore, type PostgresStore } from './postgres.ts';

const seconds = Number(process.argv[2] ?? 4);
const partitions = 4;
const demo = system('bench', { roles: ['clerk'], parameters: {}, texts: { 'zh-CN': {}, en: {} } });
const visit = demo.record('visit', {
  about: Person,
  keep: years(5),
  readers: ['clerk'],
  schema: object({ code: f.line(40), day: f.day, amount: f.money, note: f.text(500) }),
  find: ['day'],
});
const note = '门诊诊察费；'.repeat(20);

function bodyOf(n: number): string {
  return `{"amount":"${n * 37}","code":"V-${n}","day":"2026-11-${(n % 28) + 1}","note":"${note}"}`;
}

const source = { month: '2026-11', source: '310000' };

function recordOf(n: number, turn: number): Omit<RecordRow, 'version' | 'at'> {
  const subject = `person:${(turn * 7919 + n * 13) % 12_500}-${n}`;
  return { type: visit.type, subject, id: '', owner: '', schema: 1, body: bodyOf(n), home: true };
}

function legsOf(transfer: string, fen: bigint, at: number): PostingRow[] {
  const leg = { transfer, kind: 'post', period: '2026-11', reverses: null, at } as const;
  return [
    { account: 'bench/fund', ...leg, leg: 0, fen, peer: null },
    { account: 'bench/due-to:330000', ...leg, leg: 1, fen: -fen, peer: '330000' },
  ];
}

function commitOf(before: JournalRow, partition: number, epoch: number, count: number, turn: number): Commit {
  const seq = before.seq + 1;
  const link = createHash('sha256').update(`${partition} ${seq}`).digest();
  const at = (n: number): number => seq * 2 ** 20 + n;
  const own = {
    seq,
    epoch,
    now: 1_795_000_000_000 + seq,
    count: count * 3,
    root: link,
    prev: before.link,
    link,
  };
  const each = <T>(make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));
  const empty = { received: [], sent: [], receipts: [], holds: [], conversations: [] };
  return {
    ...empty,
    partition,
    journal: { ...own, head: Buffer.alloc(400, 65), routes: [0, 0, 0, 0], peers: ['330000'] },
    bodies: [{ month: '2026-11', seq, class: '15y', body: Buffer.alloc(count * 300, link) }],
    seen: each((n) => ({ ...source, id: timedId(own.now, partition, seq, n), leaf: link, at: at(n) })),
    records: each((n) => ({ ...recordOf(n, turn), version: seq, at: at(n) })),
    postings: each((n) =>
      legsOf(timedId(own.now, 'transfer', partition, seq, n), BigInt(n + 1), at(n)),
    ).flat(),
    balances: ['bench/fund', 'bench/due-to:330000'].map((account) => ({
      ...{ account, debit: BigInt(seq), credit: BigInt(seq), heldDebit: 0n, heldCredit: 0n, at: at(0) },
    })),
    timers: { put: [], gone: [] },
    held: { put: [], gone: [] },
    awaited: { put: [], gone: [] },
  };
}

interface Figure {
  readonly batch: number;
  readonly writers: number;
  readonly perSecond: number;
  readonly clientMicros: number;
  readonly serverMicros: number;
}

async function measure(
  open: PostgresStore,
  batch: number,
  writers: number,
  serverPid: number,
): Promise<Figure> {
  const leases = await open.store.acquire(
    Array.from({ length: writers }, (_, n) => n),
    'bench',
    '',
  );
  const tails = await Promise.all(leases.map(({ partition }) => open.store.tail(partition)));
  const goal = Math.max(3, Math.ceil((seconds * 32_000) / batch / writers));
  const chains = leases.map(({ partition, epoch }, n) => {
    const commits: Commit[] = [];
    for (let row = tails[n]?.journal, turn = 0; row && turn < Math.min(goal, 6_000); turn++) {
      const commit = commitOf(row, partition, epoch, batch, turn);
      commits.push(commit);
      row = commit.journal;
    }
    return commits;
  });
  const server = serverTicks(serverPid);
  const cpu = process.cpuUsage();
  const start = performance.now();
  const counts = await Promise.all(chains.map((commits) => run(open, commits, start + seconds * 1000)));
  const elapsed = performance.now() - start;
  const messages = counts.reduce((sum, count) => sum + count, 0) * batch;
  const used = process.cpuUsage(cpu);
  await open.store.release(leases, 'bench');
  return {
    batch,
    writers,
    perSecond: Math.round((messages * 1000) / elapsed),
    clientMicros: Math.round((used.user + used.system) / messages),
    serverMicros: Math.round(((serverTicks(serverPid) - server) * 10_000) / messages),
  };
}

async function run(open: PostgresStore, commits: readonly Commit[], deadline: number): Promise<number> {
  let done = 0;
  for (const commit of commits) {
    const { result } = await open.store.commit(commit);
    if (result !== 'done') throw new Error(`a commit ended as ${result}`);
    done += 1;
    if (performance.now() > deadline) break;
  }
  return done;
}

/** CPU time of the server's processes, in ticks of 10 ms; 0 where /proc does not tell. */
function serverTicks(pid: number): number {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
    return children.reduce((sum, child) => {
      const fields = readFileSync(`/proc/${child}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      return sum + Number(fields[11]) + Number(fields[12]);
    }, 0);
  } catch {
    return 0;
  }
}

async function main(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'yitong-bench-'));
  const server = await startPostgres({ dataDir, settings: { sharedBuffersMb: 256 } });
  try {
    const connection = await server.ensureDatabase({ name: 'bench', role: 'bench', password: 'bench' });
    const open = await openPostgresStore({ connection, partitions, records: [visit], writers: 2 });
    const rows: Figure[] = [];
    for (const [batch, writers] of [
      [1000, 2],
      [1, 1],
      [500, 2],
      [1000, 1],
      [100, 2],
      [1000, 2],
    ] as const)
      rows.push(await measure(open, batch, writers, server.pid ?? 0));
    await open.close();
    process.stdout.write(`${rows.map((row) => JSON.stringify(row)).join('\n')}\n`);
  } finally {
    await server.stop();
    await removePostgres(dataDir);
    rmSync(dataDir, { recursive: true });
  }
}

await main();
