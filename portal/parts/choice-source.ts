import { get } from '../api/client.ts';
import type { Command, Declaration, Envelope, Fields, RecordType, Row, Session } from '../api/types.ts';
import { listReachOf, nameIn, purposeFor } from '../app/declaration.ts';
import { shortText } from './brief.ts';
import { closedBy } from './closed-by.ts';
import { wholeNumber } from './concerned.ts';

/** Something that a field may name: its code, what people call it, and what tells it from others of that name. */
export interface Option {
  readonly code: string;
  readonly name: string;
  readonly more: string;
}

/** What was found; `isMore`: there are others. */
export interface Found {
  readonly options: readonly Option[];
  readonly isMore: boolean;
}

/** Where a field's choice comes from. */
export interface Source {
  /** Letters that must be typed before anything is asked: each look at data of people is noted on their pages. */
  readonly least: number;
  /** Purpose of such a look. */
  readonly purpose: string | undefined;
  /** The form says nothing yet of what the choice depends on: the field that should. */
  readonly waitsFor?: string;
  /** The node gives all there is at once; words are looked for here. */
  readonly isWhole: boolean;
  find(words: string, signal: AbortSignal): Promise<Found>;
}

/** What people see at once of what was found: of all there is what says the words. */
export function shownOf({ isWhole }: Source, { options, isMore }: Found, words: string): Found {
  const fit = isWhole ? options.filter((option) => says(option, words)) : options;
  return { options: fit.slice(0, shownMax), isMore: isMore || fit.length > shownMax };
}

interface Asked {
  readonly declared: Declaration;
  /** Record or list of codes that the field names. */
  readonly names: string;
  readonly session: Session | undefined;
  readonly command?: Command | undefined;
  /** Key of what the command is about, as far as it stands in the form. */
  readonly subject?: string | undefined;
}

/** Options that are shown at once. */
const shownMax = 20;
/** Of a list that is not searched by words its node, so many are looked through. */
const lookedMax = 200;
const leastOfPeople = 3;

/** Undefined where nothing can be offered: then the code is typed. Offered is only what this reader's lists show. */
export function sourceOf(asked: Asked): Source | undefined {
  const { declared, names, session } = asked;
  if (declared.codeLists.includes(names)) return codesOf(declared, names);
  const record = declared.records.find(({ name }) => name === names);
  if (record === undefined) return undefined;
  const reach = listReachOf(session, declared.name, record);
  const purpose = purposeFor(declared, record, reach);
  const isSearched = record.search.length > 0;
  const isOfSubject = record.each !== null && record.about === asked.command?.about && reach === 'all';
  const isOfPerson = isOfSubject && record.isPerson;
  // Of other people only what is searched for, or what is about the one person whose number the form has.
  const isOffered = purpose === undefined || isOfPerson || (!record.isPerson && isSearched);
  if (reach === 'none' || !isOffered) return undefined;
  const key = isOfPerson ? (wholeNumber(asked.subject) ?? '') : (asked.subject ?? '');
  const subject = isOfSubject ? key : undefined;
  const waitsFor = subject === '' ? { waitsFor: asked.command?.key ?? '' } : {};
  const least = purpose === undefined || isOfPerson ? 0 : leastOfPeople;
  const find = (words: string, signal: AbortSignal) =>
    recordsOf({ ...asked, record, purpose, subject }, words, signal);
  return { least, purpose, ...waitsFor, isWhole: !isSearched, find };
}

function codesOf({ name }: Declaration, list: string): Source {
  return {
    least: 0,
    purpose: undefined,
    isWhole: false,
    async find(words, signal) {
      const path = `/systems/${name}/codes/${list}?q=${encodeURIComponent(words)}`;
      const { data, more } = await get<{ readonly data: readonly Fields[]; readonly more: boolean }>(path, {
        signal,
      });
      const options = data.map((one) => ({
        code: String(one['code']),
        name: nameIn(one) ?? String(one['code']),
        more: '',
      }));
      return { options, isMore: more };
    },
  };
}

type OfRecord = Omit<Asked, 'session' | 'names'> & {
  readonly record: RecordType;
  readonly purpose: string | undefined;
};

/** The member's own records: forms speak of what is here, and what lies elsewhere is known by its code. */
async function recordsOf(
  { record, purpose, subject, declared, command }: OfRecord,
  words: string,
  signal: AbortSignal,
): Promise<Found> {
  const isSearched = record.search.length > 0;
  const query = new URLSearchParams({
    owner: 'own',
    limit: String(isSearched ? shownMax : lookedMax),
    ...(subject === undefined || record.isPerson ? {} : { subject }),
    ...(isSearched && words !== '' ? { q: words } : {}),
  });
  // A citizen number stands in no address.
  const person = record.isPerson ? subject : undefined;
  const { data, next } = await get<Envelope<Row>>(`/${record.type}?${query}`, { purpose, person, signal });
  const open = data.filter(
    ({ value }) => command === undefined || closedBy(command, record.name, value) === undefined,
  );
  return { options: open.map((row) => optionOf(declared, record, row)), isMore: next !== null };
}

const says = ({ code, name, more }: Option, words: string): boolean =>
  `${code} ${name} ${more}`.toLowerCase().includes(words.toLowerCase());

/** Fields that stand beside a name, and those that stand for one. */
const fewBeside = 2;
const fewInstead = 4;

function optionOf(declared: Declaration, record: RecordType, { subject, id, value }: Row): Option {
  const code = record.each === null ? subject.slice(subject.indexOf(':') + 1) : id;
  const name = nameIn(value);
  const texts = record.list.flatMap((field) => {
    const schema = record.schema.properties?.[field] ?? {};
    if (field === 'name' || field === 'nameEn' || schema.names !== undefined || value[field] === code)
      return [];
    return [shortText(declared, schema, value[field])].filter(Boolean);
  });
  return name === undefined
    ? { code, name: texts.slice(0, fewInstead).join(' · ') || code, more: '' }
    : { code, name, more: texts.slice(0, fewBeside).join(' · ') };
}
