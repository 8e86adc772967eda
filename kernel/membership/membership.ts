import {
  encode,
  f,
  instantOf,
  object,
  put,
  type RecordType,
  refuse,
  subject,
  system,
  years,
} from '@yitong/kit';
import { z } from 'zod';
import { canonical } from '../exchange/canonical.ts';
import type { Draft } from '../runtime/draft.ts';
import type { Item, Scene } from '../runtime/handle.ts';
import { decoded } from '../runtime/view.ts';
import en from './messages/en.json' with { type: 'json' };
import zh from './messages/zh-CN.json' with { type: 'json' };

/** The kernel's own system by which members agree on the next version of the region's directory. 成员管理 */
export const membership = system('membership', {
  roles: ['operator'],
  purposes: [],
  parameters: {},
  texts: { 'zh-CN': zh, en },
});

const Partition = subject('partition');
/** A version that is being agreed on; the key is its number. */
const Edition = subject('edition');

const hash = f.code(/^[0-9a-f]{64}$/);
const number = f.count;
/** A whole directory as canonical text; with its escapes it must fit into one message. */
const canonicalText = f.text(150_000);
const Signature = object({ key: f.line(80), signature: f.code(/^[0-9a-f]{128}$/) });

const Version = object({
  version: number,
  hash,
  issued: f.instant,
  canonical: canonicalText,
  signatures: z.array(Signature).max(1_000),
});

/** A signed version of the directory, at partition 0. 目录版本 */
export const versionRecord = membership.record('version', {
  about: Partition,
  schema: Version,
  each: 'version',
  keep: years(30),
  readers: ['operator'],
});

/** Codes of the members by version, of the newest in force and those that come: what handlers know (K6). `issued`: in force from then on. */
const Members = object({
  known: z.array(object({ version: number, issued: f.instant, members: z.array(f.line(6)).max(1_000) })),
});
type Known = z.output<typeof Members>['known'][number];

/** What each partition knows of the members. */
export const membersRecord = membership.record('members', {
  about: Partition,
  schema: Members,
  keep: years(30),
  readers: ['operator'],
});

/** Two versions of one number, both signed by enough: the proof that signers deceive. 目录分叉 */
export const conflictRecord = membership.record('conflict', {
  about: Partition,
  schema: Version,
  each: 'hash',
  keep: years(30),
  readers: ['operator'],
});

const Proposal = object({ version: number, hash, at: f.instant, by: f.line(6), canonical: canonicalText });

/** A version that a member proposes; every member has a copy and may sign it. 目录草案 */
export const draftRecord = membership.record('draft', {
  about: Edition,
  schema: Proposal,
  each: 'hash',
  keep: years(30),
  readers: ['operator'],
  copies: 'all',
});

const Vote = object({
  version: number,
  hash,
  key: f.line(80),
  signature: f.code(/^[0-9a-f]{128}$/),
  at: f.instant,
});

/** A member's signature on a draft. 签署 */
export const voteRecord = membership.record('vote', {
  about: Edition,
  schema: Vote,
  each: 'hash',
  keep: years(30),
  readers: ['operator'],
  copies: 'all',
});

/** Proposes a version; the door has checked that it follows the newest one. */
membership.command('propose', {
  by: ['operator'],
  input: object({ version: number, hash, canonical: canonicalText }),
  about: Edition,
  key: ({ version }) => String(version),
  handle: (input, view) => put(draftRecord, { ...input, at: view.now, by: view.here }),
});

/** Signs a draft, once for each number: a member that signs two versions of one number makes a fork possible. */
membership.command('sign', {
  by: ['operator'],
  input: object({
    version: number,
    hash,
    key: f.line(80),
    signature: f.code(/^[0-9a-f]{128}$/),
    instead: f.yesNo,
  }),
  about: Edition,
  key: ({ version }) => String(version),
  refusals: ['signed-another'],
  handle({ instead, ...vote }, view) {
    const other = view.all(voteRecord).find((one) => one.hash !== vote.hash);
    if (other && !instead) return refuse('signed-another', { hash: other.hash });
    return put(voteRecord, { ...vote, at: view.now });
  },
});

/** A member that joined has been sent this member's copies. 副本补送 */
export const welcomeRecord = membership.record('welcome', {
  about: Partition,
  schema: object({ member: f.line(6), version: number }),
  each: 'member',
  keep: years(30),
  readers: ['operator'],
});

/** What `kernel/directory` carries to each partition: a version that was verified, one that contradicts it, one that is in force, or who got all copies. */
const Told = z.discriminatedUnion('is', [
  z.strictObject({ is: z.enum(['version', 'conflict']), version: Version, members: z.array(z.string()) }),
  z.strictObject({ is: z.literal('in-force'), version: z.int() }),
  z.strictObject({ is: z.literal('welcomed'), member: z.string(), version: z.int() }),
]);

/** JSON form of what `kernel/directory` carries. */
export type Told = z.input<typeof Told>;

/** A version comes to a partition (K6): from now on its handlers know the members of it, once it is in force. */
export function directoryOutcome(item: Item, scene: Scene, draft: Draft): void {
  const told = Told.parse(item.value);
  const { subject: about } = item.message;
  if (told.is === 'welcomed') {
    const { member, version } = told;
    return write(welcomeRecord, about, member, { member, version }, draft);
  }
  const before = knownIn(scene);
  const now = instantOf(scene.nowMs);
  if (told.is === 'in-force') {
    const isEarly = ({ version, issued }: Known): boolean => version <= told.version && issued > now;
    if (!before.some(isEarly)) return;
    const known = before.map((one) => (isEarly(one) ? { ...one, issued: now } : one));
    return write(membersRecord, about, '', { known }, draft);
  }
  const { is, version, members } = told;
  if (is === 'conflict') return write(conflictRecord, about, version.hash, version, draft);
  if (scene.partition === 0) write(versionRecord, about, String(version.version), version, draft);
  if (before.some((one) => one.version >= version.version)) return;
  const known = [...before, { version: version.version, issued: version.issued, members }];
  const since = known.findLastIndex((one) => one.issued <= now);
  write(membersRecord, about, '', { known: known.slice(Math.max(0, since)) }, draft);
}

/** Members of the version that is in force at the batch's time, as the partition's own copy has it. */
export function membersIn(scene: Scene): readonly string[] {
  const known = knownIn(scene);
  if (known.length < 2) return known[0]?.members ?? scene.place.members;
  const now = instantOf(scene.nowMs);
  return (known.findLast((one) => one.issued <= now) ?? known[0])?.members ?? scene.place.members;
}

function knownIn({ overlay, partition }: Scene): readonly Known[] {
  const state = overlay.record(membersRecord.type, `partition:${partition}`, '');
  return state === null ? [] : decoded(membersRecord, state).known;
}

function write<T>(record: RecordType<string, T>, subject: string, id: string, value: T, draft: Draft): void {
  const body = canonical(encode(record.schema, value));
  draft.writings.push({ record, subject, id, owner: '', body, value, schema: record.version, home: true });
}
