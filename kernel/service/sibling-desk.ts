import type { FrameAnswer } from '../api.ts';
import type { Desk } from '../exchange/desk.ts';
import type { Receiver } from '../exchange/receiver.ts';
import type { Environment } from '../runtime/environment.ts';
import type { PartitionWriter } from '../runtime/writer.ts';
import type { Answers } from './answers.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { Counter } from './counter.ts';
import type { Leases } from './leases.ts';
import type { Live } from './live.ts';
import { bookPage } from './peer-books.ts';
import { release } from './quarantine.ts';
import type { Routes } from './routes.ts';
import type { SiblingDesk, Siblings } from './siblings.ts';
import type { Witness } from './witness.ts';

/** What answers within one process. */
export interface SiblingDeskParts {
  readonly env: Environment;
  readonly writers: readonly PartitionWriter[];
  readonly counter: Counter;
  readonly receiver: Receiver;
  readonly answers: Answers;
  readonly witness: Witness;
  readonly desk: Desk;
  readonly routes: Routes;
  readonly leases: Leases;
  readonly siblings: Siblings;
  readonly live: Live;
  readonly checkpoints: Checkpoints;
  readonly stand: (reason: string) => void;
}

/** What this process answers by itself, whichever one of its node was asked. */
export function siblingDesk(parts: SiblingDeskParts): SiblingDesk {
  const { env, writers, counter, receiver, routes, live, checkpoints, stand } = parts;
  return {
    take: (bytes, lookup, waitMs) => counter.take(bytes, lookup, waitMs),
    known: (command, waitMs) => counter.known(command, waitMs),
    release: (wish) => release(env, writers, counter, wish),
    frame: (peer, frame) => receiver.receive(peer, frame),
    ask: (peer, what, body) => answer(parts, peer, what, body),
    routes: (...brought) => routes.take(...brought),
    checkpoint: () => checkpoints.takeCosigned(),
    hand: (partition) => hand(parts, partition),
    follow: (address, types) => live.follow(address, types),
    live: (partition, rows) => live.tell(partition, rows),
    stand,
  };
}

async function answer(
  { env, answers, witness, desk }: SiblingDeskParts,
  peer: string,
  what: string,
  body: Uint8Array | undefined,
): Promise<FrameAnswer> {
  if (what === 'questions') return answers.answer(peer, body ?? new Uint8Array());
  const books = () => bookPage(env, peer, what);
  return (await witness.answer(peer, what, body)) ?? (await books()) ?? desk.answer(peer, what);
}

/** Another process prefers a partition that is held here: it gets it behind the batch under way. */
async function hand(
  { env, writers, leases, siblings }: SiblingDeskParts,
  partition: number,
): Promise<boolean> {
  const lease = leases.held.find((one) => one.partition === partition);
  const writer = writers[partition];
  // Not one that is being opened either: its opening would go on without the lease.
  if (!lease || !writer?.state || siblings.prefers(partition) || env.outdated !== undefined) return false;
  await writer.letGo();
  await leases.letGo(lease);
  env.log.info('partition handed over', { partition });
  return true;
}
