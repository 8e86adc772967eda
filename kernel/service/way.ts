import { instantOf } from '@yitong/kit';
import type { RecordView } from '../api.ts';
import { instantMs } from '../exchange/instant.ts';
import type { Message } from '../exchange/message.ts';
import { uuidTimeMs } from '../exchange/uuid.ts';
import { entryJson } from '../journal/entries.ts';
import type { Environment } from '../runtime/environment.ts';
import { positionOf } from '../runtime/ids.ts';
import { parseOwn } from '../runtime/open.ts';
import { cameIn, crossingOf, type Frame } from './crossing.ts';
import { historyOf } from './history.ts';
import { type HandledAt, handledAt } from './trail.ts';

/**
 * What happened. `begun`: a command was given at a peer; `accepted`: here, and handled at once; `due`: its time had come; `sent`: it left
 * in a signed frame; `received`: its receiver countersigned; `rejected`: its receiver's receipt refuses it; `handled`; `answered`:
 * a peer handled what it was sent and answered.
 */
export type WayStepName =
  | 'begun'
  | 'accepted'
  | 'due'
  | 'sent'
  | 'received'
  | 'rejected'
  | 'handled'
  | 'answered';

/** One step of a record's way over the members. */
export interface WayStep {
  readonly step: WayStepName;
  /** Where it happened, and the other member where two are concerned. */
  readonly member: string;
  readonly peer?: string;
  readonly time: string;
  /** The message: its type and id. */
  readonly type: string;
  readonly id: string;
  /** By whose word, and what carries it: a node knows its own journal, and of a peer what that peer signed. */
  readonly says: { readonly member: string; readonly by: 'journal' | 'frame' | 'message' | 'receipt' };
  readonly frame?: Frame;
  /** Place in the own journal. */
  readonly at?: string;
}

/** What is still waited for. `frame`: it has not left; `receipt`: no receipt yet; `answer`: received, not answered; `people`: held here. */
export interface WayWait {
  readonly wait: 'frame' | 'receipt' | 'answer' | 'people';
  /** Whose turn it is. */
  readonly member: string;
  readonly since: string;
  readonly type?: string;
  readonly id?: string;
  readonly reachable: boolean;
  /** Since when the member cannot be reached. */
  readonly awaySince?: string;
}

/** The way that a record went over the members, as far as this one can tell, the oldest step first. 办理经过 */
export interface Way {
  readonly steps: readonly WayStep[];
  readonly waits: readonly WayWait[];
  /** Whether the beginning is left out because the record has so many versions. */
  readonly isCut: boolean;
}

/** Whether a peer answers, and since when it does not. */
interface Peers {
  note(peer: string): { readonly reachable: boolean; readonly awaySince: number | undefined };
}

/** The way of a record that was read: what each of its versions came from, and what went out with it. `limit`: versions, the newest first. */
export async function wayOf(
  env: Environment,
  peers: Peers,
  record: Pick<RecordView, 'at' | 'subject'>,
  limit: number,
): Promise<Way> {
  const versions = await historyOf(env, record, limit + 1);
  const stages = new Map<string, HandledAt>();
  for (const { at } of versions.slice(0, limit).reverse()) {
    const stage = await handledAt(env, at);
    if (stage) stages.set(`${stage.partition}.${stage.position}`, stage);
  }
  const steps: WayStep[] = [];
  const waits: WayWait[] = [];
  for (const stage of stages.values()) {
    steps.push(...(await cameBy(env, stage)));
    const sent = await sentWith(env, peers, stage);
    steps.push(...sent.steps);
    waits.push(...sent.waits);
  }
  waits.push(...(await heldFor(env, record)));
  return { steps: [...begunBy(env, [...stages.values()]), ...steps], waits, isCut: versions.length > limit };
}

/** Where a peer's command began it: its message names the command, whose id tells when it was wished. */
function begunBy({ scene }: Environment, [first]: readonly HandledAt[]): readonly WayStep[] {
  const { source, conversation } = first?.cause ?? {};
  const member = source?.slice('yitong:'.length) ?? scene.here;
  const timeMs = conversation === undefined ? undefined : uuidTimeMs(conversation);
  if (first?.cause === undefined || member === scene.here || timeMs === undefined) return [];
  const { type } = first.cause;
  const says = { member, by: 'message' } as const;
  return [{ step: 'begun', member, time: instantOf(timeMs), type, id: conversation ?? '', says }];
}

