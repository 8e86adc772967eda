import { describe, expect, test } from 'vitest';
import {
  checkpointOrigin,
  checkpointSuite,
  cosign,
  readNote,
  segmentLeaf,
  segmentOf,
  signCheckpoint,
  witnessName,
  writeNoteLine,
} from '../journal/checkpoint.ts';
import { leafHash, merkleRoot, merkleTree } from '../journal/merkle.ts';
import { toBase64, toHex, toUtf8 } from './bytes.ts';
import { canonicalBytes } from './canonical.ts';
import type { Directory } from './directory.ts';
import { directoryHash, signDirectory } from './directory-step.ts';
import { buildEvidence, type Evidence } from './evidence.ts';
import { sealBatch } from './frame.ts';
import { noLink, writeJournalHead } from './head.ts';
import { sealReceipt } from './receipt.ts';
import { type SuiteName, suites } from './suite.ts';
import { memberKey, testBatch, testDirectory, vectorMessages } from './testing.ts';
import { notShown, verifyEvidence } from './verify-evidence.ts';

const codes = ['310000', '320000', '330000', '340000'];
const first = testDirectory({ version: 16 });
const second = testDirectory({ version: 17, prev: directoryHash(first), issued: '2026-11-08T00:00:00.000Z' });
const signed = (directory: Directory, by = codes) => ({
  directory,
  signatures: by.map((code) => signDirectory(memberKey(code), directory)),
});
const trusted = directoryHash(first);
const refusal = { at: '/data/fund', code: 'no-valid-filing', id: null, index: 2 };
const content = toUtf8('a scanned prescription');
const digest = toHex(checkpointSuite.digest(content));

/** Evidence for one of the vectors' messages; every part may be another. */
function evidence(
  change: {
    index?: number;
    suite?: SuiteName;
    directories?: ReturnType<typeof signed>[];
    message?: Uint8Array;
    more?: object;
    refusals?: (typeof refusal)[];
    receiptTime?: string;
  } = {},
): Evidence {
  const { index = 4, suite = 'ed25519-sha256' } = change;
  const messages = vectorMessages.map((message, at) =>
    at === index ? (change.message ?? message) : message,
  );
  const key = memberKey('310000', suite);
  const batch = sealBatch({ suite: suites[suite], key, place: testBatch().head, messages });
  const leaves = messages.map((message) => leafHash(suites[suite], message));
  const by = {
    suite: suites[suite],
    key: memberKey('330000', suite),
    time: change.receiptTime ?? '2026-11-23T02:00:07.600Z',
    directory: 17,
  };
  return buildEvidence({
    message: messages[index] ?? new Uint8Array(),
    index,
    size: 7,
    path: merkleTree(suites[suite], leaves).inclusion(index),
    head: batch.headBytes,
    headSignature: batch.signature,
    receipt: sealReceipt({ ...batch, refusals: change.refusals ?? [refusal] }, by),
    directories: change.directories ?? [signed(first), signed(second, codes.slice(0, 3))],
    ...(change.more === undefined ? {} : { more: change.more }),
  });
}

const verify = (one: unknown, hash = trusted) => verifyEvidence(JSON.stringify(one), hash);
const failure = (one: unknown, hash = trusted) => {
  const result = verify(one, hash);
  expect(result.says === undefined).toBe(!result.ok);
  expect(result.steps.slice(0, -1).every((step) => step.ok)).toBe(true);
  return result.ok ? 'proven' : result.steps.at(-1)?.step;
};

describe('good evidence', () => {
  test('says who sent what to whom, when each side says so, and what it does not show', () => {
    const result = verify(evidence());
    expect(result.steps.map(({ step, ok }) => [step, ok])).toEqual(
      ['file', 'directories', 'head', 'message', 'parties', 'receipt', 'refusals', 'revocation'].map(
        (step) => [step, true],
      ),
    );
    expect(result).toMatchObject({
      ok: true,
      says: {
        from: '310000',
        to: '330000',
        place: { stream: 'main.3', epoch: 1, number: 5 },
        sentAt: '2026-11-23T02:00:07.250Z',
        receivedAt: '2026-11-23T02:00:07.600Z',
        directory: { trusted, newest: 17 },
        message: { type: 'medical-settlement/settled', data: { claim: 'c-4' } },
      },
    });
    expect(result.notShown).toBe(notShown);
    expect(notShown.join(' ')).toContain('that the content is true');
  });

  test('of each index and suite is proven', () => {
    for (const suite of ['ed25519-sha256', 'sm2-sm3'] as const)
      for (const index of [0, 1, 3, 6]) expect(failure(evidence({ suite, index }))).toBe('proven');
    expect(failure(evidence({ refusals: [] }))).toBe('proven');
  });

  test('is proven from the newest hash too: earlier versions hang on it by their own hashes', () => {
    expect(failure(evidence(), directoryHash(second))).toBe('proven');
  });
});

