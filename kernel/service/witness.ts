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
  /** Compares views and has the newest checkpoint cosigned, under the lease of that epoch. Errors: the store's. */
  round(epoch: number): Promise<void>;
}

/** The witness of a node: contradictions are an alarm for the operator, and the proof is in the log, to be kept and shown to others. */
export function witness(
  env: Environment,
  note: (peer: string) => PeerNotes,
  directories: () => readonly SignedDirectory[],
): Witness {
  const contradicted: Contradicted = (member, notes, fault) => {
    const { alarms } = note(member);
    if (fault === 'two-pasts') {
      const detail = 'signed two states of its log of one size: the proof is in the log';
      alarms.set('log', { code: fault, detail });
      const proof = JSON.stringify(twoPasts(notes, directories()));
      env.log.error('a member has two pasts', { member, proof });
    } else if (alarms.get('log')?.code === 'two-pasts') return;
    else if (fault === undefined) alarms.delete('log');
    else {
      const detail = 'does not prove that its log continues what was cosigned before';
      alarms.set('log', { code: fault, detail });
      env.log.warn('a log is not proven to continue', { member, notes });
    }
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
    round: (epoch) => cosigning.round(epoch),
  };
}
