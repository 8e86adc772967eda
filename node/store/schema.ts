import { hasRoutes } from './journal.ts';
import {
  awaited,
  balance,
  conversation,
  held,
  hold,
  journalBody,
  posting,
  receipt,
  received,
  seen,
  sent,
  timer,
} from './tables.ts';

/** A forward step of the schema: statements run in one transaction. Steps are added at the end and never changed. */
export interface Migration {
  readonly version: number;
  readonly statements: readonly string[];
}

const updated = 'with (fillfactor = 85)';

const journal = `create table journal (
  partition int not null, seq bigint not null, epoch bigint not null, now bigint not null, count bigint not null,
  root bytea not null, prev bytea not null, link bytea not null, head bytea not null,
  routes bigint[] not null, peers text[] collate "C" not null, primary key (partition, seq))`;

const lease = `create table lease (
  partition int primary key, epoch bigint not null default 0, holder text, address text not null default '',
  until timestamptz not null default '-infinity') ${updated}`;

/** What is known of each partition is found by its key alone: no foreign keys, no sequences, no triggers. */
const first: Migration = {
  version: 1,
  statements: [
    journal,
    lease,
    `create table ${journalBody.name} (${journalBody.definition()}) partition by list (month)`,
    // Deflated already: no use in trying again.
    `alter table ${journalBody.name} alter column body set storage external`,
    `create table ${seen.name} (${seen.definition()}) partition by list (month)`,
    `create table ${received.name} (${received.definition()})`,
    `create table ${sent.name} (${sent.definition()})`,
    `create index sent_upto on sent (partition, peer, stream, upto_at)`,
    `create table ${receipt.name} (${receipt.definition()})`,
    `create table ${posting.name} (${posting.definition()})`,
    'create unique index posting_reverses on posting (partition, reverses, leg) where reverses is not null',
    'create index posting_mirror on posting (peer, period, transfer) where peer is not null',
    `create table ${balance.name} (${balance.definition()}) ${updated}`,
    `create table ${hold.name} (${hold.definition()}) ${updated}`,
    'create index hold_name on hold (partition, name)',
    `create table ${timer.name} (${timer.definition()}) ${updated}`,
    'create index timer_due on timer (partition, due, subject, name)',
    `create table ${held.name} (${held.definition()}) ${updated}`,
    `create table ${conversation.name} (${conversation.definition()}) ${updated}`,
    `create table ${awaited.name} (${awaited.definition()})`,
    'create table segment (number bigint primary key, partition int not null, first bigint not null, last bigint not null, root bytea not null)',
    'create table checkpoint (number bigint primary key, text text not null, at bigint not null)',
  ],
};

/** Data that wait say which major they are of; those of before are of the first. A database that is made now has the columns. */
const majors: Migration = {
  version: 2,
  statements: [timer, awaited].flatMap(({ name }) => [
    `alter table ${name} add column if not exists version bigint not null default 1`,
    `alter table ${name} alter column version drop default`,
  ]),
};

/** A partition that opens finds the batches with routes for it without looking through all heads of the others. */
const routes: Migration = {
  version: 3,
  statements: [`create index if not exists journal_routes on journal (partition, seq) where ${hasRoutes}`],
};

/** Files (B10): their pieces under the name by which they came, then a row by their hash. */
const files: Migration = {
  version: 4,
  statements: [
    `create table blob_piece (partition int not null, name text collate "C" not null, number int not null, bytes bytea not null,
      began timestamptz not null default clock_timestamp(), primary key (partition, name, number))`,
    'alter table blob_piece alter column bytes set storage external',
    `create table blob (partition int not null, sha256 text collate "C" not null, size bigint not null, name text collate "C" not null,
      primary key (partition, sha256))`,
    'create index blob_name on blob (name)',
  ],
};

/** The log tree lies in partition 0, whose holder writes it: a cluster cuts it like every other table. */
const tree: Migration = {
  version: 5,
  statements: [
    'alter table segment rename column partition to source',
    ...['segment', 'checkpoint'].map(
      (name) =>
        `alter table ${name} add column partition int not null default 0, drop constraint ${name}_pkey, add primary key (partition, number)`,
    ),
  ],
};

/**
 * Makes the tables of a month with the owner's rights, which the node's role has not. Attaching locks the parent against other makers
 * only: commits go on.
 */
const monthFunction = `create or replace function yitong_month(month text) returns void language plpgsql
  security definer set search_path = public, pg_temp as $month$
  declare parent text; part text;
  begin
    if month !~ '^[0-9]{4}-(0[1-9]|1[0-2])$' then raise exception '% is no month', month; end if;
    foreach parent in array array['${journalBody.name}', '${seen.name}'] loop
      part := parent || '_' || replace(month, '-', '_');
      execute format('lock table %I in share update exclusive mode', parent);
      if to_regclass(part) is null then
        execute format('create table %I (like %I including all)', part, parent);
        execute format('alter table %I attach partition %I for values in (%L)', parent, part, month);
      end if;
    end loop;
  end $month$`;

/** Who may make months, and where what is over its term is looked for. */
const terms: Migration = {
  version: 6,
  statements: [monthFunction, 'revoke execute on function yitong_month(text) from public'],
};

/** Members witness each other's logs (B9): cosignatures of this node's checkpoints, and the newest state cosigned of each other log. */
const witnesses: Migration = {
  version: 7,
  statements: [
    `create table cosignature (partition int not null, number bigint not null, witness text collate "C" not null, line text not null,
      at bigint not null, primary key (partition, number, witness))`,
    `create table witnessed (partition int not null, member text collate "C" not null, size bigint not null, note text not null,
      at bigint not null, primary key (partition, member)) ${updated}`,
  ],
};

/** All steps, the oldest first. */
export const migrations: readonly Migration[] = [first, majors, routes, files, tree, terms, witnesses];
