import { limitCode, type Problem, problem, problemType } from '@yitong/kit';
import type { CommandAnswer, Made, RecordView } from '../api.ts';
import { doneBy, entryJson, type PackedEntry } from '../journal/entries.ts';
import type { ConversationRow, RecordRow } from '../store/rows.ts';
import type { RefusalNote } from './draft.ts';
import type { Environment } from './environment.ts';
import { refusalNote } from './handle.ts';
import { placeOf, positionOf } from './ids.ts';
import { entriesIn } from './open.ts';
import type { Finished } from './plan.ts';
import { changedCode } from './seen.ts';

/** Where an outcome stands: `partition.position`. */
export const placeText = (partition: number, position: number): string => `${partition}.${position}`;

/** The kernel's own refusals, of any system's command. */
const own: Readonly<
  Record<string, { readonly status: number; readonly title: string; readonly remedy: string }>
> = {
  [limitCode]: {
    status: 409,
    title: 'The account does not have so much',
    remedy: 'Top it up, free what is reserved, or ask for less.',
  },
  [changedCode]: {
    status: 412,
    title: 'The record was changed since you saw it',
    remedy: 'Compare both versions, then send it again as seen now.',
  },
};

/** A refusal as the asker is told: the code is the problem's type. */
function refusalProblem(system: string, note: RefusalNote): Problem {
  const code = note.code.includes('/') ? note.code : `${system}/${note.code}`;
  const errors = note.at === undefined ? {} : { errors: [{ pointer: note.at, code: note.code }] };
  return {
    ...problem({ code, ...(own[code] ?? { status: 409, title: note.code }) }),
    type: problemType(code),
    facts: note.facts,
    ...errors,
  };
}

/** What a finished command is answered with. */
export function answerOf(finished: Finished, partition: number, position: number): CommandAnswer {
  const { slot, outcome, draft, merged, code } = finished;
  const id = slot.item?.message.id ?? '';
  const subject = slot.item?.message.subject ?? '';
  const at = placeText(partition, position);
  if (outcome === 'bad') return { state: 'invalid', id, problem: reused() };
  if (outcome === 'refused')
    return {
      state: 'refused',
      id,
      subject,
      at,
      problem: refusalProblem(
        systemOf(slot.item?.message.type),
        draft.refusal ?? { code: code ?? 'refused', facts: {} },
      ),
    };
  const made = madeOf(
    draft.writings
      .filter((one) => one.owner === '' && one.home && one.body !== null)
      .map((one) => [one.record.type, one.subject, one.id]),
  );
  if (outcome === 'held' || outcome === 'waiting') return { state: 'held', id, subject, at, made: [] };
  return { state: (merged?.conversations.length ?? 0) > 0 ? 'open' : 'done', id, subject, at, made };
}

/** What a conversation is answered with. */
export function talkAnswer(
  row: ConversationRow,
  type: string,
  subject: string,
  partition: number,
): CommandAnswer {
  const at = placeText(partition, row.at);
  const base = { id: row.command, subject, at };
  if (row.state === 'refused')
    return {
      state: 'refused',
      ...base,
      problem: refusalProblem(systemOf(type), refusalNote(JSON.parse(row.problem))),
    };
  return { state: row.state === 'open' ? 'open' : 'done', ...base, made: madeOf(row.made) };
}

/** What became of a command that was accepted before, from the journal and its conversation; undefined when it is not known here. */
export async function storedOutcome(
  env: Environment,
  partition: number,
  command: { readonly type: string; readonly subject: string; readonly id: string },
): Promise<CommandAnswer | undefined> {
  const source = `yitong:${env.scene.here}`;
  const [seen] = await env.store.seen(partition, [{ source, id: command.id }]);
  if (!seen) return undefined;
  const talk = await env.reader.conversation(partition, command.id);
  if (talk) return talkAnswer(talk, command.type, command.subject, partition);
  const stood = await stoodLast(env, partition, seen.at);
  const place = placeText(partition, stood?.position ?? seen.at);
  const base = { id: command.id, subject: command.subject, at: place };
  if (!stood) return { state: 'open', ...base, made: [] };
  const { entries, at, did } = stood;
  const { outcome, code, told } = did;
  if (outcome === 'refused') {
    const note = refusalNote({ ...(typeof told === 'string' ? JSON.parse(told) : {}), code });
    return { state: 'refused', ...base, problem: refusalProblem(systemOf(command.type), note) };
  }
  if (outcome === 'held' || outcome === 'waiting') return { state: 'held', ...base, made: [] };
  return { state: 'done', ...base, made: doneBy(entries, at).flatMap(madeIn) };
}

