import { expect, test } from 'vitest';
import { signingKeyOf } from './key-ring.ts';
import { memberKey, testDirectory, vectorNowMs } from './testing.ts';

const key = memberKey('310000');
const at = (revoked?: { readonly at: string; readonly reason: string }) => {
  const first = testDirectory();
  const members = first.members.map((member) => ({
    ...member,
    keys: member.keys.map((one) => (one.id === key.id && revoked ? { ...one, revoked } : one)),
  }));
  return { member: '310000', directory: { ...first, members }, nowMs: vectorNowMs };
};

test('the listed key signs', () => {
  expect(signingKeyOf([key], key.suite, at())).toBe(key);
});

test.each(['2026-01-02T00:00:00.000Z', '2027-01-01T00:00:00.000Z'])(
  'a key that the directory revokes signs nothing more, whether or not by this clock the time has come (%s)',
  (time) => {
    expect(signingKeyOf([key], key.suite, at({ at: time, reason: 'stolen' }))).toBeUndefined();
  },
);

test('for what can be signed again, a key will do whose revocation has not come', () => {
  const later = at({ at: '2027-01-01T00:00:00.000Z', reason: 'stolen' });
  expect(signingKeyOf([key], key.suite, { ...later, use: 'receipt', untilRevoked: true })).toBe(key);
});
