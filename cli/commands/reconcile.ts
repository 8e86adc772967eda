import { setTimeout as pause } from 'node:timers/promises';
import type { Invocation, Run } from '../command.ts';
import { type Connection, connectTo } from '../connect.ts';
import { yuan } from '../import/tell.ts';
import { whole } from '../progress.ts';
import { type Compared, compare, entriesOf, type Pair, pairsOf } from '../reconcile.ts';
import { dataFolder, localMembers } from '../region.ts';
import { loadSystems } from '../systems.ts';
import { table } from '../table.ts';

const everyMs = 1_000;

/** Compares what members owe each other, entry by entry; entries that are still on the way get time to arrive. */
export const run: Run = async (invocation) => {
  const { options, env, stop } = invocation;
  const data = dataFolder(options, env);
  const members = localMembers(data).filter(({ started }) => started);
  const roles = ['node/auditor', 'node/operator'];
  const books = new Map(
    members.map((member) => [member.code, connectTo(invocation, data, member, { roles })]),
  );
  const wait = options.whole('wait', 0, 600) ?? 15;
  const pairs = pairsOf((await loadSystems()).values(), [...books.keys()]);
  const until = performance.now() + wait * 1000;
  let results = await compareAll(books, pairs);
  while (differencesIn(results) > 0 && performance.now() < until && !stop.aborted) {
    await pause(everyMs);
    results = await compareAll(books, pairs);
  }
  tell(invocation, results);
  return differencesIn(results) > 0 ? 'no' : 'done';
};

async function compareAll(
  books: ReadonlyMap<string, Connection>,
  pairs: readonly Pair[],
): Promise<readonly Compared[]> {
  const results: Compared[] = [];
  for (const pair of pairs) {
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

function tell({ output }: Invocation, results: readonly Compared[]): void {
  const differences = differencesIn(results);
  const pairs = results.map(({ pair, ...rest }) => ({ ...pair, ...rest }));
  output.data({ ok: differences === 0, differences, pairs });
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
  output.say(`difference ${differences}`);
}
