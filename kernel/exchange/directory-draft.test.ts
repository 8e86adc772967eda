import { expect, test } from 'vitest';
import { canonicalBytes } from './canonical.ts';
import { type Directory, memberOf } from './directory.ts';
import { changedDirectory, type DirectoryChange } from './directory-draft.ts';
import { readDirectory } from './directory-read.ts';
import { signDirectory, verifyStep } from './directory-step.ts';
import { instantMs } from './instant.ts';
import { signingKeyOf } from './key-ring.ts';
import { publicKey, type SigningKey } from './suite.ts';
import { memberKey, testDirectory, testMember } from './testing.ts';

const last = testDirectory();
const at = '2026-11-20T00:00:00.000Z';
const nowMs = instantMs(at) ?? 0;
const dayMs = 86_400_000;
const fresh = (code: string, id: string): SigningKey => ({ ...memberKey(`39${code.slice(2)}`), id });
const key = { ...publicKey(fresh('310000', '310000-2026b')), use: ['batch', 'receipt'] as const };
const next = (change: DirectoryChange, from = last): Directory => {
  const changed = changedDirectory(from, change, nowMs);
  if (!changed.ok) throw new Error(changed.code);
  return changed.directory;
};

test.for([
  ['re-issue', { is: 'reissue' }],
  ['join', { is: 'join', member: testMember('350000'), votes: true }],
  ['join without a vote', { is: 'join', member: testMember('350000'), votes: false }],
  ['leave', { is: 'leave', member: '320000' }],
  ['rotation', { is: 'rotate', member: '310000', key, overlapMs: 14 * dayMs }],
  ['TLS key', { is: 'tls', member: '310000', add: 'ab'.repeat(32), drop: [] }],
  ['revocation', { is: 'revoke', member: '310000', key: '310000-2026a', at, reason: 'lost', instead: key }],
  ['address', { is: 'address', member: '310000', url: 'https://other.example:8443' }],
  ['epoch', { is: 'epoch', member: '310000' }],
  ['threshold', { is: 'threshold', threshold: 4 }],
] as const)('a %s gives a version that can be read and follows when all sign it', ([, change]) => {
  const directory = next(change);
  expect(readDirectory(canonicalBytes(directory))).toEqual({ ok: true, directory });
  const voters = ['310000', '320000', '330000', '340000', '350000'];
  const signatures = voters.flatMap((code) => [
    signDirectory(memberKey(code), directory),
    signDirectory(memberKey(code, 'sm2-sm3'), directory),
  ]);
  expect(verifyStep(last, directory, signatures)).toMatchObject({ ok: true });
});

test.for([
  ['a member that is one', { is: 'join', member: testMember('310000'), votes: true }, 'already-member'],
  [
    'keys of another',
    { is: 'join', member: { ...testMember('310000'), code: '350000' }, votes: true },
    'key-taken',
  ],
  ['nobody’s leaving', { is: 'leave', member: '350000' }, 'unknown-member'],
  [
    'a key that is there',
    { is: 'rotate', member: '310000', key: { ...key, id: '320000-2026a' }, overlapMs: 1 },
    'key-taken',
  ],
  ['no such key', { is: 'revoke', member: '310000', key: 'x', at, reason: 'lost' }, 'unknown-key'],
  ['half of the signers', { is: 'threshold', threshold: 2 }, 'bad-threshold'],
  ['more than all', { is: 'threshold', threshold: 5 }, 'bad-threshold'],
] as const)('%s is refused: %s', ([, change, code]) => {
  expect(changedDirectory(last, change, nowMs)).toEqual({ ok: false, code });
});

test('a key revoked twice is refused; the last two members stay together', () => {
  const revoke = { is: 'revoke', member: '310000', key: '310000-2026a', at, reason: 'lost' } as const;
  expect(changedDirectory(next(revoke), revoke, nowMs)).toEqual({ ok: false, code: 'already-revoked' });
  const two = { ...last, members: last.members.slice(0, 2), signers: ['310000', '320000'], threshold: 2 };
  expect(changedDirectory(two, { is: 'leave', member: '310000' }, nowMs)).toEqual({
    ok: false,
    code: 'too-few-members',
  });
});

test('who leaves is named by no permission any more', () => {
  const permissions = [
    { type: 'a/*', from: ['310000', '320000'], to: '*' as const, purposes: ['settlement'] },
  ];
  const directory = next({ is: 'leave', member: '320000' }, { ...last, permissions });
  expect(directory.permissions?.[0]?.from).toEqual(['310000']);
});

test('a rotation leaves the old keys of its uses an overlap; a revocation closes the epoch of the streams', () => {
  const rotated = memberOf(next({ is: 'rotate', member: '310000', key, overlapMs: 14 * dayMs }), '310000');
  expect(rotated?.keys.map(({ until }) => until.slice(0, 10))).toEqual([
    '2026-12-04',
    '2026-12-04',
    '2029-02-22',
  ]);
  const revoke = {
    is: 'revoke',
    member: '310000',
    key: '310000-2026a',
    at,
    reason: 'lost',
    instead: key,
  } as const;
  expect(memberOf(next(revoke), '310000')).toMatchObject({
    epoch: 2,
    keys: [{ revoked: { at } }, {}, { id: key.id }],
  });
});

test('the newest key that is listed, valid and not revoked signs', () => {
  const keys = [memberKey('310000'), fresh('310000', '310000-2026b')];
  const of = (directory: Directory, timeMs: number) =>
    signingKeyOf(keys, 'ed25519-sha256', { member: '310000', directory, nowMs: timeMs })?.id;
  const rotated = next({ is: 'rotate', member: '310000', key, overlapMs: 14 * dayMs });
  expect(of(last, nowMs)).toBe('310000-2026a');
  expect(of(rotated, nowMs)).toBe('310000-2026b');
  expect(of(rotated, nowMs - 1)).toBe('310000-2026a');
  const revoked = next({ is: 'revoke', member: '310000', key: key.id, at, reason: 'lost' }, rotated);
  expect(of(revoked, nowMs)).toBe('310000-2026a');
  expect(of(revoked, nowMs + 15 * dayMs)).toBeUndefined();
});
