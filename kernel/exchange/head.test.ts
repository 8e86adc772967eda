import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toHex, toUtf8 } from './bytes.ts';
import {
  type BatchHead,
  link,
  noLink,
  readBatchHead,
  readBatchRefusal,
  readJournalHead,
  readReceipt,
  writeBatchHead,
  writeBatchRefusal,
  writeJournalHead,
} from './head.ts';
import { bodyHash, readAnswer, readQuestion, writeAnswer, writeQuestion } from './question.ts';
import { suites } from './suite.ts';
import { vectors } from './testing.ts';

const seed = 20261123;
const sha256 = suites['ed25519-sha256'];
const { batch, sm2, answer } = vectors;
const headBytes = toUtf8(batch.head_text);

describe('the vectors', () => {
  test.for([
    ['the first head', batch.head_text],
    ['the second head', batch.second.head_text],
    ['the SM2 head', sm2.head_text],
  ] as const)('%s is read and written byte for byte', ([, text]) => {
    const read = readBatchHead(toUtf8(text));
    if (!read.ok) throw new Error(read.detail);
    expect(writeBatchHead(read.value)).toEqual(toUtf8(text));
  });

  test('digest and links: the second head names the first, the SM2 head the second', () => {
    expect(toHex(sha256.digest(headBytes))).toBe(batch.head_sha256);
    expect(toHex(link(sha256, headBytes))).toBe(batch.link);
    expect(toHex(link(sha256, toUtf8(batch.second.head_text)))).toBe(batch.second.link);
    expect(toHex(link(suites['sm2-sm3'], toUtf8(sm2.head_text)))).toBe(sm2.link_sm3);
    expect(readBatchHead(toUtf8(batch.second.head_text))).toMatchObject({
      value: { prev: batch.link, first: 8, seq: 2 },
    });
    expect(readBatchHead(toUtf8(sm2.head_text))).toMatchObject({
      value: { prev: batch.second.link, suite: 'sm2-sm3' },
    });
  });

  test('the first head, value by value', () => {
    expect(readBatchHead(headBytes)).toEqual({
      ok: true,
      value: {
        region: 'csj',
        suite: 'ed25519-sha256',
        from: '310000',
        to: '330000',
        stream: 'main.3',
        epoch: 1,
        seq: 1,
        first: 1,
        count: 7,
        prev: noLink,
        root: vectors.merkle.sha256.root,
        bytes: batch.body_length,
        time: '2026-11-23T02:00:07.250Z',
        directory: 17,
        key: '310000-2026a',
      } satisfies BatchHead,
    });
  });

  test('question and answer, and the hash that binds them', () => {
    const question = readQuestion(toUtf8(answer['question_text'] ?? ''));
    const reply = readAnswer(toUtf8(answer['answer_text'] ?? ''));
    if (!question.ok || !reply.ok) throw new Error('the vectors are read');
    expect(writeQuestion(question.value)).toEqual(toUtf8(answer['question_text'] ?? ''));
    expect(writeAnswer(reply.value)).toEqual(toUtf8(answer['answer_text'] ?? ''));
    expect(toHex(bodyHash(sha256, toUtf8(answer['question_text'] ?? '')))).toBe(answer['question_hash']);
    expect(reply.value.question).toBe(answer['question_hash']);
    expect(reply.value.status).toBe('answered');
  });
});

