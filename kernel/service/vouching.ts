import type { DirectoryChain } from '../exchange/directory-chain.ts';
import { directoryHash } from '../exchange/directory-step.ts';
import { instantText } from '../exchange/instant.ts';
import { type EvidenceResult, verifyEvidence } from '../exchange/verify-evidence.ts';
import {
  type SignedVoucher,
  signVoucher,
  type Voucher,
  type VoucherResult,
  verifyVoucher,
} from '../exchange/voucher.ts';
import { evidenceOfRecord } from '../journal/proofs.ts';
import type { Environment } from '../runtime/environment.ts';

/** What a member says of its records outside the region, and whether what others show stands. 凭证 */
export interface Vouching {
  /** Signs what this member says of a record, as of now. */
  vouch(of: Pick<Voucher, 'record' | 'about' | 'id' | 'at' | 'facts' | 'file'>): SignedVoucher;
  /** Whether a voucher of any member stands. */
  judge(voucher: SignedVoucher): VoucherResult;
  /** Evidence file for the message to a peer that left with this version of a record (`at` of its view); undefined when none did. */
  evidenceOf(at: string): Promise<unknown>;
  /** Verifies an evidence file from the directory that this node began with. */
  judgeEvidence(json: string): EvidenceResult;
}

/** The vouching of a node, by the directories that it holds now. */
export function vouching(env: Environment, chain: () => DirectoryChain): Vouching {
  return {
    vouch(of) {
      const { suites, key, scene, clock, directory } = env;
      const signed = { time: instantText(clock.now()), directory: directory.version, key: key.id };
      return signVoucher(suites, key, { ...of, region: scene.region, member: scene.here, ...signed });
    },
    judge(voucher) {
      const directoryAt = (version: number) => chain().at(version)?.directory;
      return verifyVoucher(voucher, { suites: env.suites, newest: env.directory, directoryAt });
    },
    evidenceOf: (at) => evidenceOfRecord(env, at, chain().all),
    judgeEvidence: (json) => verifyEvidence(json, directoryHash(chain().first.directory), env.suites),
  };
}