describe('the first failure is the result', () => {
  const good = evidence();
  const edited = (part: 'head' | 'receipt', from: string | RegExp, to: string) => ({
    ...good,
    [part]: good[part].replace(from, to),
  });
  const other = evidence({ index: 3 });

  test.for([
    ['a list', [], 'file'],
    ['another format', { ...good, format: 'yitong-evidence/2' }, 'file'],
    ['a foreign name', { ...good, more: 1 }, 'file'],
    ['base64 with spaces', { ...good, message: ` ${good.message}` }, 'file'],
    ['a path of half hashes', { ...good, path: ['ab'] }, 'file'],
    ['no directory', { ...good, directories: [] }, 'directories'],
    [
      'a directory that is not canonical',
      { ...good, directories: [{ canonical: '{}', signatures: {} }] },
      'directories',
    ],
    [
      'a step without enough signatures',
      evidence({ directories: [signed(first), signed(second, codes.slice(0, 2))] }),
      'directories',
    ],
    [
      'a step that does not follow',
      evidence({ directories: [signed(first), signed(testDirectory({ version: 17 }))] }),
      'directories',
    ],
    ['a version left out', evidence({ directories: [signed(first)] }), 'head'],
    ['a head outside the grammar', edited('head', 'count 7', 'count 07'), 'head'],
    ['a changed head', edited('head', 'seq 1', 'seq 2'), 'head'],
    ['a changed head signature', { ...good, headSignature: other.receiptSignature }, 'head'],
    ['another message', { ...good, message: other.message }, 'message'],
    ['a changed message', { ...good, message: toBase64(toUtf8('{"a":1}')) }, 'message'],
    ['another index', { ...good, index: 3 }, 'message'],
    ['another size', { ...good, size: 8 }, 'message'],
    ['another path', { ...good, path: other.path }, 'message'],
    ['a path of 64 hashes', { ...good, path: Array.from({ length: 64 }, () => noLink) }, 'message'],
    [
      'a message that names another sender',
      evidence({ message: renamed({ source: 'yitong:320000' }) }),
      'parties',
    ],
    ['a message that names another receiver', evidence({ message: renamed({ to: '340000' }) }), 'parties'],
    ['a changed receipt', edited('receipt', 'accepted 6', 'accepted 7'), 'receipt'],
    ['a receipt for another batch', edited('receipt', /batch .*/, `batch ${noLink}`), 'receipt'],
    ['the sender’s own receipt', { ...good, receiptSignature: good.headSignature }, 'receipt'],
    ['refusals withheld', (({ refusals: _, ...rest }) => rest)(good), 'refusals'],
    ['other refusals', { ...good, refusals: good.refusals?.replace('"index":2', '"index":3') }, 'refusals'],
    ['a refused message', evidence({ index: 2 }), 'refusals'],
    [
      'a key revoked before the receipt',
      evidence({ directories: [signed(first), signed(revokedAt('2026-11-23T02:00:07.599Z'))] }),
      'revocation',
    ],
    [
      'a key revoked by a later version',
      evidence({ directories: laterRevoked('2026-11-23T02:00:07.600Z') }),
      'revocation',
    ],
    [
      'blobs that nobody named',
      evidence({ more: { blobs: [{ sha256: digest, content: toBase64(content) }] } }),
      'blobs',
    ],
  ] as const)('%s', ([, wrong, step]) => {
    expect(failure(wrong)).toBe(step);
  });

  test('a hash that nobody trusts, no JSON, a file too long', () => {
    expect(failure(good, noLink)).toBe('directories');
    expect(verifyEvidence('{', trusted).steps).toEqual([
      { step: 'file', ok: false, detail: 'the file is not JSON' },
    ]);
    expect(verifyEvidence(' '.repeat(67_108_865), trusted).steps[0]?.detail).toContain('longer');
  });

  test('a later version trusted by hash alone does not vouch for an earlier one that it does not name', () => {
    const stranger = testDirectory({ version: 16, issued: '2026-11-02T00:00:00.000Z' });
    expect(
      failure(evidence({ directories: [signed(stranger), signed(second)] }), directoryHash(second)),
    ).toBe('directories');
  });

  test('a key revoked after the receipt leaves it proven', () => {
    expect(failure(evidence({ directories: laterRevoked('2026-11-23T02:00:07.601Z') }))).toBe('proven');
  });

  function renamed(attributes: object): Uint8Array {
    const message = JSON.parse(new TextDecoder().decode(vectorMessages[4]));
    return canonicalBytes({ ...message, ...attributes });
  }

  function revokedAt(at: string, of: Directory = second): Directory {
    const members = of.members.map((member) =>
      member.code === '310000'
        ? {
            ...member,
            keys: member.keys.map((key, index) =>
              index === 0 ? { ...key, revoked: { at, reason: 'lost' } } : key,
            ),
          }
        : member,
    );
    return { ...of, members };
  }

  function laterRevoked(at: string) {
    const third = {
      ...revokedAt(at),
      version: 18,
      prev: directoryHash(second),
      issued: '2026-11-24T00:00:00.000Z',
    };
    return [signed(first), signed(second), signed(third)];
  }
});

