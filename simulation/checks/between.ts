import { openMemoryStore } from '@yitong/kernel';
import {
  type Account,
  fen,
  type RecordType,
  type Region,
  type RegionMember,
  type SystemType,
} from '@yitong/kit';
import type { Finding } from '../finding.ts';
import type { Member } from '../member.ts';

/** For each pair of members: the entries that one owes are the entries that the other expects, each with the same month and amount (K45). */
export async function checkMirrors(members: readonly Member[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [k, a] of members.entries())
    for (const b of members.slice(k + 1)) {
      const left = await entriesFor(a, b.code);
      const right = await entriesFor(b, a.code);
      for (const [transfer, text] of left)
        if (right.get(transfer) !== text)
          findings.push({
            rule: 'mirror',
            at: `${a.code} ${b.code} ${transfer}`,
            detail: `${text} there, ${right.get(transfer) ?? 'nothing'} here`,
          });
      for (const [transfer, text] of right)
        if (!left.has(transfer))
          findings.push({
            rule: 'mirror',
            at: `${b.code} ${a.code} ${transfer}`,
            detail: `${text} on one side only`,
          });
    }
  return findings;
}

async function entriesFor(member: Member, peer: string): Promise<ReadonlyMap<string, string>> {
  const { reader } = openMemoryStore({ database: member.disk });
  const rows = await reader.mirrors({ peer, limit: 1_000_000 });
  const credit = member.disk.options.creditAccounts;
  const isMirrored = (account: string): boolean => account.endsWith(`:${peer}`);
  return new Map(
    rows
      .filter((row) => isMirrored(row.account))
      .map((row) => {
        const [name = ''] = row.account.split(':');
        const isOwed = credit?.has(name) ?? false;
        return [
          row.transfer,
          `${row.period} ${row.fen} ${isOwed ? 'owed' : 'expected'}`.replace(/ (owed|expected)$/, ''),
        ];
      }),
  );
}

/** All members at rest, as systems' invariants see them. */
export function regionOf(members: readonly Member[], systems: readonly SystemType[]): Region {
  const types = new Map(
    systems.flatMap((system) => [...system.records.values()]).map((one) => [one.type, one]),
  );
  return { members: members.map((member) => memberAtRest(member, types)) };
}

function memberAtRest(member: Member, _types: ReadonlyMap<string, RecordType>): RegionMember {
  const rowsOf = (type: string) =>
    member.disk.tables.partitions.flatMap((tables) =>
      [...(tables.records.get(type)?.values() ?? [])].flatMap((rows) => [...rows.values()]),
    );
  return {
    code: member.code,
    records: <T>(record: RecordType<string, T>) =>
      rowsOf(record.type)
        .filter((row) => row.home && row.owner === '')
        .map((row) => record.schema.parse(JSON.parse(row.body ?? 'null'))),
    copies: <T>(record: RecordType<string, T>) =>
      rowsOf(record.type)
        .filter((row) => row.home && row.owner !== '')
        .map((row) => ({ owner: row.owner, value: record.schema.parse(JSON.parse(row.body ?? 'null')) })),
    balance: (account: Account) => balanceOf(member, account.id),
  };
}

function balanceOf(member: Member, account: string) {
  const rows = member.disk.tables.partitions.flatMap((tables) => tables.balances.get(account) ?? []);
  const sum = (of: (row: (typeof rows)[number]) => bigint) =>
    fen(rows.reduce((all, row) => all + of(row), 0n));
  return {
    debit: sum((row) => row.debit),
    credit: sum((row) => row.credit),
    heldDebit: sum((row) => row.heldDebit),
    heldCredit: sum((row) => row.heldCredit),
  };
}
