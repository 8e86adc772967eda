import { setTimeout as pause } from 'node:timers/promises';
import type { SystemType } from '@yitong/kit';
import type { Invocation, Run } from '../command.ts';
import { bookReaders, type Connection, connectTo } from '../connect.ts';
import { yuan } from '../import/tell.ts';
import { whole } from '../progress.ts';
import { type Compared, compare, entriesOf, pairsOf } from '../reconcile.ts';
import { dataFolder, type LocalMember, localMembers } from '../region.ts';
import { loadSystems } from '../systems.ts';
import { table } from '../table.ts';

const everyMs = 1_000;

/** Compares what members owe each other, entry by entry; entries that are still on the way get time to arrive, and nodes to start. */
export const run: Run = async (invocation) => {
  const { options, env, stop } = invocation;
  const data = dataFolder(options, env);
  const wait = options.whole('wait', 0, 600) ?? 15;
  const until = performance.now() + wait * 1000;
  const systems = [...(await loadSystems()).values()];
  for (;;) {
    const members = localMembers(data);
    const away = members.filter(({ started }) => !started);
    const here = members.filter(({ started }) => started);
    const results = await compareAll(booksOf(invocation, data, here), systems);
    const isEqual = differencesIn(results) === 0;
    if ((away.length > 0 || !isEqual) && performance.now() < until && !stop.aborted) {
      await pause(everyMs);
      continue;
    }
    tell(invocation, results, away);
    if (!isEqual) return 'no';
    return away.length > 0 ? 'unreachable' : 'done';
  }
};

function booksOf(
  invocation: Invocation,
  data: string,
  members: readonly LocalMember[],
): ReadonlyMap<string, Connection> {
  return new Map(
    members.map((member) => [member.code, connectTo(invocation, data, member, { roles: bookReaders })]),
  );
}

async function compareAll(
  books: ReadonlyMap<string, Connection>,
  systems: readonly SystemType[],
): Promise<readonly Compared[]> {
  const results: Compared[] = [];
  for (const pair of pairsOf(systems, [...books.keys()])) {
    const [debtor, creditor] = [books.get(pair.debtor), books.get(pair.creditor)];
    if (debtor === undefined || creditor === undefined) continue;
    const owed = entriesOf(debtor, pair.creditor, pair.account);
    const due = entriesOf(creditor, pair.debtor, pair.mirror);
    results.push(await compare(pair, owed, due));
  }
  return results;
}

function differencesIn(results: readonly Compared[]): number {
  return results.reduce((sum, { differences }) => sum + differences, 0);
}

function tell({ output }: Invocation, results: readonly Compared[], away: readonly LocalMember[]): void {
  const differences = differencesIn(results);
  const pairs = results.map(({ pair, ...rest }) => ({ ...pair, ...rest }));
  const absent = away.map(({ code }) => code);
  output.data({ ok: differences === 0 && absent.length === 0, differences, absent, pairs });
  const rows = results
    .filter(({ entries, differences: own }) => entries + own > 0)
    .map(({ pair, entries, fen, differences: own }) => [
      pair.debtor,
      pair.creditor,
      pair.account,
      whole(entries),
      yuan(fen),
      whole(own),
    ]);
  for (const line of table(
    ['DEBTOR', 'CREDITOR', 'ACCOUNT', 'ENTRIES', 'YUAN', 'DIFFERENCES'],
    rows,
    output.width,
  ))
    output.say(line);
  for (const { examples } of results) {
    for (const { transfer, kind, missing, debtor, creditor } of examples) {
      const what =
        kind === 'missing'
          ? `missing at ${missing}`
          : `${kind} differs: ${debtor?.[kind === 'amount' ? 'fen' : 'period']} and ${creditor?.[kind === 'amount' ? 'fen' : 'period']}`;
      output.say(`${output.paint.bad('✗')} ${transfer}: ${what}`);
    }
  }
  for (const { code, zh } of away)
    output.say(
      `${output.paint.bad('✗')} ${code} ${zh} does not run: its books were not compared. yitong up starts it; yitong status shows how it is.`,
    );
  output.say(`difference ${differences}`);
}
