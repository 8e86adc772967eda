import type { ListQuery } from '@yitong/kernel';
import type { Locale, ProblemError, RecordType } from '@yitong/kit';
import { personHeader } from './about-one.ts';
import type { Door } from './context.ts';
import { fault, Refused } from './faults.ts';
import { type QueryFaultCode, queryFault } from './query-faults.ts';

/** Most rows of a page (threat 39) and those of one when nothing is said. */
const limitMax = 200;
const limitUsual = 50;
/** Groups of a page of counts when nothing is said. */
const groupsUsual = 1_000;

type Condition = ListQuery['where'][number];

const operators: Readonly<Record<string, Condition['is']>> = {
  gte: '>=',
  lte: '<=',
  gt: '>',
  lt: '<',
  prefix: 'prefix',
};
const own = new Set([
  'limit',
  'cursor',
  'sort',
  'owner',
  'purpose',
  'count',
  'by',
  'format',
  'language',
  'q',
  'subject',
]);
/** Most fields that a list is counted by at once. */
const byMax = 3;

/** A list as it was asked for. */
export interface AskedList {
  readonly where: readonly Condition[];
  /** Words that a field of the record's `search` contains. */
  readonly words: string | undefined;
  /** The subject that the rows are about, with its kind. */
  readonly subject: string | undefined;
  readonly sort: ListQuery['sort'];
  readonly limit: number;
  readonly owner: ListQuery['owner'];
  readonly after: string | undefined;
  readonly count: boolean;
  /** Fields to count by, instead of listing. */
  readonly by: readonly string[];
}

/**
 * Reads `field=…`, `field.gte=…` (also lte, gt, lt, prefix), `q=words`, `subject=key`, `sort=-field`, `limit`, `cursor`, `owner=own|others|all`, `count=true`,
 * `by=field,field`. Fields are those that the record declares in `find`, those looked through for words in `search`, those to count by in `groups`; a subject that is a
 * person stands in no address. Errors: 400 naming each parameter at fault.
 */
export function askedList(
  door: Door,
  record: RecordType,
  query: Readonly<Record<string, unknown>>,
): AskedList {
  const errors: ((locale: Locale) => ProblemError)[] = [];
  const wrong = (name: string, code: QueryFaultCode, choices: readonly string[] = []): void => {
    errors.push((locale) => queryFault(name, code, locale, choices));
  };
  const where: Condition[] = [];
  for (const [name, value] of Object.entries(query)) {
    if (typeof value !== 'string' || value.length > 200) wrong(name, 'given-once');
    else if (!own.has(name)) {
      const [field = '', operator] = name.split('.', 2);
      const is = operator === undefined ? '=' : operators[operator];
      if (is === undefined) wrong(name, 'unknown-operator', Object.keys(operators));
      else if (field === record.person) wrong(name, 'in-header', [personHeader]);
      else if (!record.find.includes(field)) wrong(name, 'unknown-field', record.find);
      else where.push({ field, is, value });
    }
  }
  const text = (name: string): string | undefined =>
    typeof query[name] === 'string' ? query[name] : undefined;
  const limit = Number(text('limit') ?? limitUsual);
  if (!Number.isInteger(limit) || limit < 1 || limit > limitMax)
    wrong('limit', 'out-of-range', [`1–${limitMax}`]);
  const owner = text('owner') ?? 'all';
  if (owner !== 'own' && owner !== 'others' && owner !== 'all')
    wrong('owner', 'not-one-of', ['own', 'others', 'all']);
  const sort = sortOf(text('sort'));
  if (sort && !record.find.includes(sort.field)) wrong('sort', 'unknown-field', record.find);
  const cursor = text('cursor');
  const after = cursor === undefined ? undefined : door.sealer.open(cursorUse(record), cursor);
  if (cursor !== undefined && after === undefined) wrong('cursor', 'unknown-cursor');
  const by = byOf(record, text('by'), wrong);
  const words = text('q')?.trim() || undefined;
  if (words !== undefined && record.search.length === 0) wrong('q', 'unknown-field', record.find);
  const key = text('subject');
  if (key !== undefined && record.about.person) wrong('subject', 'unknown-field', record.find);
  const subject = key === undefined ? undefined : `${record.about.kind}:${key}`;
  if (errors.length > 0)
    throw new Refused((locale) =>
      fault('invalid-query', locale, { errors: errors.map((make) => make(locale)) }),
    );
  const asked = { where, words, subject, sort, owner: owner as ListQuery['owner'], after, by };
  const isWhole = by.length > 0 && text('limit') === undefined;
  return { ...asked, limit: isWhole ? groupsUsual : limit, count: text('count') === 'true' };
}

function byOf(
  { groups }: RecordType,
  text: string | undefined,
  wrong: (name: string, code: QueryFaultCode, choices?: readonly string[]) => void,
): readonly string[] {
  const by = text === undefined ? [] : text.split(',');
  if (by.some((name) => !groups.includes(name))) wrong('by', 'not-counted', groups);
  else if (by.length > byMax) wrong('by', 'too-many', [String(byMax)]);
  return by;
}

/** Seals the place after a page, so that nobody can make one. */
export function sealedCursor(door: Door, record: RecordType, next: string | undefined): string | undefined {
  return next === undefined ? undefined : door.sealer.seal(cursorUse(record), next);
}

const cursorUse = (record: RecordType): string => `cursor ${record.type}`;

function sortOf(text: string | undefined): ListQuery['sort'] {
  if (text === undefined || text === '') return undefined;
  const descending = text.startsWith('-');
  return { field: descending ? text.slice(1) : text, descending };
}
