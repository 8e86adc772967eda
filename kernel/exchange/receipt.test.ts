import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, toHex, toUtf8 } from './bytes.ts';
import { canonicalBytes } from './canonical.ts';
import {
  type Answering,
  decodeAnswer,
  encodeAnswer,
  type MessageRefusal,
  readRefusals,
  refusalsHash,
  sealReceipt,
  sealRefusal,
  verifyReceipt,
  verifyRefusal,
} from './receipt.ts';
import { suites } from './suite.ts';
import { memberKey, testBatch, testDirectory, vectorKey, vectorNowMs, vectors } from './testing.ts';

const seed = 20261123;
const sha256 = suites['ed25519-sha256'];
const batch = testBatch();
const context = { head: batch.head, link: batch.link, directory: testDirectory(), nowMs: vectorNowMs };
const by: Answering = {
  suite: sha256,
  key: memberKey('330000'),
  time: '2026-11-23T02:00:07.600Z',
  directory: 17,
};
const refusal: MessageRefusal = {
  at: '/data/fund',
  code: 'no-valid-filing',
  id: '019a0c1e-4b02-7000-8000-000000000002',
  index: 2,
};
const answer = sealReceipt({ head: batch.head, link: batch.link, refusals: [refusal] }, by);

describe('the vector', () => {
  const vector = vectors.answer;
  const sealed = sealReceipt(
    { head: { ...batch.head, key: '310000-2026a' }, link: sealedLink(), refusals: [refusal] },
    { ...by, key: vectorKey('330000-2026a') },
  );

  test('a receipt with one refusal, byte for byte', () => {
    expect(sealed.text).toEqual(toUtf8(vector['receipt_text'] ?? ''));
    expect(toHex(sealed.signature)).toBe(vector['receipt_signature']);
    expect(sealed.refusals).toEqual(toUtf8(vector['refusals_canonical'] ?? ''));
    expect(refusalsHash(sha256, sealed.refusals)).toBe(vector['refusals_hash']);
  });

  test('the refusals are read back', () => {
    expect(readRefusals(toUtf8(vector['refusals_canonical'] ?? ''), 7)).toEqual({
      ok: true,
      value: [refusal],
    });
  });

  function sealedLink(): Uint8Array {
    return Buffer.from(vectors.batch.link, 'hex');
  }
});

describe('a receipt', () => {
  test('stands for its batch, with and without refusals, in either suite', () => {
    expect(verifyReceipt(answer, context)).toMatchObject({
      ok: true,
      refusals: [refusal],
      receipt: { accepted: 6, refused: 1 },
    });
    const all = sealReceipt({ ...batch, refusals: [] }, by);
    expect(verifyReceipt(all, context)).toMatchObject({
      ok: true,
      refusals: [],
      receipt: { accepted: 7, refusals: '-' },
    });
    const sm = { ...by, suite: suites['sm2-sm3'], key: memberKey('330000', 'sm2-sm3') };
    expect(verifyReceipt(sealReceipt({ ...batch, refusals: [refusal] }, sm), context).ok).toBe(true);
  });

  test('with any line changed is refused', () => {
    const lines = new TextDecoder().decode(answer.text).split('\n');
    for (const [index, line] of lines.slice(1, -1).entries()) {
      const [name = '', value = ''] = line.split(' ');
      const other = /\d$/.test(value)
        ? value.replace(/\d$/, (d) => String((Number(d) + 1) % 10))
        : `${value.slice(0, -1)}${value.endsWith('a') ? 'b' : 'a'}`;
      const text = lines.with(index + 1, `${name} ${other}`).join('\n');
      expect(verifyReceipt({ ...answer, text: toUtf8(text) }, context).ok, name).toBe(false);
    }
  });

  test.for([
    ['the text of a batch', { ...answer, text: batch.headBytes }, 'bad-answer'],
    [
      'another batch’s link',
      sealReceipt({ head: batch.head, link: new Uint8Array(32), refusals: [] }, by),
      'wrong-batch',
    ],
    [
      'another seq',
      sealReceipt({ head: { ...batch.head, seq: 2 }, link: batch.link, refusals: [] }, by),
      'wrong-batch',
    ],
    [
      'another epoch',
      sealReceipt({ head: { ...batch.head, epoch: 2 }, link: batch.link, refusals: [] }, by),
      'wrong-batch',
    ],
    [
      'another count',
      sealReceipt({ head: { ...batch.head, count: 6 }, link: batch.link, refusals: [] }, by),
      'wrong-batch',
    ],
    [
      'another member',
      sealReceipt({ head: { ...batch.head, to: '340000' }, link: batch.link, refusals: [] }, by),
      'wrong-batch',
    ],
    ['counts that do not add up', resigned(/accepted 6/, 'accepted 5'), 'bad-counts'],
    [
      'other refusals',
      { ...answer, refusals: canonicalBytes([{ ...refusal, code: 'other' }]) },
      'bad-refusals',
    ],
    ['refusals withheld', { ...answer, refusals: new Uint8Array(0) }, 'bad-refusals'],
    [
      'refusals that nobody signed',
      { ...sealReceipt({ ...batch, refusals: [] }, by), refusals: answer.refusals },
      'bad-refusals',
    ],
    [
      'refusals out of order',
      sealReceipt({ ...batch, refusals: [{ ...refusal, index: 3 }, refusal] }, by),
      'bad-refusals',
    ],
    ['one index twice', sealReceipt({ ...batch, refusals: [refusal, refusal] }, by), 'bad-refusals'],
    [
      'an index beyond the batch',
      sealReceipt({ ...batch, refusals: [{ ...refusal, index: 7 }] }, by),
      'bad-refusals',
    ],
    [
      'an unknown key',
      sealReceipt({ ...batch, refusals: [] }, { ...by, key: memberKey('340000') }),
      'unknown-key',
    ],
    [
      'a signature of another',
      { ...answer, signature: sha256.sign(memberKey('340000'), answer.text) },
      'bad-signature',
    ],
  ] as const)('with %s is refused', ([, wrong, code]) => {
    expect(verifyReceipt(wrong, context)).toMatchObject({ ok: false, code });
  });

  test('of a newer directory asks for that first', () => {
    const newer = sealReceipt({ ...batch, refusals: [] }, { ...by, directory: 18 });
    expect(verifyReceipt(newer, context)).toMatchObject({ code: 'unknown-key', directory: 18 });
  });

  test('with a message that had no readable id', () => {
    const unreadable = { at: '', code: 'not-canonical', id: null, index: 0 };
    expect(
      verifyReceipt(sealReceipt({ ...batch, refusals: [unreadable, refusal] }, by), context),
    ).toMatchObject({ ok: true, refusals: [unreadable, refusal] });
  });

  function resigned(from: RegExp, to: string) {
    const text = toUtf8(new TextDecoder().decode(answer.text).replace(from, to));
    return { ...answer, text, signature: sha256.sign(by.key, text) };
  }
});

