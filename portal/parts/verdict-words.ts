import type { Fields } from '../api/types.ts';
import { type TextKey, t } from '../app/texts.ts';

/** What the node says of something that was handed in. */
export interface Verdict {
  readonly shown: 'code' | 'paper' | 'evidence' | 'unknown';
  readonly ok: boolean;
  readonly why?: string;
  readonly voucher?: Voucher;
  readonly evidence?: Evidence;
}

/** What a member signed of one of its records. */
export interface Voucher {
  readonly member: string;
  readonly record: string;
  readonly about: string;
  readonly id: string;
  readonly facts: Fields;
  readonly time: string;
  readonly directory: number;
  readonly key: string;
}

/** What a file of evidence shows: who sent what to whom, signed by both. */
export interface Evidence {
  readonly ok: boolean;
  readonly steps: readonly { readonly step: string; readonly ok: boolean }[];
  readonly id?: string;
  readonly type?: string;
  readonly from?: string;
  readonly to?: string;
  readonly sentAt?: string;
  readonly receivedAt?: string;
  readonly keys?: { readonly sender: string; readonly receiver: string };
  readonly witnesses?: readonly { readonly name: string; readonly at: string }[];
}

const reasons = new Set(['form', 'region', 'directory', 'key', 'revoked', 'signature', 'changed']);

/** Why something does not stand, and what its reader can do. */
export function reasonText({ why = '', shown }: Verdict): string {
  if (shown === 'evidence') return t('verify.bad.evidence');
  const known = why === 'form' && shown === 'unknown' ? 'unknown' : reasons.has(why) ? why : 'form';
  return t(`verify.bad.${known}` as TextKey);
}
