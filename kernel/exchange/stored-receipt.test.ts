import { expect, test } from 'vitest';
import type { Environment } from '../runtime/environment.ts';
import type { ReceivedRow } from '../store/rows.ts';
import { type Directory, type DirectoryKey, memberOf } from './directory.ts';
import { sealReceipt, verifyReceipt } from './receipt.ts';
import { storedReceipt } from './stored-receipt.ts';
import { type SigningKey, signingKey, suites } from './suite.ts';
import { memberKey, testBatch, testDirectory, vectorNowMs } from './testing.ts';

const suite = suites['ed25519-sha256'];
const batch = testBatch();
const old = memberKey('330000');
const fresh = signingKey({ id: '330000-b', suite: 'ed25519-sha256', random: new Uint8Array(32).fill(7) });
const signedBy = { suite, key: old, time: '2026-11-23T02:00:07.600Z', directory: 17 };
const receipt = sealReceipt({ ...batch, refusals: [] }, signedBy);

/** The directory after the old key, with what changed of it, and a fresh one beside it. */
function later(change: Partial<DirectoryKey>): Directory {
  const first = testDirectory();
  const keys = memberOf(first, '330000')?.keys ?? [];
  const { from, until, use } = keys[0] ?? { from: '', until: '', use: [] };
  const { id, public: hex } = fresh;
  const changed = [
    ...keys.map((key) => (key.id === old.id ? { ...key, ...change } : key)),
    { id, suite: fresh.suite, public: hex, from, until, use },
  ];
  const members = first.members.map((one) => (one.code === '330000' ? { ...one, keys: changed } : one));
  return { ...first, members };
}

function given(directory: Directory, key: SigningKey = fresh) {
  const row = { receipt: receipt.text, receiptSignature: receipt.signature, refusals: '' };
  // The casts leave out what of a row and of an environment a receipt does not come of.
  const env = { directory, scene: { here: '330000' }, clock: { now: () => vectorNowMs }, suite, key };
  const answer = storedReceipt(env as unknown as Environment, row as ReceivedRow);
  const context = { head: batch.head, link: batch.link, directory, nowMs: vectorNowMs };
  return { isStored: answer.text === receipt.text, verified: verifyReceipt(answer, context).ok };
}

test.each([
  ['whose key still signs is given as it was', {}, true],
  [
    'whose key was revoked since is signed again',
    { revoked: { at: '2026-11-23T02:00:00.000Z', reason: 'stolen' } },
    false,
  ],
  [
    'whose key had ended by a version that came here later is signed again',
    { until: '2026-11-23T01:00:00.000Z' },
    false,
  ],
])('a receipt %s', (_, change, isStored) => {
  expect(given(later(change))).toEqual({ isStored, verified: true });
});
