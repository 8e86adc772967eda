import { f, instantOf, object, Person, put, type RecordType, refuse, system, years } from '@yitong/kit';
import { z } from 'zod';
import { canonical } from '../exchange/canonical.ts';
import { type Draft, tell } from '../runtime/draft.ts';
import type { Item, Scene } from '../runtime/handle.ts';
import { decoded } from '../runtime/view.ts';
import en from './messages/en.json' with { type: 'json' };
import zh from './messages/zh-CN.json' with { type: 'json' };

/** The kernel's own system: by it each person sees who read their data. 查阅日志 */
export const access = system('access', {
  roles: ['account'],
  purposes: [],
  parameters: {},
  texts: { 'zh-CN': zh, en },
});

/** What a person is told of the term of these lists. */
const accountFor = 'Who read what must be resolvable for six years (exchange protocol of the region, B11)';

const Read = object({
  id: f.id,
  at: f.instant,
  member: f.member,
  reader: f.line(200),
  roles: f.texts(80, 20),
  purpose: f.line(80),
  what: f.line(200),
  list: f.yesNo,
  ground: f.choice(['self', 'office', 'by-law', 'consent', 'emergency', 'none']).exactOptional(),
  consent: f.id.exactOptional(),
  emergency: f.line(500).exactOptional(),
});

/**
 * By which right somebody read (个人信息保护法 art. 13): `self`; `office`, a duty of this member's own office; `by-law`, another member's, where
 * the question needs no consent; `consent`, the person's; `emergency`, somebody's life or health, who broke the glass and says why. `none`: asked without one, and told nothing. 查阅依据
 */
type Ground = NonNullable<z.output<typeof Read>['ground']>;

/** One reading of a person's data: who, in which capacity, for which purpose, what. 个人信息查阅记录 */
const read = access.record('read', {
  about: Person,
  schema: Read,
  each: 'id',
  keep: years(6),
  keptBy: accountFor,
  readers: ['self'],
  list: ['at', 'member', 'reader', 'purpose', 'what', 'emergency'],
  find: ['at', 'purpose'],
});

const Agreed = {
  id: f.id,
  person: f.citizenId,
  member: f.member,
  question: f.line(80),
  purpose: f.line(80).exactOptional(),
  until: f.instant,
};

/**
 * A person's agreement that a member asks one question about them for a purpose (any, where none is named) until a day. It stays when it is
 * withdrawn, with its time. 授权同意 (个人信息保护法 art. 14–16, 29)
 */
export const consent = access.record('consent', {
  about: Person,
  schema: object({ ...Agreed, given: f.instant.exactOptional(), withdrawn: f.instant.exactOptional() }),
  each: 'id',
  keep: years(6),
  keptBy: accountFor,
  readers: ['self'],
  list: ['given', 'member', 'question', 'purpose', 'until', 'withdrawn'],
  find: ['until'],
});

access.command('agree', {
  by: ['self'],
  about: Person,
  key: 'person',
  input: object(Agreed),
  refusals: ['not-a-member', 'until-is-over', 'consent-exists'],
  handle(input, view) {
    if (!view.members.includes(input.member)) return refuse('not-a-member', { at: '/member' });
    if (input.until <= view.now) return refuse('until-is-over', { at: '/until' });
    if (view.get(consent, input.id)) return refuse('consent-exists', { at: '/id' });
    return put(consent, { ...input, given: view.now });
  },
});

/** From now on nobody may ask by it. 撤回同意 (art. 15) */
access.command('withdraw', {
  by: ['self'],
  about: Person,
  key: 'person',
  input: object({ id: f.id, person: f.citizenId }),
  refusals: ['consent-unknown', 'consent-withdrawn'],
  handle({ id }, view) {
    const given = view.get(consent, id);
    if (given === undefined) return refuse('consent-unknown', { at: '/id' });
    if (given.withdrawn !== undefined)
      return refuse('consent-withdrawn', { at: '/id', since: given.withdrawn });
    return put(consent, { ...given, withdrawn: view.now });
  },
});

const Erased = object({
  id: f.id,
  at: f.instant,
  what: f.line(80),
  changed: f.instant,
  kept: f.line(40),
  because: f.line(400),
});

/** That something about a person was deleted because its term was over, and by which rule. 到期删除记录 (个人信息保护法 art. 47) */
const erased = access.record('erased', {
  about: Person,
  schema: Erased,
  each: 'id',
  keep: years(6),
  keptBy: accountFor,
  readers: ['self'],
  list: ['at', 'what', 'changed', 'kept', 'because'],
  find: ['at'],
});

/** Carries the note of a deletion to the person's own subject. */
const erasedNote = access.message('erased-note', {
  about: Person,
  key: 'person',
  data: object({ person: f.citizenId, erased: Erased }),
  handle: (data) => put(erased, data.erased),
});

/** Carries a reading to the person's own subject, when the record read is about something else. */
export const noteMessage = access.message('note', {
  about: Person,
  key: 'person',
  data: object({ person: f.citizenId, read: Read }),
  handle: (data) => put(read, data.read),
});

/** What `kernel/read` and `kernel/shown` carry. */
const Asked = z.object({
  type: z.string(),
  id: z.string().default(''),
  owner: z.string().default(''),
  purpose: z.string(),
  emergency: z.string().optional(),
});
const Shown = z.object({ type: z.string(), purpose: z.string(), persons: z.array(z.string()) });

