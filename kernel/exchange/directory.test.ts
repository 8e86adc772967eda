import { describe, expect, test } from 'vitest';
import { toHex, toUtf8 } from './bytes.ts';
import { canonical, canonicalBytes } from './canonical.ts';
import {
  type Directory,
  directoryBytes,
  epochOf,
  isPermitted,
  keyAt,
  memberByTls,
  memberOf,
  quorum,
  streamsOf,
} from './directory.ts';
import { readDirectory } from './directory-read.ts';
import {
  directoryHash,
  directorySignedBytes,
  signDirectory,
  signersOfFirst,
  verifyStep,
} from './directory-step.ts';
import { instantMs } from './instant.ts';
import { publicKey, suites } from './suite.ts';
import { memberKey, testDirectory, testMember, vectorKey, vectors } from './testing.ts';

const { version16, version17 } = vectors.directory;
const read = (text: string): Directory => {
  const directory = readDirectory(toUtf8(text));
  if (!directory.ok) throw new Error(directory.detail);
  return directory.directory;
};
const listed = (signatures: Record<string, string>) =>
  Object.entries(signatures).map(([key, signature]) => ({ key, signature }));
const [v16, v17] = [read(version16.canonical), read(version17.canonical)];

describe('the vector', () => {
  test('both versions are read, written and hashed', () => {
    for (const [directory, vector] of [
      [v16, version16],
      [v17, version17],
    ] as const) {
      expect(directoryBytes(directory)).toEqual(toUtf8(vector.canonical));
      expect(directoryHash(directory)).toBe(vector.hash);
    }
    expect(v17.prev).toBe(version16.hash);
  });

  test('its signatures are reproduced and verify', () => {
    for (const [directory, vector] of [
      [v16, version16],
      [v17, version17],
    ] as const)
      for (const [id, signature] of Object.entries(vector.signatures)) {
        expect(signDirectory(vectorKey(id), directory)).toEqual({ key: id, signature });
        expect(toHex(suites['ed25519-sha256'].sign(vectorKey(id), directorySignedBytes(directory)))).toBe(
          signature,
        );
      }
  });

  test('16 is signed by its own signers, 17 follows by two of three', () => {
    expect(signersOfFirst(v16, listed(version16.signatures))).toEqual(['310000', '330000']);
    expect(verifyStep(v16, v17, listed(version17.signatures))).toEqual({
      ok: true,
      signedBy: ['310000', '330000'],
    });
  });

  test('must fail: one signature twice', () => {
    const one = { key: '310000-2026a', signature: version17.signatures['310000-2026a'] ?? '' };
    expect(verifyStep(v16, v17, [one, one])).toMatchObject({ code: 'too-few-signatures' });
  });

  test('must fail: a signature of the key that 17 revokes, and of its successor', () => {
    const one = { key: '310000-2026a', signature: version17.signatures['310000-2026a'] ?? '' };
    for (const id of ['340000-2026a', '340000-2026b'])
      expect(verifyStep(v16, v17, [one, signDirectory(vectorKey(id), v17)])).toMatchObject({
        code: 'too-few-signatures',
      });
  });

  test('must fail: 16 after 17 was seen', () => {
    expect(verifyStep(v17, v16, listed(version16.signatures))).toMatchObject({ code: 'wrong-version' });
  });

  test('must fail: 18 whose prev is not the hash of 17', () => {
    const v18 = { ...v17, version: 18, prev: version16.hash };
    const signatures = ['310000-2026a', '330000-2026a', '340000-2026b'].map((id) =>
      signDirectory(vectorKey(id), v18),
    );
    expect(verifyStep(v17, v18, signatures)).toMatchObject({ code: 'wrong-prev' });
    const good = { ...v18, prev: version17.hash, issued: '2026-11-29T00:00:00.000Z' };
    const resigned = ['310000-2026a', '330000-2026a', '340000-2026b'].map((id) =>
      signDirectory(vectorKey(id), good),
    );
    expect(verifyStep(v17, good, resigned)).toMatchObject({
      ok: true,
      signedBy: ['310000', '330000', '340000'],
    });
  });

  test('must fail: 17 with an unsorted key order', () => {
    const unsorted = version17.canonical.replace(/^\{("expires":"[^"]+"),("format":"[^"]+"),/, '{$2,$1,');
    expect(unsorted).not.toBe(version17.canonical);
    expect(readDirectory(toUtf8(unsorted))).toMatchObject({
      ok: false,
      detail: expect.stringContaining('not-canonical'),
    });
  });
});

describe('a step', () => {
  const codes = ['310000', '320000', '330000', '340000'];
  const first = testDirectory();
  const next = testDirectory({ version: 18, prev: directoryHash(first), issued: '2026-11-08T00:00:00.000Z' });
  const signedBy = (directory: Directory, members: readonly string[]) =>
    members.map((code) => signDirectory(memberKey(code), directory));

  test('needs three of four signers, of whichever suite', () => {
    expect(verifyStep(first, next, signedBy(next, codes.slice(0, 2)))).toMatchObject({
      code: 'too-few-signatures',
    });
    expect(verifyStep(first, next, signedBy(next, codes.slice(1)))).toMatchObject({ ok: true });
    const sm2 = signDirectory(memberKey('340000', 'sm2-sm3'), next);
    expect(verifyStep(first, next, [...signedBy(next, codes.slice(0, 2)), sm2])).toMatchObject({ ok: true });
    expect(verifyStep(first, next, [...signedBy(next, ['340000']), sm2, sm2])).toMatchObject({
      code: 'too-few-signatures',
    });
  });

  test('counts no signature of another text, key or use', () => {
    const two = signedBy(next, codes.slice(0, 2));
    const other = signedBy(first, ['330000']);
    const foreign = { key: '330000-2026a', signature: signDirectory(memberKey('320000'), next).signature };
    for (const bad of [
      ...other,
      foreign,
      { key: 'nobody', signature: '00' },
      { key: '330000-2026a', signature: 'zz' },
    ])
      expect(verifyStep(first, next, [...two, bad])).toMatchObject({ code: 'too-few-signatures' });
    const noUse = change(first, '330000', { use: ['batch'] });
    const after = { ...next, prev: directoryHash(noUse) };
    expect(
      verifyStep(noUse, after, [...signedBy(after, codes.slice(0, 2)), ...signedBy(after, ['330000'])]),
    ).toMatchObject({ code: 'too-few-signatures' });
  });

  test('with other signers needs the new ones too', () => {
    const fifth = testMember('350000');
    const changed = {
      ...next,
      members: [...next.members, fifth],
      signers: ['330000', '340000', '350000'],
      threshold: 3,
    };
    expect(verifyStep(first, changed, signedBy(changed, codes))).toMatchObject({
      code: 'too-few-new-signatures',
    });
    expect(verifyStep(first, changed, signedBy(changed, ['330000', '340000', '350000']))).toMatchObject({
      code: 'too-few-signatures',
    });
    expect(verifyStep(first, changed, signedBy(changed, [...codes, '350000']))).toMatchObject({ ok: true });
  });

  test('that lowers the threshold needs the old threshold', () => {
    const members = { ...next, signers: codes.slice(0, 2), threshold: 2 };
    expect(verifyStep(first, members, signedBy(members, codes.slice(0, 2)))).toMatchObject({
      code: 'too-few-signatures',
    });
    expect(verifyStep(first, members, signedBy(members, codes.slice(0, 3)))).toMatchObject({ ok: true });
  });

  test('one hostile signer cannot add a key by its own vote', () => {
    const added = change(next, '340000', {});
    const members = added.members.map((member) =>
      member.code === '340000'
        ? {
            ...member,
            keys: [
              ...member.keys,
              {
                ...publicKey({ ...memberKey('390000'), id: 'x' }),
                use: ['directory'] as const,
                from: '2026-01-01T00:00:00.000Z',
                until: '2027-01-01T00:00:00.000Z',
              },
            ],
          }
        : member,
    );
    const hostile = { ...added, members };
    const votes = [
      ...signedBy(hostile, ['340000']),
      signDirectory({ ...memberKey('390000'), id: 'x' }, hostile),
      signDirectory(memberKey('340000', 'sm2-sm3'), hostile),
    ];
    expect(verifyStep(first, hostile, votes)).toMatchObject({ code: 'too-few-signatures' });
  });

  const revoked = { at: '2026-11-05T00:00:00.000Z', reason: 'key-compromise' };
  const before = change(first, '320000', { revoked });
  test.for([
    ['another region', first, { ...next, region: 'zsj' }, 'wrong-region'],
    ['a version left out', first, { ...next, version: 19 }, 'wrong-version'],
    ['the same version', first, { ...next, version: 17 }, 'wrong-version'],
    ['another prev', first, { ...next, prev: '0'.repeat(64) }, 'wrong-prev'],
    ['an earlier issue', first, { ...next, issued: '2026-10-31T00:00:00.000Z' }, 'issued-earlier'],
    [
      'a key with another public key',
      first,
      change(next, '320000', { public: memberKey('390000').public }),
      'key-changed',
    ],
    ['a revocation taken back', before, { ...next, prev: directoryHash(before) }, 'revocation-lost'],
  ] as const)('to %s is refused', ([, from, to, code]) => {
    expect(verifyStep(from, to, signedBy(to, codes))).toMatchObject({ ok: false, code });
  });

  function change(directory: Directory, code: string, keys: object): Directory {
    const members = directory.members.map((member) =>
      member.code === code
        ? { ...member, keys: member.keys.map((key, index) => (index === 0 ? { ...key, ...keys } : key)) }
        : member,
    );
    return { ...directory, members };
  }
});

describe('a key', () => {
  const at = (text: string) => instantMs(text) ?? 0;
  test.for([
    ['before it begins', '2025-12-31T23:59:59.999Z', 'batch', false],
    ['when it begins', '2026-01-01T00:00:00.000Z', 'batch', true],
    ['before it is revoked', '2026-11-22T05:59:59.999Z', 'batch', true],
    ['when it is revoked', '2026-11-22T06:00:00.000Z', 'batch', false],
    ['for a use that it has not', '2026-06-01T00:00:00.000Z', 'journal', false],
  ] as const)('%s', ([, time, use, valid]) => {
    expect(keyAt(v17, { member: '340000', key: '340000-2026a', use, timeMs: at(time) }) !== undefined).toBe(
      valid,
    );
  });

  test('after its end', () => {
    const wanted = { member: '310000', key: '310000-2026a', use: 'batch' } as const;
    expect(keyAt(v17, { ...wanted, timeMs: at('2026-12-31T23:59:59.999Z') })?.id).toBe('310000-2026a');
    expect(keyAt(v17, { ...wanted, timeMs: at('2027-01-01T00:00:00.000Z') })).toBeUndefined();
    expect(keyAt(v17, { ...wanted, timeMs: Number.NaN })).toBeUndefined();
    expect(
      keyAt(v17, { ...wanted, member: '330000', timeMs: at('2026-06-01T00:00:00.000Z') }),
    ).toBeUndefined();
  });
});

describe('what a member may send', () => {
  const directory = testDirectory({
    permissions: [
      { type: 'medical-settlement/*', from: '*', to: '*', purposes: ['settlement'] },
      { type: 'health-record/summary', from: ['310000'], to: ['320000', '330000'], purposes: ['treatment'] },
    ],
  });
  test.for([
    ['310000', '330000', 'medical-settlement/settled', 'settlement', true],
    ['310000', '330000', 'medical-settlement/bill/paid', 'settlement', true],
    ['310000', '330000', 'medical-settlement/settled', 'treatment', false],
    ['310000', '330000', 'medical-settlement-other/settled', 'settlement', false],
    ['310000', '330000', 'medical-settlement', 'settlement', false],
    ['310000', '330000', 'health-record/summary', 'treatment', true],
    ['330000', '310000', 'health-record/summary', 'treatment', false],
    ['310000', '340000', 'health-record/summary', 'treatment', false],
    ['310000', '330000', 'health-record/summary/more', 'treatment', false],
    ['310000', '330000', 'plan/told', 'settlement', false],
  ] as const)('%s to %s: %s for %s', ([from, to, type, purpose, permitted]) => {
    expect(isPermitted(directory, { from, to, type, purpose })).toBe(permitted);
  });

  test('without permissions nothing', () => {
    expect(isPermitted(v17, { from: '310000', to: '330000', type: 'a/b', purpose: 'c' })).toBe(false);
  });
});

test('members, streams, epochs, quorum', () => {
  const directory = testDirectory();
  expect(memberOf(directory, '320000')?.url).toBe('https://n320000.example:8443');
  expect(memberByTls(v17, v17.members[1]?.tls[0] ?? '')?.code).toBe('330000');
  expect(memberByTls(v17, '0'.repeat(64))).toBeUndefined();
  expect([streamsOf(v17), streamsOf(testDirectory({ streams: 4 }))]).toEqual([16, 4]);
  expect(epochOf(v17, '310000')).toBe(1);
  expect([1, 2, 3, 4, 7].map(quorum)).toEqual([1, 2, 3, 3, 5]);
});

describe('a directory is read strictly', () => {
  const good = testDirectory();
  const [member = testMember('310000')] = good.members;
  const [key] = member.keys;
  const withMember = (change: object) => ({
    ...good,
    members: [{ ...member, ...change }, ...good.members.slice(1)],
  });
  const withKey = (change: object) => withMember({ keys: [{ ...key, ...change }, ...member.keys.slice(1)] });

  test('the good one, also with every optional part', () => {
    const full = withMember({
      epoch: 3,
      keys: [{ ...key, revoked: { at: '2026-11-05T00:00:00.000Z', reason: 'lost' } }],
    });
    for (const one of [good, full])
      expect(readDirectory(canonicalBytes(one))).toEqual({ ok: true, directory: one });
  });

  test.for([
    ['/format', { ...good, format: 'yitong-directory/2' }],
    ['the document', { ...good, more: 1 }],
    ['the document', (({ prev: _, ...rest }) => rest)(good)],
    ['/region', { ...good, region: 'C S J' }],
    ['/version', { ...good, version: 0 }],
    ['/prev', { ...good, prev: 'x' }],
    ['/issued', { ...good, issued: '2026-11-01' }],
    ['/expires', { ...good, expires: good.issued }],
    ['/threshold', { ...good, threshold: 2 }],
    ['/threshold', { ...good, threshold: 5 }],
    ['/signers/0', { ...good, signers: ['990000'] }],
    ['/signers', { ...good, signers: ['310000', '310000', '320000', '330000'] }],
    ['/members', { ...good, members: [member, ...good.members] }],
    ['/streams', { ...good, streams: 6 }],
    ['/purposes', { ...good, purposes: ['settlement', 'settlement'] }],
    ['/permissions/0/type', { ...good, permissions: [{ type: '*', from: '*', to: '*', purposes: [] }] }],
    ['/permissions/0/from', { ...good, permissions: [{ type: 'a/b', from: 'x', to: '*', purposes: [] }] }],
    [
      '/permissions/0/to/0',
      { ...good, permissions: [{ type: 'a/b', from: '*', to: ['990000'], purposes: [] }] },
    ],
    [
      '/permissions/0/purposes/0',
      { ...good, permissions: [{ type: 'a/b', from: '*', to: '*', purposes: ['tax'] }] },
    ],
    ['/members/0/code', withMember({ code: '31' })],
    ['/members/0/url', withMember({ url: 'http://a.example' })],
    ['/members/0/url', withMember({ url: 'https://a.example/' })],
    ['/members/0/url', withMember({ url: 'https://u:p@a.example' })],
    ['/members/0/url', withMember({ url: 'https://A.example' })],
    ['/members/0/url', withMember({ url: 'https://a.example/x?y' })],
    ['/members/0/tls/0', withMember({ tls: ['ab'] })],
    ['/members', withMember({ tls: good.members[1]?.tls })],
    ['/members/0/name', withMember({ name: '' })],
    ['/members/0/epoch', withMember({ epoch: 0 })],
    ['/members/0/keys/0/id', withKey({ id: 'a b' })],
    ['/members', withKey({ id: '320000-2026a' })],
    ['/members', withKey({ public: memberKey('320000').public })],
    ['/members/0/keys/0/suite', withKey({ suite: 'rsa' })],
    ['/members/0/keys/0/public', withKey({ public: '00'.repeat(32) })],
    ['/members/0/keys/0/public', withKey({ suite: 'sm2-sm3' })],
    ['/members/0/keys/0/use/0', withKey({ use: ['everything'] })],
    ['/members/0/keys/0/until', withKey({ until: '2026-01-01T00:00:00.000Z' })],
    ['/members/0/keys/0/revoked', withKey({ revoked: { at: '2026-01-01T00:00:00.000Z' } })],
  ] as const)('and names %s', ([at, wrong]) => {
    const result = readDirectory(toUtf8(canonical(wrong)));
    expect(result).toMatchObject({ ok: false });
    expect(!result.ok && result.detail.startsWith(`${at} `)).toBe(true);
  });
});
