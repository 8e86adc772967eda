import { access } from '@yitong/kernel';
import type { RecordType } from '@yitong/kit';
import type { Door } from './context.ts';
import { refusedWith } from './faults.ts';
import { viewOf } from './rows.ts';

/** The purpose of whoever breaks the glass, on the person's list and in audits. */
export const emergencyPurpose = 'emergency';

/** Which rows of the log of readings are of broken glasses. */
export const inEmergencies = { field: 'purpose', is: '=' as const, value: emergencyPurpose };

/** The kernel's log of readings. */
export function readings(): RecordType {
  const record = access.records.get('read');
  if (record === undefined) throw new Error('the kernel keeps no log of readings');
  return record;
}

/** Records that one reader reads in emergencies within an hour at most: a shift of one team, not a way through a register. */
const glassesMax = 10;
const hourMs = 3_600_000;

const since = (door: Door, ms: number) => ({
  type: 'access/read',
  where: [
    inEmergencies,
    { field: 'at', is: '>=' as const, value: new Date(door.clock.now() - ms).toISOString() },
  ],
  owner: 'all' as const,
});

/** How many records were read in emergencies within a day, as the persons' own lists say it: operators and auditors are told. */
export function glassesOfDay(door: Door): Promise<number> {
  return door.reader.count(since(door, 24 * hourMs));
}

/** Errors: 429 for a reader who read so many within the hour that somebody else must look first; the log warns the operator. */
export async function expectFewGlasses(door: Door, readerId: string): Promise<void> {
  const record = readings();
  const sort = { field: 'at', descending: true };
  const found = await door.reader.list({ ...since(door, hourMs), sort, limit: 200, after: undefined });
  const own = found.rows.filter(
    (row) => Reflect.get(Object(viewOf(record, row).value), 'reader') === readerId,
  );
  if (own.length < glassesMax) return;
  door.log.warn({ reader: readerId, most: glassesMax }, 'a reader was kept from breaking more glasses');
  throw refusedWith('too-many-emergencies', {}, { 'retry-after': '600' });
}
