import { hash } from 'node:crypto';
import { afterInstant, f, type Period, z } from '@yitong/kit';
import { type Draft, tell } from '../runtime/draft.ts';

/** A file as messages and records name it. */
export type FileRef = z.output<typeof f.blob>;

const known = new WeakMap<z.ZodType, boolean>();

/** Whether values of a schema may name files; looked up once for each. */
export function mayNameFiles(schema: z.ZodType): boolean {
  const before = known.get(schema);
  if (before !== undefined) return before;
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const does = JSON.stringify(json).includes('"kind":"file"');
  known.set(schema, does);
  return does;
}

/** The files that a value names, each once. */
export function filesIn(schema: z.ZodType, value: unknown): readonly FileRef[] {
  if (!mayNameFiles(schema)) return [];
  const found = new Map<string, FileRef>();
  gather(value, found);
  return [...found.values()];
}

/** The file of a hash as a value in JSON form names it; undefined when it does not. */
export function fileNamed(value: unknown, sha256: string): FileRef | undefined {
  const found = new Map<string, FileRef>();
  gather(value, found);
  return found.get(sha256);
}

function gather(value: unknown, found: Map<string, FileRef>): void {
  if (typeof value !== 'object' || value === null) return;
  if ('sha256' in value) {
    const file = f.blob.safeParse(value);
    if (file.success) return void found.set(file.data.sha256, file.data);
  }
  for (const part of Object.values(value)) gather(part, found);
}

/** Why a file goes from one member to another, and whom it concerns. */
export interface Passing {
  readonly member: string;
  readonly person: string | null;
  readonly purpose: string;
}

/** The citizen number that a subject is about; null for other subjects. */
export function personIn(subject: string): string | null {
  const key = subject.slice(subject.indexOf(':') + 1);
  return f.citizenId.safeParse(key).success ? key : null;
}

/** A message with these files leaves: its receiver may fetch them. */
export function grantFiles(files: readonly FileRef[], passing: Passing, here: string, draft: Draft): void {
  for (const { sha256 } of files) tellBlob('granted', sha256, { ...passing }, here, draft);
}

/** A message with these files came: they are fetched from its sender. */
export function expectFiles(files: readonly FileRef[], passing: Passing, here: string, draft: Draft): void {
  const { member: from, person, purpose } = passing;
  for (const file of files) tellBlob('expected', file.sha256, { file, from, person, purpose }, here, draft);
}

/** A record's place, and how it named files before and names them now. */
export interface Naming {
  readonly record: { readonly type: string; readonly keep: Period };
  readonly subject: string;
  readonly id: string;
  readonly before: readonly FileRef[];
  readonly now: readonly FileRef[];
}

/** Files are kept as long as a record names them, and for its term after it no longer does. */
export function useFiles(
  { record, subject, id, before, now }: Naming,
  nowMs: number,
  here: string,
  draft: Draft,
): void {
  const place = hash('sha256', `${record.type}\n${subject}\n${id}`, 'hex').slice(0, 32);
  const days = Math.ceil((afterInstant(nowMs, record.keep) - nowMs) / 86_400_000);
  const names = (list: readonly FileRef[]) => new Set(list.map(({ sha256 }) => sha256));
  const [old, fresh] = [names(before), names(now)];
  for (const sha256 of fresh)
    if (!old.has(sha256)) tellBlob('used', sha256, { record: place, days: null }, here, draft);
  for (const sha256 of old)
    if (!fresh.has(sha256)) tellBlob('used', sha256, { record: place, days }, here, draft);
}

function tellBlob(
  name: string,
  sha256: string,
  data: Record<string, unknown>,
  here: string,
  draft: Draft,
): void {
  tell(draft, {
    to: here,
    type: `blob/${name}`,
    version: 1,
    subject: `blob:${sha256}`,
    data: name === 'expected' ? data : { sha256, ...data },
    purpose: undefined,
    urgent: false,
    awaited: false,
    conversation: undefined,
  });
}
