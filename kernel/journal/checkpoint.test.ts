import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, toHex, toUtf8 } from '../exchange/bytes.ts';
import { signingKey } from '../exchange/suite.ts';
import { bytesOfBase64, memberKey } from '../exchange/testing.ts';
import {
  type Checkpoint,
  checkpointOrigin,
  checkpointSuite,
  cosign,
  noteKeyId,
  readCheckpoint,
  readNote,
  readNoteLine,
  segmentBytes,
  segmentLeaf,
  segmentOf,
  signCheckpoint,
  verifyCheckpoint,
  verifyCosignature,
  witnessName,
  writeCheckpoint,
  writeNote,
  writeNoteLine,
} from './checkpoint.ts';
import { leafHash, merkleRoot, merkleTree, verifyInclusion } from './merkle.ts';

const seed = 20261123;
const origin = checkpointOrigin('csj', '310000');
const key = memberKey('310000');
const checkpoint: Checkpoint = { origin, size: 20_852_163, root: checkpointSuite.digest(toUtf8('root')) };
const note = signCheckpoint(key, checkpoint);

describe('the known answer of golang.org/x/mod/sumdb/note', () => {
  const name = 'PeterNeumann';
  const seedBytes = bytesOfBase64('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz').subarray(1);
  const known = signingKey({ id: 'known', suite: 'ed25519-sha256', random: seedBytes });
  const text =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
  const line =
    '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';

  test('key id c74f20a3 and signature', () => {
    expect(toHex(noteKeyId(name, known, 'log'))).toBe('c74f20a3');
    const signature = checkpointSuite.sign(known, toUtf8(text));
    expect(writeNoteLine({ name, keyId: noteKeyId(name, known, 'log'), signature })).toBe(line);
    expect(readNote(`${text}\n${line}`)).toMatchObject({ text, signatures: [{ name }] });
  });
});

describe('a checkpoint', () => {
  test('is three lines and a signature line', () => {
    const [first, size, root, empty, line, end] = note.split('\n');
    expect([first, size, empty, end]).toEqual(['yitong.csj.310000/journal', '20852163', '', '']);
    expect(bytesOfBase64(root ?? '')).toHaveLength(32);
    expect(line).toMatch(/^— yitong\.csj\.310000\/journal [A-Za-z0-9+/]+={0,2}$/);
  });

  test('verifies with its key', () => {
    const result = verifyCheckpoint(note, { origin, key });
    expect(result.ok && { ...result.checkpoint, root: toHex(result.checkpoint.root) }).toEqual({
      ...checkpoint,
      root: toHex(checkpoint.root),
    });
  });

  test('of the empty tree has size 0', () => {
    expect(
      readCheckpoint(writeCheckpoint({ origin, size: 0, root: merkleRoot(checkpointSuite, []) }))?.size,
    ).toBe(0);
  });

  test.for([
    ['another key', note, { origin, key: memberKey('320000') }, 'not-signed'],
    ['another log', note, { origin: checkpointOrigin('csj', '320000'), key }, 'wrong-origin'],
    ['a changed size', note.replace('20852163', '20852164'), { origin, key }, 'bad-signature'],
    ['a leading zero', note.replace('20852163', '020852163'), { origin, key }, 'bad-checkpoint'],
    [
      'a size beyond safe integers',
      note.replace('20852163', '9007199254740993'),
      { origin, key },
      'bad-checkpoint',
    ],
    ['an extension line', note.replace('\n\n', '\nmore\n\n'), { origin, key }, 'bad-checkpoint'],
    ['no signature', note.slice(0, note.indexOf('—')), { origin, key }, 'bad-note'],
    ['a hyphen for the dash', note.replace('—', '-'), { origin, key }, 'bad-note'],
    ['CR LF', note.replaceAll('\n', '\r\n'), { origin, key }, 'bad-note'],
    ['no final LF', note.slice(0, -1), { origin, key }, 'bad-note'],
    ['a NUL', `\u0000${note}`, { origin, key }, 'bad-note'],
    ['base64 with stray bits', note.replace(/.(=+\n)$/, (_, end) => `/${end}`), { origin, key }, 'bad-note'],
    ['more than 64 KiB', `${'x'.repeat(65_536)}${note}`, { origin, key }, 'bad-note'],
  ] as const)('is refused with %s', ([, text, log, code]) => {
    expect(verifyCheckpoint(text, log)).toEqual({ ok: false, code });
  });

  test('ignores lines of keys that are not the log’s', () => {
    const stranger = memberKey('320000');
    const signature = {
      name: 'x.example',
      keyId: noteKeyId('x.example', stranger, 'log'),
      signature: new Uint8Array(64),
    };
    expect(verifyCheckpoint(note + writeNoteLine(signature), { origin, key }).ok).toBe(true);
  });

  test('is refused when a second line of its own key fails', () => {
    const bad = { name: origin, keyId: noteKeyId(origin, key, 'log'), signature: new Uint8Array(64) };
    expect(verifyCheckpoint(note + writeNoteLine(bad), { origin, key })).toEqual({
      ok: false,
      code: 'bad-signature',
    });
  });

  test('is refused with any character changed', () => {
    fc.assert(
      fc.property(fc.nat({ max: note.length - 1 }), fc.constantFrom(...'0Aa=+/ \n—é'), (at, char) => {
        const changed = note.slice(0, at) + char + note.slice(at + 1);
        expect(verifyCheckpoint(changed, { origin, key }).ok).toBe(changed === note);
      }),
      { seed, numRuns: 800 },
    );
  });

  test('is not written for what nobody would read', () => {
    for (const change of [
      { origin: 'a b' },
      { origin: '' },
      { size: -1 },
      { size: 0.5 },
      { root: new Uint8Array(31) },
    ])
      expect(() => writeCheckpoint({ ...checkpoint, ...change })).toThrow(TypeError);
    expect(() => writeNote({ text: 'no end', signatures: [] })).toThrow(TypeError);
    expect(() => signCheckpoint(memberKey('310000', 'sm2-sm3'), checkpoint)).toThrow('ed25519-sha256');
  });
});

