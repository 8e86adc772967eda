import type { Line } from './line.ts';
import { migrations } from './schema.ts';
import type { Raw } from './table.ts';

/** Brings the schema up to this program's version. Throws when the database is of a later program's, or has other partitions. */
export async function migrate(line: Line, partitions: number): Promise<void> {
  await line.ask({
    text: 'create table if not exists schema_version (version int primary key, at timestamptz not null default clock_timestamp())',
    values: [],
  });
  const known = await versions(line);
  const newest = migrations.at(-1)?.version ?? 0;
  const later = known.find((version) => version > newest);
  if (later !== undefined)
    throw new Error(
      `the database's schema is version ${later}, this program knows ${newest}: start a newer program`,
    );
  for (const { version, statements } of migrations) {
    if (known.includes(version)) continue;
    const steps = statements.map((statement) => `execute ${quoted(statement)};`).join('\n');
    await line.ask({
      text: `do $do$ begin
        lock table schema_version in access exclusive mode;
        if not exists (select from schema_version where version = ${version}) then
          ${steps}
          insert into schema_version (version) values (${version});
        end if;
      end $do$`,
      values: [],
    });
  }
  await beginPartitions(line, partitions);
}

/**
 * Lets one process prepare a database at a time, until the connection ends. Asked for again and again: who waits inside a statement
 * would be waited for by the building of an index.
 */
export async function alone(line: Line): Promise<void> {
  for (;;) {
    const [raw] = await line.ask({
      text: `select pg_try_advisory_lock(hashtext('yitong prepare')) as mine`,
      values: [],
    });
    if (raw?.['mine'] === true) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function versions(line: Line): Promise<number[]> {
  const rows = await line.ask({ text: 'select version from schema_version order by version', values: [] });
  return rows.map((row: Raw) => Number(row['version']));
}

/** Genesis rows and free leases. A database keeps the number of partitions that it began with (K53). */
async function beginPartitions(line: Line, partitions: number): Promise<void> {
  const [before] = await line.ask({ text: 'select count(*) as count from lease', values: [] });
  const count = Number(before?.['count']);
  if (count !== 0 && count !== partitions)
    throw new Error(
      `the database has ${count} partitions and the configuration ${partitions}: set partitions to ${count}, or rebuild`,
    );
  await line.ask({
    text: `with numbers as (select generate_series(0, $1::int - 1) as partition),
        leases as (insert into lease (partition) select partition from numbers on conflict do nothing)
      insert into journal (partition, seq, epoch, now, count, root, prev, link, head, routes, peers)
      select partition, 0, 0, 0, 0, $2::bytea, $2::bytea, $2::bytea, ''::bytea, '{}', '{}' from numbers on conflict do nothing`,
    values: [partitions, Buffer.alloc(32)],
  });
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