async function cameBy(env: Environment, stage: HandledAt): Promise<readonly WayStep[]> {
  const { cause, batch, partition, position } = stage;
  const { here } = env.scene;
  const own = { member: here, by: 'journal' } as const;
  const common = { member: here, time: instantOf(batch.now), says: own, at: `${partition}.${position}` };
  if (cause === undefined) return [{ step: 'handled', ...common, type: '', id: '' }];
  const { type, id } = cause;
  const peer = cause.source.slice('yitong:'.length);
  if (peer === here) return [{ step: ownStep(env, stage, cause), ...common, type, id }];
  const frame = await cameIn(env, partition, position, cause);
  const says = { member: peer, by: frame === undefined ? 'message' : 'frame' } as const;
  const step = isAnswer(env, cause) ? 'answered' : 'sent';
  const left = { step, member: peer, peer: here, time: frame?.signed ?? cause.time, type, id, says } as const;
  return [
    { ...left, ...(frame === undefined ? {} : { frame }) },
    { step: 'handled', ...common, peer, type, id },
  ];
}

/** A timer's message is dated by its own id, and firing takes the timer away. */
function ownStep({ scene }: Environment, { own }: HandledAt, { type, id, time }: Message): WayStepName {
  if (scene.registry.route(type)?.is === 'command') return 'accepted';
  const isTimer = own.some((entry) => entry.kind === 'put' && entryJson(entry)['put'] === 'timer-gone');
  return isTimer && uuidTimeMs(id) === instantMs(time) ? 'due' : 'handled';
}

function isAnswer({ scene }: Environment, { type }: Message): boolean {
  const is = scene.registry.route(type)?.is;
  return is === 'reply' || is === 'refused';
}

async function sentWith(
  env: Environment,
  peers: Peers,
  stage: HandledAt,
): Promise<Pick<Way, 'steps' | 'waits'>> {
  const { partition, batch } = stage;
  const steps: WayStep[] = [];
  const waits: WayWait[] = [];
  for (const entry of stage.own) {
    if (entry.kind !== 'out' && entry.kind !== 'route') continue;
    const message = parseOwn(entry.bytes);
    if (message.to === env.scene.here) continue;
    const at = positionOf(batch.seq, entry.index);
    const told = await toldOf(env, peers, { partition, at, nowMs: batch.now }, message);
    steps.push(...told.steps);
    waits.push(...told.waits);
  }
  return { steps, waits };
}

interface Left {
  readonly partition: number;
  readonly at: number;
  readonly nowMs: number;
}

/** How far one message to a peer is, and what it waits for. */
async function toldOf(
  env: Environment,
  peers: Peers,
  { partition, at, nowMs }: Left,
  message: Message,
): Promise<Pick<Way, 'steps' | 'waits'>> {
  const { here } = env.scene;
  const { id, type, to } = message;
  const { frame, receipt } = await crossingOf(env, partition, at, message);
  const waitFor = (wait: WayWait['wait'], since: string): WayWait => {
    const { reachable, awaySince } = peers.note(to);
    const away = awaySince === undefined ? {} : { awaySince: instantOf(awaySince) };
    return { wait, member: to, since, type, id, reachable, ...away };
  };
  if (frame === undefined) return { steps: [], waits: [waitFor('frame', instantOf(nowMs))] };
  const own = { member: here, by: 'journal' } as const;
  const sent = { step: 'sent', member: here, peer: to, time: frame.signed, type, id, says: own } as const;
  const left: WayStep = { ...sent, frame, at: `${partition}.${at}` };
  if (receipt === undefined) return { steps: [left], waits: [waitFor('receipt', frame.signed)] };
  const step = receipt.refused === undefined ? 'received' : 'rejected';
  const says = { member: to, by: 'receipt' } as const;
  const signed: WayStep = { step, member: to, peer: here, time: receipt.time, type, id, says, frame };
  const { awaited } = await env.store.load(partition, [{ table: 'awaited', message: id }]);
  const waits = step === 'received' && awaited.length > 0 ? [waitFor('answer', receipt.time)] : [];
  return { steps: [left, signed], waits };
}

/** Messages about the record's subject that were held, or wait behind one. */
async function heldFor(
  env: Environment,
  { at, subject }: Pick<RecordView, 'at' | 'subject'>,
): Promise<readonly WayWait[]> {
  const partition = Number(at.split('.')[0]);
  const { held } = await env.store.tail(partition);
  return held
    .filter((row) => row.subject === subject)
    .map(({ since }) => ({
      wait: 'people',
      member: env.scene.here,
      since: instantOf(since),
      reachable: true,
    }));
}
