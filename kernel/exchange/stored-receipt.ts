import type { Environment } from '../runtime/environment.ts';
import type { ReceivedRow } from '../store/rows.ts';
import { toUtf8 } from './bytes.ts';
import { isRevokedAt, keyAt } from './directory.ts';
import { readReceipt, writeReceipt } from './head.ts';
import { instantMs, instantText } from './instant.ts';
import type { SignedAnswer } from './receipt.ts';

/**
 * The receipt that a received frame was given. When by today's directory its key could not sign it (revoked since, or at its end by a
 * version that had not come here then), whoever has not got it yet would not take it: it is signed again, with today's key and time,
 * over the same link (B8: receipted batches stand).
 */
export function storedReceipt(
  { directory, scene, clock, suite, key }: Environment,
  row: ReceivedRow,
): SignedAnswer {
  const refusals = toUtf8(row.refusals);
  const stored = { text: row.receipt, signature: row.receiptSignature, refusals };
  const read = readReceipt(row.receipt);
  if (!read.ok) return stored;
  const timeMs = instantMs(read.value.time) ?? 0;
  const signer = keyAt(directory, { member: scene.here, key: read.value.key, use: 'receipt', timeMs });
  if (signer && !isRevokedAt(signer, clock.now())) return stored;
  const now = { time: instantText(clock.now()), directory: directory.version, key: key.id };
  const text = writeReceipt({ ...read.value, ...now });
  return { text, signature: suite.sign(key, text), refusals };
}
