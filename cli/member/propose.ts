import { readFileSync } from 'node:fs';
import {
  type ChangeFault,
  canonical,
  changedDirectory,
  type Directory,
  type DirectoryChange,
  directoryHash,
  type Member,
  publicKey,
} from '@yitong/kernel';
import type { Invocation, Run } from '../command.ts';
import type { Connection } from '../connect.ts';
import { Failure, fileFailure, usage } from '../failure.ts';
import { expectJson } from '../http/api.ts';
import { isObject } from '../json/difference.ts';
import { jsonText } from '../output.ts';
import { changesBetween } from './difference.ts';
import { entryIn, hasKeys, newCertificate, newKey } from './own-keys.ts';
import { asJson, newestOf, regionState } from './state.ts';

const dayMs = 86_400_000;
const signingUses = ['batch', 'receipt', 'question', 'answer', 'journal'] as const;

interface Known {
  readonly last: Directory;
  readonly connection: Connection;
}

type Wanted = (invocation: Invocation, known: Known) => DirectoryChange | Promise<DirectoryChange>;

/** A member joins, by the file that `member new` made. */
export const join: Run = proposal(({ args, options }) => {
  const [path = ''] = args;
  const value = fileIn(path);
  if (!isObject(value) || value['format'] !== 'yitong-member/1' || !isObject(value['member']))
    throw new Failure(
      'usage',
      `${path}: not a file of yitong member new.`,
      'Take it from the member that joins.',
    );
  // The cast is checked where the whole version is read.
  return { is: 'join', member: value['member'] as unknown as Member, votes: !options.flag('withoutVote') };
});

/** A member leaves. */
export const leave: Run = proposal(({ args }) => ({ is: 'leave', member: args[0] ?? '' }));

/** The dates alone. */
export const reissue: Run = proposal(() => ({ is: 'reissue' }));

/** How many must sign. */
export const threshold: Run = proposal(({ args }) => {
  const [text = ''] = args;
  if (!/^[1-9]\d{0,2}$/.test(text)) throw usage(`${text}: not a number of members.`);
  return { is: 'threshold', threshold: Number(text) };
});

/** A new key of this member beside the old one. */
export const rotate: Run = proposal(async ({ options }, { last, connection: { member, data } }) => {
  const which = options.text('key') ?? 'signing';
  const overlapMs = (options.whole('overlap', 1, 366) ?? 14) * dayMs;
  const { url } = entryIn(last, member);
  if (which === 'tls') return { is: 'tls', member, add: await newCertificate(data, member, url), drop: [] };
  if (which !== 'signing' && which !== 'directory')
    throw usage(`--key ${which}: no such key.`, 'There are signing, directory and tls.');
  const use = which === 'signing' ? signingUses : (['directory'] as const);
  return { is: 'rotate', member, key: { ...publicKey(newKey(data, member, which, last)), use }, overlapMs };
});

/** A key signs nothing any more; where its member's files are, another takes its place. */
export const revoke: Run = proposal(({ args, options }, { last, connection: { data } }) => {
  const [key = ''] = args;
  const member = last.members.find(({ keys }) => keys.some(({ id }) => id === key));
  if (member === undefined) throw usage(`${key}: no such key.`, 'yitong member show lists them.');
  const at = options.text('since') ?? new Date().toISOString();
  const reason = options.text('reason') ?? 'lost';
  const wanted = { is: 'revoke', member: member.code, key, at, reason } as const;
  if (!hasKeys(data, member.code)) return wanted;
  const { use = [] } = member.keys.find(({ id }) => id === key) ?? {};
  const which = use.includes('directory') ? 'directory' : 'signing';
  return { ...wanted, instead: { ...publicKey(newKey(data, member.code, which, last)), use } };
});

/** A version written by hand. */
export const byHand: Run = async (invocation) => {
  const { connection, state } = await regionState(invocation);
  // What is wrong with it the node says.
  return propose(
    invocation,
    connection,
    newestOf(state),
    fileIn(invocation.args[0] ?? '') as unknown as Directory,
  );
};

function proposal(wanted: Wanted): Run {
  return async (invocation) => {
    const { connection, state } = await regionState(invocation);
    const last = newestOf(state);
    const changed = changedDirectory(
      last,
      await wanted(invocation, { last, connection }),
      startMs(invocation),
    );
    if (changed.ok) return propose(invocation, connection, last, changed.directory);
    throw new Failure('no', reasons[changed.code], 'yitong member show tells what is there.');
  };
}

const reasons: Readonly<Record<ChangeFault, string>> = {
  'unknown-member': 'There is no such member.',
  'already-member': 'It is a member already.',
  'unknown-key': 'There is no such key.',
  'key-taken': 'A key of this id or with this public part is listed already.',
  'already-revoked': 'The key is revoked already.',
  'bad-threshold': 'A threshold is more than half of the signers and at most all of them.',
  'too-few-members': 'The last two members cannot part.',
};

function startMs({ options }: Invocation): number {
  const text = options.text('effective');
  if (text === undefined) return Date.now();
  const ms = Date.parse(text);
  if (!Number.isNaN(ms)) return ms;
  throw usage(`--effective ${text}: not a time.`, 'Write it such as 2027-01-01T00:00:00.000Z');
}

async function propose(
  { output }: Invocation,
  { api, member }: Connection,
  last: Directory,
  next: Directory,
): ReturnType<Run> {
  const body = jsonText({ canonical: canonical(next) });
  expectJson(await api.call({ method: 'POST', path: '/directory/drafts', headers: asJson, body }));
  const hash = directoryHash(next);
  output.data({ proposed: next.version, hash, at: member });
  output.say(`Draft ${hash.slice(0, 12)} of version ${next.version}, proposed at ${member}:`);
  for (const line of changesBetween(last, next)) output.say(`  ${line}`);
  output.say();
  output.say(
    `It takes effect when ${last.threshold} of ${last.signers.length} members have signed it, each at its own node:`,
  );
  output.say(`  yitong member sign ${hash.slice(0, 12)} --at <member>`);
  return 'done';
}

function fileIn(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw fileFailure(path, error);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw usage(`${path}: not JSON.`);
  }
}