describe('a head is refused', () => {
  const edit = (from: string | RegExp, to: string) => batch.head_text.replace(from, to);
  test.for([
    ['as a receipt', edit('yitong-batch/1', 'yitong-receipt/1')],
    ['of another version', edit('yitong-batch/1', 'yitong-batch/2')],
    ['with CR LF', edit(/\n/g, '\r\n')],
    ['without its final LF', batch.head_text.slice(0, -1)],
    ['with an extra line at its end', `${batch.head_text}note x\n`],
    ['with an empty line at its end', `${batch.head_text}\n`],
    ['with an extra line within', edit('count 7\n', 'count 7\ncount 7\n')],
    ['with a line less', edit('count 7\n', '')],
    ['with two lines exchanged', edit('epoch 1\nseq 1\n', 'seq 1\nepoch 1\n')],
    ['with two spaces', edit('count 7', 'count  7')],
    ['with a tab', edit('count 7', 'count\t7')],
    ['with a space at a line end', edit('count 7', 'count 7 ')],
    ['with a comment', edit('count 7', 'count 7 messages')],
    ['with a leading zero', edit('count 7', 'count 07')],
    ['with a plus sign', edit('count 7', 'count +7')],
    ['with a number in hex', edit('count 7', 'count 0x7')],
    ['with a full-width digit', edit('count 7', 'count ７')],
    ['with count 0', edit('count 7', 'count 0')],
    ['with count 2001', edit('count 7', 'count 2001')],
    ['with seq 0', edit('seq 1', 'seq 0')],
    ['with epoch 0', edit('epoch 1', 'epoch 0')],
    ['with a first number beyond safe integers', edit('first 1', 'first 9007199254740991')],
    ['with a number of 17 digits', edit('first 1', 'first 10000000000000000')],
    ['with a body of 0 bytes', edit('bytes 3374', 'bytes 0')],
    ['with a body over 8 MiB', edit('bytes 3374', 'bytes 8388609')],
    ['with a body of 100 MB', edit('bytes 3374', 'bytes 104857600')],
    ['with an upper-case hash', edit(/root [0-9a-f]+/, `root ${'A'.repeat(64)}`)],
    ['with a short hash', edit(/root [0-9a-f]+/, `root ${'a'.repeat(63)}`)],
    ['with an unknown suite', edit('suite ed25519-sha256', 'suite rsa-sha1')],
    ['with a suite of the prototype', edit('suite ed25519-sha256', 'suite constructor')],
    ['with a member of five digits', edit('from 310000', 'from 31000')],
    ['with an unknown lane', edit('stream main.3', 'stream bulk.3')],
    ['with stream 65536', edit('stream main.3', 'stream main.65536')],
    ['with a time without milliseconds', edit('07.250Z', '07Z')],
    ['with an impossible day', edit('2026-11-23T', '2026-11-31T')],
    ['with directory 0', edit('directory 17', 'directory 0')],
    ['with a key that climbs a path', edit('key 310000-2026a', 'key ../310000')],
    ['with a byte order mark', `\ufeff${batch.head_text}`],
    ['with a NUL', edit('key 310000-2026a', 'key 310000\u0000')],
    ['with an escape sequence', edit('region csj', 'region \u001b[31mcsj')],
    ['with more than 4096 bytes', edit('key 310000-2026a', `key ${'k'.repeat(4096)}`)],
    ['of nothing', ''],
    ['of one LF', '\n'],
  ] as const)('%s', ([, text]) => {
    expect(readBatchHead(toUtf8(text)).ok).toBe(false);
  });

  test('with any byte changed, or it is another head', () => {
    fc.assert(
      fc.property(fc.nat({ max: headBytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = headBytes.map((byte, index) => (index === at ? byte ^ flip : byte));
        const read = readBatchHead(changed);
        if (read.ok) expect(writeBatchHead(read.value)).toEqual(changed);
        expect(toHex(link(sha256, changed))).not.toBe(batch.link);
      }),
      { seed, numRuns: 2000 },
    );
  });

  test('no detail quotes the text', () => {
    const read = readBatchHead(toUtf8(edit('from 310000', 'from 王小明')));
    expect(JSON.stringify(read)).not.toContain('王');
  });
});

test('writing throws for values outside the grammar and for other lines', () => {
  const read = readBatchHead(headBytes);
  if (!read.ok) throw new Error(read.detail);
  expect(() => writeBatchHead({ ...read.value, region: 'csj\nroot 0' })).toThrow(
    'cannot write yitong-batch/1',
  );
  expect(() => writeBatchHead({ ...read.value, count: 2001 })).toThrow('"count"');
  expect(() => writeBatchHead({ ...read.value, more: 1 } as BatchHead)).toThrow('other lines');
  const { key: _, ...less } = read.value;
  expect(() => writeBatchHead(less as BatchHead)).toThrow('cannot write');
});

test('one kind of text is never read as another', () => {
  const journal = writeJournalHead({
    region: 'csj',
    suite: 'sm2-sm3',
    from: '310000',
    partition: 3,
    epoch: 2,
    seq: 9,
    prev: noLink,
    root: batch.link,
    count: 0,
    now: '2026-11-23T02:00:07.250Z',
    time: '2026-11-23T02:00:07.100Z',
    key: '310000-2026a',
  });
  const refusal = writeBatchRefusal({
    region: 'csj',
    suite: 'ed25519-sha256',
    from: '330000',
    to: '310000',
    stream: 'urgent.0',
    epoch: 1,
    seq: 4,
    batch: batch.link,
    first: 10,
    count: 2,
    code: 'gap',
    refusals: '-',
    time: '2026-11-23T02:00:07.600Z',
    directory: 17,
    key: '330000-2026a',
  });
  expect(
    new TextDecoder()
      .decode(journal)
      .split('\n')
      .map((line) => line.split(' ')[0]),
  ).toEqual([
    ...[
      'yitong-journal/1',
      'region',
      'suite',
      'from',
      'partition',
      'epoch',
      'seq',
      'prev',
      'root',
      'count',
      'now',
      'time',
      'key',
      '',
    ],
  ]);
  const texts = [headBytes, toUtf8(answer['receipt_text'] ?? ''), refusal, journal];
  const readers = [readBatchHead, readReceipt, readBatchRefusal, readJournalHead];
  for (const [i, text] of texts.entries())
    expect(readers.map((read) => read(text).ok)).toEqual(readers.map((_, j) => i === j));
});