/** The record that an entry wrote here; none for other entries, copies, and records taken away. */
export function madeIn(entry: PackedEntry): readonly Made[] {
  if (entry.kind !== 'put') return [];
  const { put, home, body, owner, type, subject, id } = entryJson(entry);
  const isOwn = put === 'record' && home === true && body !== null && owner === '';
  return isOwn ? [{ type: String(type), subject: String(subject), id: String(id) }] : [];
}

/** What an input did, as its batch says: the batch's entries, where among them it stands, and the input's position. */
interface Stood {
  readonly entries: ReturnType<typeof entriesIn>;
  readonly at: number;
  readonly did: ReturnType<typeof entryJson>;
  readonly position: number;
}

/** Batches that are read at a time while a release is looked for. */
const batchesEach = 64;

/** What an input did in the end: one that was held, or waited, is handled in a later batch once it is released (K20). */
async function stoodLast(env: Environment, partition: number, position: number): Promise<Stood | undefined> {
  let last: Stood | undefined;
  const { seq, index } = placeOf(position);
  let next = await didIn(env, partition, seq, 1, ({ did }) => did === index);
  while (next) {
    last = next;
    const { outcome } = last.did;
    if (outcome !== 'held' && outcome !== 'waiting') break;
    next = await releasedIn(env, partition, last.position);
  }
  return last;
}

/** The release of a held input, which stands in a batch after its own; none while it is still held. */
async function releasedIn(env: Environment, partition: number, position: number): Promise<Stood | undefined> {
  const tail = await env.store.tail(partition);
  if (tail.held.some(({ at }) => at === position)) return undefined;
  for (let seq = placeOf(position).seq + 1; seq <= tail.journal.seq; seq += batchesEach) {
    const found = await didIn(env, partition, seq, batchesEach, ({ released }) => released === position);
    if (found) return found;
  }
  return undefined;
}

async function didIn(
  env: Environment,
  partition: number,
  seq: number,
  count: number,
  isIt: (did: Stood['did']) => boolean,
): Promise<Stood | undefined> {
  for (const batch of await env.store.read(partition, seq, count)) {
    if (batch.row.seq < seq || batch.row.seq >= seq + count) continue;
    const entries = entriesIn(batch);
    for (const [at, entry] of entries.entries()) {
      const did = entry.kind === 'did' ? entryJson(entry) : undefined;
      if (did && isIt(did))
        return { entries, at, did, position: positionOf(batch.row.seq, Number(did['did'])) };
    }
  }
  return undefined;
}

/** A stored record as it leaves the node. */
export function recordView(row: RecordRow, partition: number): RecordView {
  const { type, subject, id, owner, version, at, body } = row;
  return {
    type,
    subject,
    id,
    owner,
    version,
    at: placeText(partition, at),
    value: body === null ? null : JSON.parse(body),
  };
}

/** The same id with other content. */
function reused(): Problem {
  return problem({
    code: 'id-reused',
    status: 409,
    title: 'This id was used for another content',
    remedy: 'Send the same content again, or mint a new id.',
  });
}

function madeOf(rows: readonly (readonly [string, string, string])[]): Made[] {
  return rows.map(([type, subject, id]) => ({ type, subject, id }));
}

function systemOf(type: string | undefined): string {
  return type?.split('/')[0] ?? 'kernel';
}
