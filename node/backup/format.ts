import { z } from 'zod';
import { SetupError } from '../postgres/setup-error.ts';

/** Names of the first and the last entry of a backup. */
export const manifestName = 'backup.json';
/** See `manifestName`. */
export const sumsName = 'checksums.json';

const name = z.string().regex(/^[a-z][a-z0-9_]{0,62}$/);

/** What a backup holds: its first entry. `schema` is the version of the tables, `months` those that have tables of their own. */
export const Manifest = z.strictObject({
  format: z.literal('yitong-backup/1'),
  member: z.string().regex(/^[1-9]\d{5}$/),
  region: z.string(),
  taken: z.iso.datetime(),
  schema: z.int().positive(),
  partitions: z.int().positive(),
  /** The newest batch of each partition: what is newer is not in it. */
  heads: z.array(z.strictObject({ partition: z.int(), seq: z.string(), link: z.string() })),
  months: z.array(z.string().regex(/^\d{4}-\d{2}$/)),
  tables: z.array(z.strictObject({ name, columns: z.array(name).min(1) })),
  keys: z.boolean(),
});
/** See the schema. */
export type Manifest = z.infer<typeof Manifest>;

/** The last entry: rows, and SHA-256 over the bytes of a table's parts in order; over a file's bytes. */
export const Sums = z.strictObject({
  tables: z.record(z.string(), z.strictObject({ rows: z.int(), sha256: z.string() })),
  files: z.record(z.string(), z.string()),
});
/** See the schema. */
export type Sums = z.infer<typeof Sums>;

/** Bytes of one part of a table. */
export const partBytes = 1 << 20;

/** Name of a table's part, counted from 1. */
export function partName(table: string, number: number): string {
  return `tables/${table}/${String(number).padStart(8, '0')}.copy`;
}

/** The table that an entry is a part of; undefined for other entries. */
export function tableOf(entry: string): string | undefined {
  return /^tables\/([a-z][a-z0-9_]*)\/\d{8}\.copy$/.exec(entry)?.[1];
}

/** A file that cannot be put back. */
export function badBackup(path: string, reason: string, cause?: unknown): SetupError {
  const remedy = 'use another backup: nothing was changed';
  return new SetupError({ code: 'bad-backup', reason: `${path}: ${reason}`, remedy }, cause);
}
