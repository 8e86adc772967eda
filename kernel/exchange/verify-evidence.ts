import { type Cosigned, cosignedOf } from './evidence-checkpoint.ts';
import { NotProven, newestOf } from './evidence-parts.ts';
import {
  blobsOf,
  headOf,
  messageOf,
  notRefused,
  notRevoked,
  opened,
  parties,
  receiptOf,
  walked,
} from './evidence-steps.ts';
import type { Message } from './message.ts';
import { suites as realSuites, type Suites } from './suite.ts';

/** Steps of a verification in their order (exchange protocol B12); the first failure is the result. */
export type EvidenceStepName =
  | 'file'
  | 'directories'
  | 'head'
  | 'message'
  | 'parties'
  | 'receipt'
  | 'refusals'
  | 'revocation'
  | 'checkpoint'
  | 'blobs';

/** What one step found. */
export interface EvidenceStep {
  readonly step: EvidenceStepName;
  readonly ok: boolean;
  readonly detail: string;
}

/** What evidence that stands says: who sent what to whom, and when each side says so. */
export interface EvidenceSays {
  readonly message: Message;
  readonly from: string;
  readonly to: string;
  /** Place of the message: stream, epoch, and its number in the stream. */
  readonly place: { readonly stream: string; readonly epoch: number; readonly number: number };
  readonly sentAt: string;
  readonly receivedAt: string;
  /** Ids of the keys that signed for the sender and for the receiver. */
  readonly keys: { readonly sender: string; readonly receiver: string };
  /** Versions of the directory walked, and the hash trusted. */
  readonly directory: { readonly trusted: string; readonly newest: number };
  /** Cosignatures that stand, when the message lies under a checkpoint: witness and seconds since 1970. */
  readonly cosigned?: readonly Cosigned[];
}

/** The outcome of a verification, and what even good evidence does not show. */
export interface EvidenceResult {
  readonly ok: boolean;
  readonly steps: readonly EvidenceStep[];
  readonly says: EvidenceSays | undefined;
  readonly notShown: readonly string[];
}

/** What an evidence file never shows, whatever it proves. */
export const notShown: readonly string[] = [
  'that the content is true: only that the sender signed it and the receiver has it',
  'what the receiver decided: accepted means durable, well-formed and permitted; the decision is a message of its own',
  "the time beyond both members' clocks: each time is what its signer says",
  'that the sender or the receiver kept its key to itself before the key was revoked',
  'messages before or after this one: the numbers show a place, not what stands beside it',
];

/** Verifies an evidence file offline, from the hash (hex) of a directory that the reader trusts. */
export function verifyEvidence(
  json: string,
  trustedDirectoryHash: string,
  suites: Suites = realSuites,
): EvidenceResult {
  const trail = new Trail();
  try {
    const says = verified(trail, json, trustedDirectoryHash, suites);
    return { ok: true, steps: trail.steps, says, notShown };
  } catch (error) {
    if (error instanceof NotProven) return { ok: false, steps: trail.steps, says: undefined, notShown };
    throw error;
  }
}

/** Runs steps in order and writes down what they found. */
class Trail {
  readonly steps: EvidenceStep[] = [];

  step<T extends { readonly found: string }>(step: EvidenceStepName, run: () => T): T {
    try {
      const value = run();
      this.steps.push({ step, ok: true, detail: value.found });
      return value;
    } catch (error) {
      if (error instanceof NotProven) this.steps.push({ step, ok: false, detail: error.message });
      throw error;
    }
  }
}

function verified(trail: Trail, json: string, trusted: string, suites: Suites): EvidenceSays {
  const { file } = trail.step('file', () => opened(json));
  const { walk } = trail.step('directories', () => walked(file, trusted, suites));
  const { head, key: headKey } = trail.step('head', () => headOf(file, walk, suites));
  const { message } = trail.step('message', () => messageOf(file, head, suites));
  trail.step('parties', () => parties(message, head));
  const { receipt, key } = trail.step('receipt', () => receiptOf(file, head, walk, suites));
  trail.step('refusals', () => notRefused(file, receipt, suites));
  trail.step('revocation', () => notRevoked([headKey, key], receipt, walk));
  const under =
    file.checkpoint === undefined ? undefined : trail.step('checkpoint', () => cosignedOf(file, head, walk));
  if (file.blobs !== undefined) trail.step('blobs', () => blobsOf(file, message));
  const { from, to, stream, epoch, first } = head;
  return {
    message,
    from,
    to,
    place: { stream, epoch, number: first + file.index },
    sentAt: head.time,
    receivedAt: receipt.time,
    keys: { sender: headKey.id, receiver: key.id },
    directory: { trusted, newest: newestOf(walk).version },
    ...(under === undefined ? {} : { cosigned: under.cosigned }),
  };
}
