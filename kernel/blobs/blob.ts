import {
  addDays,
  type Effect,
  f,
  instantOf,
  later,
  legalDay,
  msOf,
  object,
  put,
  refuse,
  remove,
  send,
  subject,
  system,
  type View,
  years,
  type z,
} from '@yitong/kit';
import { noteMessage } from '../access/access.ts';
import en from './messages/en.json' with { type: 'json' };
import zh from './messages/zh-CN.json' with { type: 'json' };

/** The kernel's own system by which files are kept, handed on and let go of; only their hashes are journaled. 附件 */
export const blobs = system('blob', {
  roles: ['kernel', 'operator'],
  purposes: [],
  parameters: {},
  texts: { 'zh-CN': zh, en },
});

/** A file by its content: the key is its SHA-256, hex. */
const Blob = subject('blob');
type BlobView = View<'blob'>;

/** A file stays so long after it came or was last handed on, whatever names it (exchange protocol B10). */
const holdDays = 30;

const sha256 = f.code(/^[0-9a-f]{64}$/);

const File = object({
  file: f.blob,
  /** `here`: its bytes are kept. `wanted`: they are fetched from `from`. `refused`: `from` did not give what it named. `gone`: let go of. */
  state: f.choice(['here', 'wanted', 'refused', 'gone']),
  /** Who brought it: an account of this member, or ''. */
  by: f.text(200).nullable(),
  from: f.member.nullable(),
  /** Whom it concerns: each handing over is on that person's list. */
  person: f.citizenId.nullable(),
  purpose: f.line(80),
  until: f.instant,
});

/** What is known of a file. 附件 */
export const fileRecord = blobs.record('file', {
  about: Blob,
  schema: File,
  keep: years(6),
  readers: ['operator'],
  list: ['state', 'from', 'until'],
  find: ['state', 'until'],
});

/** A member that may fetch it, because a message naming it was sent there. 附件授权 */
const grant = blobs.record('grant', {
  about: Blob,
  schema: object({
    member: f.member,
    purpose: f.line(80),
    person: f.citizenId.nullable(),
    until: f.instant,
  }),
  each: 'member',
  keep: years(6),
  readers: ['operator'],
});

/** A record that names it, by a hash of its place; `until`: it did, and its term ends then. 附件引用 */
const use = blobs.record('use', {
  about: Blob,
  schema: object({ record: f.code(/^[0-9a-f]{32}$/), until: f.instant.nullable() }),
  each: 'record',
  keep: years(6),
  readers: ['operator'],
});

/** Its bytes came in at this node's door. */
blobs.command('keep', {
  by: ['kernel'],
  about: Blob,
  key: ({ file }) => file.sha256,
  input: object({
    file: f.blob,
    by: f.text(200),
    person: f.citizenId.nullable(),
    purpose: f.line(80),
  }),
  handle: ({ file, by, person, purpose }, view) => {
    const known = view.get(fileRecord);
    const origin = known?.state === 'here' ? known : { file, by, from: null, person, purpose };
    return kept({ ...origin, state: 'here' }, view);
  },
});

/** A message that names it came from a member: it is fetched there. */
blobs.message('expected', {
  about: Blob,
  key: ({ file }) => file.sha256,
  data: object({ file: f.blob, from: f.member, person: f.citizenId.nullable(), purpose: f.line(80) }),
  handle: ({ file, from, person, purpose }, view) => {
    const known = view.get(fileRecord);
    if (known?.state === 'here') return kept(known, view);
    return kept({ file, state: 'wanted', by: null, from, person, purpose }, view);
  },
});

/** What became of fetching it. */
blobs.command('fetched', {
  by: ['kernel'],
  about: Blob,
  key: 'sha256',
  input: object({ sha256, state: f.choice(['here', 'refused']) }),
  handle: ({ state }, view) => {
    const known = view.get(fileRecord);
    return known?.state === 'wanted' ? kept({ ...known, state }, view) : [];
  },
});

/** A message that names it was sent to a member, which may fetch it from now on. */
blobs.message('granted', {
  about: Blob,
  key: 'sha256',
  data: object({ sha256, member: f.member, person: f.citizenId.nullable(), purpose: f.line(80) }),
  handle: ({ member, person, purpose }, view) => [
    put(grant, { member, person, purpose, until: inDays(view, holdDays) }),
    look(view, addDays(view.today, holdDays + 1)),
  ],
});

/** A record names it; or no longer, `days` more days before its term ends. */
blobs.message('used', {
  about: Blob,
  key: 'sha256',
  data: object({ sha256, record: f.code(/^[0-9a-f]{32}$/), days: f.count.nullable() }),
  handle: ({ record, days: left }, view) => {
    if (left === null) return put(use, { record, until: null });
    return [put(use, { record, until: inDays(view, left) }), look(view, addDays(view.today, left + 1))];
  },
});

/** A member fetches it: the outcome is the row on the person's list, durable before a byte leaves. */
blobs.command('give', {
  by: ['kernel'],
  about: Blob,
  key: 'sha256',
  input: object({ sha256, member: f.member, from: f.count }),
  refusals: ['not-here', 'not-granted', 'hold-over'],
  handle: ({ member, from }, view) => {
    const known = view.get(fileRecord);
    const right = view.get(grant, member);
    // Who has no right to it learns nothing of it.
    if (!right) return refuse('not-granted');
    if (right.until <= view.now) return refuse('hold-over');
    if (known?.state !== 'here') return refuse('not-here');
    const { purpose, person } = right;
    // The rest of what was begun is the same reading.
    if (person === null || from > 0) return [];
    const what = { id: view.id, at: view.now, member, reader: `yitong:${member}`, roles: [], list: false };
    return [send(noteMessage, { person, read: { ...what, purpose, what: `blob ${view.key.slice(0, 12)}` } })];
  },
});

/** Whether anything still needs it: deletion is an outcome before it is a deed (kernel rule K27). 到期清理 */
const lookMessage = blobs.message('look', {
  about: Blob,
  key: 'sha256',
  data: object({ sha256 }),
  handle: (_, view) => {
    const known = view.get(fileRecord);
    const uses = view.all(use);
    if (!known || known.state === 'gone' || uses.some(({ until }) => until === null)) return [];
    const ends = [
      known.until,
      ...view.all(grant).map(({ until }) => until),
      ...uses.map(({ until }) => until),
    ];
    const last = ends.reduce<string>((a, b) => (b !== null && b > a ? b : a), '');
    if (last > view.now) return look(view, addDays(legalDay(f.instant.parse(last)), 1));
    const over = [...view.all(grant).map(({ member }) => remove(grant, member))];
    return [
      put(fileRecord, { ...known, state: 'gone' }),
      ...over,
      ...uses.map(({ record }) => remove(use, record)),
    ];
  },
});

function kept(file: Omit<z.output<typeof File>, 'until'>, view: BlobView): Effect<'blob'>[] {
  return [
    put(fileRecord, { ...file, until: inDays(view, holdDays) }),
    look(view, addDays(view.today, holdDays + 1)),
  ];
}

function look(view: BlobView, on: ReturnType<typeof addDays>): Effect<'blob'> {
  return later(on, lookMessage, { sha256: view.key });
}

function inDays(view: BlobView, count: number) {
  return instantOf(msOf(view.now) + count * 86_400_000);
}