describe('a cosignature', () => {
  const witness = { name: witnessName('csj', '330000'), key: memberKey('330000') };
  const signed = readNote(note) ?? { text: '', signatures: [] };
  const line = cosign(witness, signed.text, 1_795_399_200);
  const cosigned = { ...signed, signatures: [...signed.signatures, line] };

  test('is 4 bytes of key id, 8 of time, 64 of signature over cosignature/v1', () => {
    expect(line.signature).toHaveLength(72);
    expect(toHex(line.signature.subarray(0, 8))).toBe((1_795_399_200).toString(16).padStart(16, '0'));
    const bytes = toUtf8(`cosignature/v1\ntime 1795399200\n${signed.text}`);
    expect(checkpointSuite.verify(witness.key, bytes, line.signature.subarray(8))).toBe(true);
    const preimage = concat(
      toUtf8('yitong.csj.330000/witness\n'),
      Uint8Array.of(4),
      Buffer.from(witness.key.public, 'hex'),
    );
    expect(toHex(line.keyId)).toBe(toHex(checkpointSuite.digest(preimage)).slice(0, 8));
  });

  test('verifies within its note, written and read again', () => {
    expect(verifyCosignature(readNote(writeNote(cosigned)) ?? signed, witness)).toBe(1_795_399_200);
    expect(readNoteLine(writeNoteLine(line).trimEnd())?.name).toBe(witness.name);
  });

  test.for([
    ['another witness', cosigned, { ...witness, name: witnessName('csj', '340000') }],
    ['another key', cosigned, { ...witness, key: memberKey('340000') }],
    ['another text', { ...cosigned, text: writeCheckpoint({ ...checkpoint, size: 1 }) }, witness],
    ['no line', signed, witness],
    [
      'another time',
      {
        ...signed,
        signatures: [{ ...line, signature: line.signature.map((byte, at) => (at === 7 ? byte ^ 1 : byte)) }],
      },
      witness,
    ],
    [
      'a time of 2^63',
      {
        ...signed,
        signatures: [{ ...line, signature: line.signature.map((byte, at) => (at === 0 ? 128 : byte)) }],
      },
      witness,
    ],
    ['a cut line', { ...signed, signatures: [{ ...line, signature: line.signature.subarray(1) }] }, witness],
  ] as const)('of %s is none', ([, wrong, who]) => {
    expect(verifyCosignature(wrong, who)).toBeUndefined();
  });

  test('and a log’s signature are never each other', () => {
    expect(toHex(noteKeyId(origin, key, 'log'))).not.toBe(toHex(noteKeyId(origin, key, 'witness')));
    expect(verifyCosignature(signed, { name: origin, key })).toBeUndefined();
  });

  test('is made for whole seconds only', () => {
    expect(() => cosign(witness, signed.text, 0.5)).toThrow(RangeError);
  });
});

describe('segments', () => {
  const heads = [1, 2, 3, 4, 5].map((seq) => toUtf8(`head ${seq}\n`));
  const segment = segmentOf(2, 7, heads);

  test('cover consecutive heads with the root over them', () => {
    expect(segment).toMatchObject({ partition: 2, first: 7, last: 11 });
    const leaves = heads.map((head) => leafHash(checkpointSuite, head));
    expect(toHex(segment.root)).toBe(toHex(merkleRoot(checkpointSuite, leaves)));
    expect(new TextDecoder().decode(segmentBytes(segment))).toMatch(
      /^yitong-segment\/1\npartition 2\nfirst 7\nlast 11\nroot [A-Za-z0-9+/]{43}=\n$/,
    );
  });

  test('are leaves of the log tree', () => {
    const leaves = [segment, segmentOf(0, 1, heads), segmentOf(1, 1, heads.slice(1))].map(segmentLeaf);
    const tree = merkleTree(checkpointSuite, leaves);
    expect(new Set(leaves.map(toHex)).size).toBe(3);
    for (const [index, leaf] of leaves.entries())
      expect(
        verifyInclusion(checkpointSuite, {
          leaf,
          index,
          size: 3,
          path: tree.inclusion(index),
          root: tree.root(),
        }),
      ).toBe(true);
  });
});
