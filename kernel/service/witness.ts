import type { FrameAnswer } from '../api.ts';
import type { PeerNotes } from '../exchange/courier.ts';
import type { SignedDirectory } from '../exchange/signed-directory.ts';
import type { Environment } from '../runtime/environment.ts';
import { twoPasts } from '../witness/two-pasts.ts';
import { Cosigning } from './cosigning.ts';
import { type Contradicted, WitnessDesk } from './witness-desk.ts';

/** What a node does as a witness of other members' logs, and with its own at theirs (exchange protocol B9). */
export interface Witness {
  /** Undefined for an address that is not about logs. */
  answer(peer: string, what: string, body?: Uint8Array): Promise<FrameAnswer | undefined>;
  /** Has the newest checkpoint cosigned and compares views. Errors: the store's. */
  round(): Promise<void>;
}

/** The witness of a node: contradictions are an alarm for the operator, and the proof is in the log, to be kept and shown to others. */
export function witness(
  env: Environment,
  note: (peer: string) => PeerNotes,
  directories: () => readonly SignedDirectory[],
): Witness {
  const contradicted: Contradicted = (member, notes, fault) => {
    const detail = 'signed two states of its log that contradict each other: both are in the log';
    note(member).alarms.set('log', { code: fault, detail });
    const proof = fault === 'two-pasts' ? JSON.stringify(twoPasts(notes, directories())) : undefined;
    env.log.error('a member has two pasts', {
      member,
      fault,
      notes,
      ...(proof === undefined ? {} : { proof }),
    });
  };
  /** Its newest rows were deleted, an older backup was restored (threat 58), or somebody else has a key of this member. */
  const ownLost = (peer: string, detail: string): void => {
    note(peer).alarms.set('own log', { code: 'own-log-lost', detail });
    env.log.error('a member cosigned another past of this log', { peer, fault: 'own-log-lost', detail });
  };
  const desk = new WitnessDesk(env, contradicted);
  const cosigning = new Cosigning(env, contradicted, ownLost);
  return {
    answer: (peer, what, body) => desk.answer(peer, what, body),
    round: () => cosigning.round(),
  };
}