describe('under a checkpoint', () => {
  const [message = new Uint8Array()] = vectorMessages;
  const entries = [toUtf8('{"did":0}'), message, toUtf8('{"put":1}')].map((bytes) =>
    leafHash(suites['ed25519-sha256'], bytes),
  );
  const tree = merkleTree(suites['ed25519-sha256'], entries);
  const head = writeJournalHead({
    ...{
      region: 'csj',
      suite: 'ed25519-sha256',
      from: '310000',
      partition: 3,
      epoch: 1,
      seq: 8,
      prev: noLink,
    },
    ...{
      root: toHex(merkleRoot(suites['ed25519-sha256'], entries)),
      count: 3,
      now: '2026-11-23T02:00:07.000Z',
    },
    ...{ time: '2026-11-23T02:00:07.000Z', key: '310000-2026a' },
  });
  const heads = [toUtf8('the one before\n'), head];
  const segment = segmentOf(3, 7, heads);
  const segments = [segmentOf(0, 1, heads), segment, segmentOf(1, 1, heads)].map(segmentLeaf);
  const log = merkleTree(checkpointSuite, segments);
  const origin = checkpointOrigin('csj', '310000');
  const checkpoint = signCheckpoint(memberKey('310000'), { origin, size: 3, root: log.root() });
  const text = readNote(checkpoint)?.text ?? '';
  const seconds = 1_795_399_800;
  const cosignatures = ['330000', '340000'].map((code) =>
    writeNoteLine(cosign({ name: witnessName('csj', code), key: memberKey(code) }, text, seconds)),
  );
  const journal = {
    index: 1,
    path: tree.inclusion(1).map(toHex),
    head: new TextDecoder().decode(head),
    headPath: merkleTree(
      checkpointSuite,
      heads.map((one) => leafHash(checkpointSuite, one)),
    )
      .inclusion(1)
      .map(toHex),
    segment: { ...segment, root: toHex(segment.root) },
    at: 1,
    segmentPath: log.inclusion(1).map(toHex),
  };
  const more = { checkpoint, cosignatures, journal };
  const good = evidence({ index: 0, more });

  test('the message, its journal batch and two witnesses are shown', () => {
    const result = verify(good);
    expect(result.says?.cosigned).toEqual([
      { name: 'yitong.csj.330000/witness', seconds },
      { name: 'yitong.csj.340000/witness', seconds },
    ]);
    expect(result.steps.at(-1)).toMatchObject({ step: 'checkpoint', ok: true });
  });

  test('cosignatures may stand in the note itself', () => {
    expect(failure({ ...good, cosignatures: [], checkpoint: checkpoint + cosignatures.join('') })).toBe(
      'proven',
    );
  });

  const own = writeNoteLine(
    cosign({ name: witnessName('csj', '310000'), key: memberKey('310000') }, text, seconds),
  );
  const late = writeNoteLine(
    cosign({ name: witnessName('csj', '320000'), key: memberKey('320000') }, text, 1_999_999_999),
  );
  test.for([
    ['one witness', { ...good, cosignatures: cosignatures.slice(1) }],
    ['one witness twice', { ...good, cosignatures: [cosignatures[0], cosignatures[0]] }],
    ['the log as its own witness', { ...good, cosignatures: [own, cosignatures[0]] }],
    ['a witness after its key’s end', { ...good, cosignatures: [late, cosignatures[0]] }],
    ['no way into it', (({ journal: _, ...rest }) => rest)(good)],
    ['another size', { ...good, checkpoint: checkpoint.replace('\n3\n', '\n4\n') }],
    [
      'another member’s key',
      { ...good, checkpoint: signCheckpoint(memberKey('320000'), { origin, size: 3, root: log.root() }) },
    ],
    ['another entry', { ...good, journal: { ...journal, index: 2 } }],
    ['another head', { ...good, journal: { ...journal, head: journal.head.replace('seq 8', 'seq 7') } }],
    [
      'another partition',
      { ...good, journal: { ...journal, segment: { ...journal.segment, partition: 2 } } },
    ],
    ['another segment', { ...good, journal: { ...journal, at: 0 } }],
    [
      'a third member’s journal',
      { ...good, journal: { ...journal, head: journal.head.replace('from 310000', 'from 320000') } },
    ],
    ['no journal head', { ...good, journal: { ...journal, head: 'x\n' } }],
  ])('%s is not enough', ([, wrong]) => {
    expect(failure(wrong)).toBe('checkpoint');
  });
});

test('blobs that the message names are shown', () => {
  const parsed = JSON.parse(new TextDecoder().decode(vectorMessages[4]));
  const message = canonicalBytes({
    ...parsed,
    data: { scan: { sha256: digest, size: content.length, mediaType: 'text/plain' } },
  });
  const blobs = [{ sha256: digest, content: toBase64(content) }];
  expect(failure(evidence({ message, more: { blobs } }))).toBe('proven');
  expect(
    failure(evidence({ message, more: { blobs: [{ sha256: digest, content: toBase64(toUtf8('other')) }] } })),
  ).toBe('blobs');
});