/** The outcome of a reading is its access row, committed before the answer leaves (K47, K48). */
export function accessOf(item: Item, scene: Scene, draft: Draft): void {
  const actor = item.actor;
  if (!actor) throw new Error('a reading has a reader');
  if (item.route.is === 'shown') return noteShown(item, scene, draft);
  const { type, id, owner, purpose, emergency } = Asked.parse(item.value);
  const record = scene.registry.record(type);
  const state = record && scene.overlay.record(type, item.message.subject, id, owner);
  if (!record || !state) return notFound(draft);
  const value = decoded(record, state);
  const person = personOf(record, item.message.subject, value);
  const mine = person !== undefined && person === actor.person;
  const { readers, breakGlass = [] } = record;
  const allowed =
    emergency === undefined
      ? readers.some((role) => role === 'public' || (role === 'self' ? mine : actor.roles.includes(role)))
      : breakGlass.some((role) => actor.roles.includes(role));
  if (!allowed) return notFound(draft);
  draft.shown = state.row;
  if (person === undefined) return;
  const ground = emergency !== undefined ? 'emergency' : mine ? 'self' : 'office';
  const what = {
    type: `${type}${id === '' ? '' : ` ${id}`}`,
    purpose,
    list: false,
    ground,
    emergency,
  } as const;
  noteFor(person, what, item, scene, draft);
}

/** Not there and not for you look the same (threat 34). */
function notFound(draft: Draft): void {
  draft.refusal = { code: 'kernel/not-found', facts: {} };
}

/** The citizen number that a record concerns: its subject's key, or its declared person field; undefined when none. */
export function personOf(
  record: { readonly about: { readonly person: boolean }; readonly person?: string },
  subject: string,
  value: unknown,
): string | undefined {
  if (record.about.person) return subject.slice(subject.indexOf(':') + 1);
  if (record.person === undefined) return undefined;
  const found: unknown = Reflect.get(Object(value), record.person);
  return typeof found === 'string' ? found : undefined;
}

function noteShown(item: Item, scene: Scene, draft: Draft): void {
  const { type, purpose, persons } = Shown.parse(item.value);
  for (const person of persons) {
    const ground = person === item.actor?.person ? 'self' : 'office';
    noteFor(person, { type, purpose, list: true, ground }, item, scene, draft);
  }
}

/** What was read, for which purpose, where the reader works. */
interface Noted {
  readonly member?: string;
  readonly type: string;
  readonly purpose: string;
  readonly list: boolean;
  readonly ground?: Ground;
  /** Id of the consent that it was read by. */
  readonly consent?: string | undefined;
  readonly emergency?: string | undefined;
}

/** Writes a reading on the person's own list, or sends it there. */
export function noteFor(person: string, what: Noted, item: Item, scene: Scene, draft: Draft): void {
  const row: z.output<typeof Read> = {
    id: item.message.id,
    at: instantOf(scene.nowMs),
    member: f.member.parse(what.member ?? scene.place.here),
    reader: item.actor?.id ?? '',
    roles: [...(item.actor?.roles ?? [])],
    purpose: what.purpose,
    what: what.type,
    list: what.list,
    ...(what.ground === undefined ? {} : { ground: what.ground }),
    ...(what.consent === undefined ? {} : { consent: f.id.parse(what.consent) }),
    ...(what.emergency === undefined ? {} : { emergency: what.emergency }),
  };
  telling(
    person,
    { record: read, message: noteMessage.type, field: 'read', schema: Read, row },
    item,
    scene,
    draft,
  );
}

/** What was deleted because its term was over. */
type ErasedNote = Pick<z.input<typeof Erased>, 'what' | 'changed' | 'kept' | 'because'>;

/** Writes on the person's own list, or sends it there, that something about them was deleted. */
export function noteErased(person: string, note: ErasedNote, item: Item, scene: Scene, draft: Draft): void {
  const row = z.decode(Erased, { id: item.message.id, at: instantOf(scene.nowMs), ...note });
  const kind = { record: erased, message: erasedNote.type, field: 'erased', schema: Erased, row };
  telling(person, kind, item, scene, draft);
}

/** A record about a person, and the message that carries it to their subject when another subject makes it. */
interface Telling<T extends { readonly id: string }> {
  readonly record: RecordType;
  readonly message: string;
  readonly field: string;
  readonly schema: z.ZodType<T>;
  readonly row: T;
}

function telling<T extends { readonly id: string }>(
  person: string,
  { record, message, field, schema, row }: Telling<T>,
  item: Item,
  scene: Scene,
  draft: Draft,
): void {
  const body = z.encode(schema, row);
  const subject = `person:${person}`;
  if (subject === item.message.subject) {
    const common = { record, subject, id: row.id, owner: '', schema: 1, home: true };
    draft.writings.push({ ...common, body: canonical(body), value: row });
    return;
  }
  tell(draft, {
    to: scene.place.here,
    type: message,
    version: 1,
    subject,
    data: { person, [field]: body },
    purpose: undefined,
    urgent: false,
    awaited: false,
    conversation: undefined,
  });
}