describe('the refusal of a whole batch', () => {
  const detail = { expected: 1, link: '0'.repeat(64) };
  const gap = sealRefusal({ head: batch.head, link: batch.link, code: 'gap', detail }, by);

  test('stands with its detail, or without one', () => {
    expect(verifyRefusal(gap, context)).toMatchObject({ ok: true, refusal: { code: 'gap', seq: 1 }, detail });
    const plain = sealRefusal({ head: batch.head, link: batch.link, code: 'bad-body' }, by);
    expect(verifyRefusal(plain, context)).toMatchObject({
      ok: true,
      refusal: { refusals: '-' },
      detail: null,
    });
  });

  test('is no receipt, and the receipt no refusal', () => {
    expect(verifyReceipt(gap, context)).toMatchObject({ ok: false, code: 'bad-answer' });
    expect(verifyRefusal(answer, context)).toMatchObject({ ok: false, code: 'bad-answer' });
  });

  test.for([
    ['another detail', { ...gap, refusals: canonicalBytes({ ...detail, expected: 2 }) }, 'bad-refusals'],
    [
      'another batch',
      sealRefusal({ head: { ...batch.head, seq: 9 }, link: batch.link, code: 'gap' }, by),
      'wrong-batch',
    ],
    [
      'an unknown key',
      sealRefusal({ ...batch, code: 'gap' }, { ...by, key: memberKey('340000') }),
      'unknown-key',
    ],
    ['a changed signature', { ...gap, signature: answer.signature }, 'bad-signature'],
  ] as const)('with %s is refused', ([, wrong, code]) => {
    expect(verifyRefusal(wrong, context)).toMatchObject({ ok: false, code });
  });
});

describe('as bytes', () => {
  test('an answer is packed and unpacked', () => {
    for (const one of [answer, sealReceipt({ ...batch, refusals: [] }, by)]) {
      const decoded = decodeAnswer(encodeAnswer(one)) ?? answer;
      for (const part of ['text', 'signature', 'refusals'] as const)
        expect(toHex(decoded[part])).toBe(toHex(one[part]));
    }
  });

  test('cut, longer, or of another magic it is none', () => {
    const bytes = encodeAnswer(answer);
    expect(decodeAnswer(concat(bytes, Uint8Array.of(0)))).toBeUndefined();
    expect(decodeAnswer(concat(toUtf8('YTB1'), bytes.subarray(4)))).toBeUndefined();
    for (let at = 0; at < bytes.length; at += 5) expect(decodeAnswer(bytes.subarray(0, at))).toBeUndefined();
  });

  test('any changed byte is refused', () => {
    const bytes = encodeAnswer(answer);
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = decodeAnswer(bytes.map((byte, index) => (index === at ? byte ^ flip : byte)));
        expect(changed === undefined || !verifyReceipt(changed, context).ok).toBe(true);
      }),
      { seed, numRuns: 1000 },
    );
  });
});

test.for([
  ['an empty list', '[]'],
  ['an object', '{"at":""}'],
  ['a foreign name', '[{"at":"","code":"x","id":null,"index":0,"more":1}]'],
  ['a missing name', '[{"at":"","code":"x","index":0}]'],
  ['a pointer without slash', '[{"at":"data","code":"x","id":null,"index":0}]'],
  ['white space', '[ ]'],
])('refusals that are %s are none', ([, json = '']) => {
  expect(readRefusals(toUtf8(json), 7).ok).toBe(false);
});
