import { escapeIdentifier } from 'pg';
import type { Line } from './line.ts';
import { awaited, balance, conversation, held, hold, journalBody, seen, timer } from './tables.ts';

/** Roles that are given rights on the owner's tables; without one that erases nothing is. */
export interface Roles {
  readonly node: string;
  readonly retention: string | undefined;
}

/**
 * Tables whose rows the node's role changes or takes away, beside those of records: what holds now, and files, which are kept for a time.
 * To all others, those that later versions add included, it may only add (kernel.md 11, tables marked i).
 */
const changing: ReadonlySet<string> = new Set([
  'lease',
  'blob',
  'blob_piece',
  'witnessed',
  ...[balance, hold, timer, held, conversation, awaited].map(({ name }) => name),
]);

/** What the role that erases may do, by table. It sees nothing else. */
const erasing: ReadonlyMap<string, string> = new Map([
  [journalBody.name, 'select,insert,update,delete'],
  [seen.name, 'select,delete'],
]);

function rightsOfNode(table: string): string {
  if (table === 'schema_version') return 'select';
  return changing.has(table) || table.startsWith('r_') ? 'select,insert,update,delete' : 'select,insert';
}

/** Gives each role its rights on every table, and takes back what it has beyond them. Run by the owner whenever tables may have been added. */
export async function giveRights(line: Line, { node, retention }: Roles): Promise<void> {
  const statements = [
    ...(await changes(line, node, rightsOfNode)),
    `grant usage on schema public to ${escapeIdentifier(node)}`,
    `grant execute on function yitong_month(text) to ${escapeIdentifier(node)}`,
  ];
  if (retention !== undefined)
    statements.push(
      ...(await changes(line, retention, (table) => erasing.get(table) ?? '')),
      `grant usage on schema public to ${escapeIdentifier(retention)}`,
    );
  // One statement, one transaction: another process of the node works on meanwhile.
  await line.ask({ text: `do $rights$ begin ${statements.join('; ')}; end $rights$`, values: [] });
}

/** Statements for the tables on which a role's rights are not as wanted; the tables of months are reached through the whole only. */
async function changes(line: Line, role: string, wanted: (table: string) => string): Promise<string[]> {
  const rows = await line.ask({
    text: `select c.relname as name, c.relispartition as part,
        array(select p from unnest(array['select','insert','update','delete','truncate','references','trigger']) p
          where has_table_privilege($1::name, c.oid, p)) as rights
      from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')`,
    values: [role],
  });
  const to = escapeIdentifier(role);
  return rows.flatMap(({ name, part, rights }) => {
    const want = part === true ? '' : wanted(String(name));
    if (Array.isArray(rights) && rights.join(',') === want) return [];
    const table = escapeIdentifier(String(name));
    return [
      `revoke all on ${table} from ${to}`,
      ...(want === '' ? [] : [`grant ${want} on ${table} to ${to}`]),
    ];
  });
}
