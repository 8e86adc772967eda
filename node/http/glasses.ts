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

/** How many a reader broke within the hour, counted until they are too many. */
async function ownGlasses(door: Door, readerId: string): Promise<number> {
  const query = { ...since(door, hourMs), sort: undefined, limit: 200 };
  let own = 0;
  let after: string | undefined;
  do {
    const page = await door.reader.list({ ...query, after });
    const readers = page.rows.map((row) => Reflect.get(Object(viewOf(readings(), row).value), 'reader'));
    own += readers.filter((reader) => reader === readerId).length;
    after = page.next;
  } while (after !== undefined && own < glassesMax);
  return own;
}

/** Errors: 429 for a reader who read so many within the hour that somebody else must look first; the log warns the operator. */
export async function expectFewGlasses(door: Door, readerId: string): Promise<void> {
  if ((await ownGlasses(door, readerId)) < glassesMax) return;
  door.log.warn({ reader: readerId, most: glassesMax }, 'a reader was kept from breaking more glasses');
  throw refusedWith('too-many-emergencies', {}, { 'retry-after': '600' });
}
