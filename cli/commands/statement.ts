import type { Run } from '../command.ts';
import { bookReaders, type Connection, connect } from '../connect.ts';
import { usage } from '../failure.ts';
import { expectJson } from '../http/api.ts';
import { yuan } from '../import/tell.ts';
import { isObject } from '../json/difference.ts';
import { jsonText } from '../output.ts';
import { whole } from '../progress.ts';
import { table } from '../table.ts';

/** What this member owes and is owed, by account, peer and legal month; with `--entries` entry by entry. */
export const run: Run = async (invocation) => {
  const { options, output } = invocation;
  const query = new URLSearchParams();
  const period = options.text('period');
  const peer = options.text('peer');
  if (period !== undefined && !/^\d{4}-(0[1-9]|1[0-2])$/.test(period))
    throw usage(`--period ${period}: not a month.`, 'Write it such as 2026-11.');
  if (peer !== undefined && !/^[1-9]\d{5}$/.test(peer))
    throw usage(`--peer ${peer}: not a member's code.`, 'Write it such as 310000.');
  if (peer !== undefined) query.set('peer', peer);
  if (period !== undefined) query.set('period', period);
  const connection = await connect(invocation, { roles: bookReaders });
  if (options.flag('entries')) {
    for await (const entry of entriesOf(connection, query))
      await output.line(output.json ? jsonText(entry) : entryLine(entry));
    return 'done';
  }
  query.set('limit', '1');
  const json = await page(connection, query);
  const { member, asOf, totals } = json;
  output.data({ member, asOf, totals });
  output.say(
    `Statement of ${connection.member}${period === undefined ? '' : `, ${period}`}, amounts in yuan`,
  );
  const rows = objects(totals).map((item) => [
    String(item['account']),
    String(item['peer']),
    String(item['period']),
    whole(Number(item['count'])),
    yuan(BigInt(String(item['fen'] ?? '0'))),
  ]);
  const lines = table(['ACCOUNT', 'PEER', 'MONTH', 'ENTRIES', 'AMOUNT'], rows, output.width);
  for (const line of lines) output.say(line);
  if (rows.length === 0) output.note('No entries yet.');
  return 'done';
};

async function* entriesOf(
  connection: Connection,
  query: URLSearchParams,
): AsyncGenerator<Readonly<Record<string, unknown>>> {
  query.set('limit', '1000');
  for (;;) {
    const { entries, next } = await page(connection, query);
    yield* objects(entries);
    if (typeof next !== 'string') return;
    query.set('cursor', next);
  }
}

async function page({ api }: Connection, query: URLSearchParams): Promise<Readonly<Record<string, unknown>>> {
  const json = expectJson(await api.call({ method: 'GET', path: '/ledger/statement', query }));
  return isObject(json) ? json : {};
}

function entryLine(entry: Readonly<Record<string, unknown>>): string {
  const { transfer, account, peer, period, fen } = entry;
  return [transfer, account, peer, period, yuan(BigInt(String(fen ?? '0')))].join('  ');
}

function objects(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
