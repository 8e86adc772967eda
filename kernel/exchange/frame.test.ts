import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, toHex, toUtf8, u32 } from './bytes.ts';
import { deflate } from './deflate.ts';
import { decodeFrame, encodeFrame, joinBody, type SealedBatch, sealBatch, splitBody } from './frame.ts';
import { frameLimits, noLink } from './head.ts';
import {
  checkClock,
  checkFrame,
  checkHead,
  checkKey,
  checkParty,
  checkRoot,
  checkSignature,
  type FrameContext,
  openBody,
  openFrame,
} from './open-frame.ts';
import { suites } from './suite.ts';
import {
  bytesOfHex,
  memberKey,
  testBatch,
  testDirectory,
  vectorKey,
  vectorMessages,
  vectorNowMs,
  vectors,
} from './testing.ts';

const seed = 20261123;
const sha256 = suites['ed25519-sha256'];
const directory = testDirectory();
const context: FrameContext = { region: 'csj', me: '330000', peer: '310000', directory, nowMs: vectorNowMs };
const framed = (batch: SealedBatch, isDeflated = false) =>
  encodeFrame({
    head: batch.headBytes,
    signature: batch.signature,
    body: batch.body,
    deflate: isDeflated ? deflate : undefined,
  });

/** The first code of the checks 1–5, 8 and 9, or 'accepted'. */
function outcome(bytes: Uint8Array, change: Partial<FrameContext> = {}): string {
  const opened = openFrame(bytes, { ...context, ...change });
  if (!opened.ok) return opened.code;
  const body = openBody(opened);
  return body.ok ? 'accepted' : body.code;
}

describe('the vector', () => {
  const { batch } = vectors;
  const sealed = sealBatch({
    suite: sha256,
    key: vectorKey('310000-2026a'),
    place: {
      ...{
        region: 'csj',
        from: '310000',
        to: '330000',
        stream: 'main.3',
        epoch: 1,
        seq: 1,
        first: 1,
        prev: noLink,
      },
      ...{ time: '2026-11-23T02:00:07.250Z', directory: 17 },
    },
    messages: vectorMessages,
  });

  test('seven messages are sealed to its head, signature and link', () => {
    expect(sealed.headBytes).toEqual(toUtf8(batch.head_text));
    expect(toHex(sealed.signature)).toBe(batch.signature);
    expect(toHex(sealed.link)).toBe(batch.link);
    expect(sealed.body.length).toBe(batch.body_length);
    expect(toHex(sha256.digest(sealed.body))).toBe(batch.body_sha256);
  });

  test('the second batch follows', () => {
    const [first = new Uint8Array()] = vectorMessages;
    const place = {
      ...sealed.head,
      seq: 2,
      first: 8,
      prev: toHex(sealed.link),
      time: '2026-11-23T02:00:07.900Z',
    };
    const second = sealBatch({ suite: sha256, key: vectorKey('310000-2026a'), place, messages: [first] });
    expect(second.headBytes).toEqual(toUtf8(batch.second.head_text));
    expect(toHex(second.signature)).toBe(batch.second.signature);
    expect(toHex(second.link)).toBe(batch.second.link);
  });

  test('its frame, byte for byte', () => {
    const frame = framed(sealed);
    expect(frame.length).toBe(batch.frame_length);
    expect(toHex(sha256.digest(frame))).toBe(batch.frame_sha256);
    expect(toHex(frame).startsWith(batch.frame_prefix_hex)).toBe(true);
    expect(decodeFrame(frame)).toEqual({
      head: sealed.headBytes,
      signature: sealed.signature,
      coding: 'none',
      body: sealed.body,
    });
  });

  test('what must fail: its head with other lines under the same signature', () => {
    const key = vectorKey('310000-2026a');
    const edits = [
      batch.head_text.replace('yitong-batch/1', 'yitong-receipt/1'),
      batch.head_text.replace('count 7', 'count 8'),
      batch.head_text.replace(/root .*/, `root ${vectors.merkle.sm3.root}`),
      batch.head_text.replace('key 310000-2026a', 'key 330000-2026a'),
      batch.head_text.replaceAll('\n', '\r\n'),
      batch.head_text.slice(0, -1),
      `${batch.head_text}more 1\n`,
    ];
    for (const text of edits)
      expect(sha256.verify(key, toUtf8(text), bytesOfHex(batch.signature))).toBe(false);
  });
});

describe('a frame of each suite and coding is accepted', () => {
  test.for([
    ['ed25519-sha256', false],
    ['ed25519-sha256', true],
    ['sm2-sm3', false],
    ['sm2-sm3', true],
  ] as const)('%s, deflate %s', ([suite, isDeflated]) => {
    const batch = testBatch({}, memberKey('310000', suite));
    const opened = openFrame(framed(batch, isDeflated), context);
    if (!opened.ok) throw new Error(opened.detail);
    expect(opened.frame.coding).toBe(isDeflated ? 'deflate' : 'none');
    expect(opened.link).toEqual(batch.link);
    const body = openBody(opened);
    expect(body.ok && body.messages.map(toHex)).toEqual(vectorMessages.map(toHex));
    expect(body.ok && body.leaves.length).toBe(7);
  });
});

test('each check can be made alone, in the order of openFrame and openBody', () => {
  const batch = testBatch();
  const frame = checkFrame(framed(batch));
  if (!('body' in frame)) throw new Error(frame.detail);
  expect(checkParty(frame.head, context)).toBeUndefined();
  const read = checkHead(frame.head);
  if (!('head' in read)) throw new Error(read.detail);
  expect(read.head).toEqual(batch.head);
  const key = checkKey(read.head, context);
  if (!('public' in key)) throw new Error(key.detail);
  expect(checkSignature(frame, key, suites)).toBeUndefined();
  expect(checkRoot(read.head, batch.body, suites)).toMatchObject({ ok: true });
  expect(checkRoot({ ...read.head, root: noLink }, batch.body, suites)).toMatchObject({ code: 'bad-root' });
});

describe('check 1', () => {
  const frame = framed(testBatch());
  const bodyAt = frame.length - testBatch().body.length;
  test.for([
    ['nothing', new Uint8Array(0)],
    ['one byte', Uint8Array.of(0x59)],
    ['another magic', concat(toUtf8('YTB2'), frame.subarray(4))],
    ['a byte less', frame.subarray(0, -1)],
    ['a byte more', concat(frame, Uint8Array.of(0))],
    ['a head of 65,535 bytes', concat(toUtf8('YTB1'), Uint8Array.of(255, 255), frame.subarray(6))],
    [
      'a signature of 65,535 bytes',
      frame.map((byte, at) => (at === 6 + testBatch().headBytes.length ? 255 : byte)),
    ],
    ['coding 2', frame.map((byte, at) => (at === bodyAt - 5 ? 2 : byte))],
    ['a body of 4 GiB', concat(frame.subarray(0, bodyAt - 4), u32(0xffffffff), frame.subarray(bodyAt))],
    [
      'a body that claims 100 MB',
      concat(frame.subarray(0, bodyAt - 4), u32(104_857_600), frame.subarray(bodyAt)),
    ],
    [
      'a head longer than a signed text',
      encodeFrame({
        head: new Uint8Array(4097),
        signature: new Uint8Array(64),
        body: new Uint8Array(9),
        deflate: undefined,
      }),
    ],
  ] as const)('refuses %s', ([, bytes]) => {
    expect(openFrame(bytes, context)).toMatchObject({ ok: false, code: 'bad-frame', http: 422 });
  });

  test('refuses more than 9 MiB with 413', () => {
    const bytes = new Uint8Array(frameLimits.frameBytes + 1);
    bytes.set(toUtf8('YTB1'));
    expect(openFrame(bytes, context)).toMatchObject({ code: 'bad-frame', http: 413 });
  });

  test('a frame cut anywhere is refused', () => {
    for (let at = 0; at < frame.length; at += 7) expect(outcome(frame.subarray(0, at))).toBe('bad-frame');
  });
});

describe('check 2', () => {
  const frame = framed(testBatch());
  test.for([
    ['another peer on the wire', { peer: '320000' }],
    ['a frame for somebody else', { me: '340000' }],
    ['another region', { region: 'zsj' }],
  ] as const)('refuses %s', ([, change]) => {
    expect(openFrame(frame, { ...context, ...change })).toMatchObject({ code: 'wrong-party', http: 403 });
  });

  test('comes before the grammar, as far as the lines can be read', () => {
    const head = toUtf8(vectors.batch.head_text.replace('count 7', 'count x'));
    const bytes = encodeFrame({
      head,
      signature: new Uint8Array(64),
      body: new Uint8Array(9),
      deflate: undefined,
    });
    expect(outcome(bytes)).toBe('bad-head');
    expect(outcome(bytes, { peer: '320000' })).toBe('wrong-party');
  });
});

test('check 3 refuses a head outside the grammar', () => {
  const head = toUtf8(`${vectors.batch.head_text}more 1\n`);
  const bytes = encodeFrame({
    head,
    signature: new Uint8Array(64),
    body: new Uint8Array(9),
    deflate: undefined,
  });
  expect(openFrame(bytes, context)).toMatchObject({ code: 'bad-head', http: 422 });
});

describe('check 4', () => {
  const keyOf = (change: object) => {
    const members = directory.members.map((member) =>
      member.code === '310000'
        ? { ...member, keys: member.keys.map((key) => ({ ...key, ...change })) }
        : member,
    );
    return { directory: { ...directory, members } };
  };
  const frame = framed(testBatch());

  test.for([
    ['a key that the directory has not', keyOf({ id: 'other' })],
    ['a key without the use', keyOf({ use: ['receipt', 'directory'] })],
    ['a key that begins after the head', keyOf({ from: '2026-11-23T02:00:07.251Z' })],
    ['a key that ended with the head', keyOf({ until: '2026-11-23T02:00:07.250Z' })],
    ['a key of another suite', keyOf({ suite: 'sm2-sm3' })],
    [
      'a key revoked before the head',
      keyOf({ revoked: { at: '2026-11-20T00:00:00.000Z', reason: 'key-compromise' } }),
    ],
    [
      'a key revoked since, however early the head says it is',
      keyOf({ revoked: { at: '2026-11-23T02:00:08.000Z', reason: 'key-compromise' } }),
    ],
  ] as const)('refuses %s', ([, change]) => {
    expect(openFrame(frame, { ...context, ...change })).toMatchObject({ code: 'unknown-key', http: 401 });
  });

  test('a key that begins with the head, and one revoked later than now, pass', () => {
    expect(outcome(frame, keyOf({ from: '2026-11-23T02:00:07.250Z' }))).toBe('accepted');
    expect(outcome(frame, keyOf({ revoked: { at: '2026-11-23T02:00:08.001Z', reason: 'superseded' } }))).toBe(
      'accepted',
    );
  });

  test('another member’s key of the same region is unknown', () => {
    expect(outcome(framed(testBatch({}, memberKey('320000'))))).toBe('unknown-key');
  });

  test('a newer directory is to be fetched first', () => {
    expect(openFrame(framed(testBatch({ directory: 19 })), context)).toMatchObject({
      code: 'unknown-key',
      directory: 19,
    });
    expect(openFrame(framed(testBatch({ directory: 16 })), context).ok).toBe(true);
  });
});

describe('check 5', () => {
  const batch = testBatch();
  const signedAs = (signature: Uint8Array) =>
    encodeFrame({ head: batch.headBytes, signature, body: batch.body, deflate: undefined });
  test.for([
    ['no signature', new Uint8Array(0)],
    ['63 bytes', batch.signature.subarray(1)],
    ['65 bytes', concat(batch.signature, Uint8Array.of(0))],
    ['zeros', new Uint8Array(64)],
    ['of another key', sha256.sign(memberKey('320000'), batch.headBytes)],
    ['of another head', testBatch({ seq: 2 }).signature],
    ['over the link instead', sha256.sign(memberKey('310000'), batch.link)],
  ] as const)('refuses %s', ([, signature]) => {
    expect(openFrame(signedAs(signature), context)).toMatchObject({ code: 'bad-signature', http: 422 });
  });

  test('5,000 frames with bad signatures change nothing and answer alike', () => {
    const bad = signedAs(new Uint8Array(64).fill(1));
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 5000; i++) expect(outcome(bad)).toBe('bad-signature');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024);
  });
});

describe('check 8', () => {
  const signed = (bytes: number, sent: Uint8Array, coding: number) => {
    const key = memberKey('310000');
    const batch = testBatch();
    const head = toUtf8(new TextDecoder().decode(batch.headBytes).replace(/bytes \d+/, `bytes ${bytes}`));
    const frame = encodeFrame({ head, signature: sha256.sign(key, head), body: sent, deflate: undefined });
    return frame.map((byte, at) => (at === frame.length - sent.length - 5 ? coding : byte));
  };
  const { body } = testBatch();
  const deflated = deflateRawSync(body);

  test('the honest body passes, exactly as long as the head says', () => {
    expect(outcome(signed(body.length, body, 0))).toBe('accepted');
    expect(outcome(signed(body.length, deflated, 1))).toBe('accepted');
  });

  test.for([
    ['a plain body shorter than signed', signed(body.length + 1, body, 0)],
    ['a plain body longer than signed', signed(body.length - 1, body, 0)],
    ['an inflated body shorter than signed', signed(body.length + 1, deflated, 1)],
    ['an inflated body longer than signed', signed(body.length - 1, deflated, 1)],
    ['bytes behind the deflated body', signed(body.length, concat(deflated, Uint8Array.of(0)), 1)],
    ['a cut deflated body', signed(body.length, deflated.subarray(0, -2), 1)],
    ['no deflate at all', signed(body.length, body, 1)],
    ['an empty body', signed(body.length, new Uint8Array(0), 1)],
  ] as const)('refuses %s', ([, frame]) => {
    expect(outcome(frame)).toBe('bad-body');
  });

  test('a deflate bomb of 1 GiB is cut at the signed length', () => {
    const bomb = bombOf(1_073_741_824);
    expect(bomb.length).toBeLessThan(1_100_000);
    const frame = signed(4096, bomb, 1);
    const before = process.memoryUsage().arrayBuffers;
    expect(outcome(frame)).toBe('bad-body');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024);
  });

  test('a body of exactly 8 MiB of zeros inflates, and is then no batch', () => {
    expect(
      outcome(signed(frameLimits.bodyBytes, deflateRawSync(new Uint8Array(frameLimits.bodyBytes)), 1)),
    ).toBe('bad-root');
  });
});

describe('check 9', () => {
  const signed = (body: Uint8Array, change: { count?: number; root?: string } = {}) => {
    const batch = testBatch();
    let text = new TextDecoder().decode(batch.headBytes).replace(/bytes \d+/, `bytes ${body.length}`);
    if (change.count !== undefined) text = text.replace('count 7', `count ${change.count}`);
    if (change.root !== undefined) text = text.replace(/root .*/, `root ${change.root}`);
    const head = toUtf8(text);
    return encodeFrame({ head, signature: sha256.sign(memberKey('310000'), head), body, deflate: undefined });
  };
  const { body } = testBatch();
  const [a = body, b = body] = vectorMessages;

  test.for([
    ['count 8 with the same root', signed(body, { count: 8 })],
    ['count 6 with the same root', signed(body, { count: 6 })],
    ['the root of the other suite', signed(body, { root: vectors.merkle.sm3.root })],
    ['messages in another order', signed(joinBody([b, a, ...vectorMessages.slice(2)]))],
    ['a message twice', signed(joinBody([...vectorMessages, a]), { count: 8 })],
    ['a message that claims 4 GiB', signed(concat(u32(0xffffffff), body.subarray(4)))],
    ['a message that claims 100 MB', signed(concat(u32(104_857_600), body.subarray(4)))],
    ['a message over 256 KiB', signed(concat(u32(262_145), new Uint8Array(262_145)), { count: 1 })],
    ['three bytes at the end', signed(concat(body, new Uint8Array(3)))],
    ['2,000 empty messages', signed(new Uint8Array(8000), { count: 2000 })],
  ] as const)('refuses %s', ([, frame]) => {
    expect(outcome(frame)).toBe('bad-root');
  });
});

describe('mutations', () => {
  test.for([false, true])(
    'any changed byte of a frame is refused, or is another spelling of the same deflated body (deflate %s)',
    (isDeflated) => {
      const frame = framed(testBatch(), isDeflated);
      fc.assert(
        fc.property(fc.nat({ max: frame.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
          const changed = frame.map((byte, index) => (index === at ? byte ^ flip : byte));
          const opened = openFrame(changed, context);
          const body = opened.ok ? openBody(opened) : opened;
          // unused bits at the end of a deflate block
          if (isDeflated && body.ok) expect(body.messages.map(toHex)).toEqual(vectorMessages.map(toHex));
          else expect(body.ok).toBe(false);
        }),
        { seed, numRuns: 1500 },
      );
    },
  );

  test('random bytes are refused and never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (bytes, magic) => {
        expect(outcome(magic ? concat(toUtf8('YTB1'), bytes) : bytes)).not.toBe('accepted');
      }),
      { seed, numRuns: 1000 },
    );
  });

  test('bodies of any messages are joined and split again', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 50 }), { minLength: 1, maxLength: 20 }), (messages) => {
        const body = joinBody(messages);
        expect(splitBody(body, messages.length)?.map(toHex)).toEqual(messages.map(toHex));
        expect(splitBody(body, messages.length + 1)).toBeUndefined();
        expect(splitBody(body, messages.length - 1)).toBeUndefined();
      }),
      { seed },
    );
  });
});

test('a sender cannot seal beyond the limits', () => {
  expect(() => joinBody([])).toThrow('1 to 2000');
  expect(() => joinBody(Array.from({ length: 2001 }, () => new Uint8Array(1)))).toThrow('1 to 2000');
  expect(() => joinBody([new Uint8Array(262_145)])).toThrow('262145');
  expect(() => joinBody(Array.from({ length: 40 }, () => new Uint8Array(262_144)))).toThrow('over 8388608');
});

describe('the clock of a head (B13)', () => {
  const { head } = testBatch();
  const at = vectorNowMs - 750; // the head's time
  test.for([
    ['now', { nowMs: at }, { ok: true, flag: false }],
    ['five minutes ahead', { nowMs: at - 300_000 }, { ok: true, flag: false }],
    ['over five minutes ahead', { nowMs: at - 300_001 }, { ok: true, flag: true }],
    ['an hour ahead', { nowMs: at - 3_600_000 }, { ok: true, flag: true }],
    ['over an hour ahead', { nowMs: at - 3_600_001 }, { ok: false, code: 'clock', http: 422 }],
    ['weeks old', { nowMs: at + 3_000_000_000 }, { ok: true, flag: false }],
    [
      'five minutes behind the previous head',
      { nowMs: at, previousMs: at + 300_000 },
      { ok: true, flag: false },
    ],
    ['more behind the previous head', { nowMs: at, previousMs: at + 300_001 }, { ok: true, flag: true }],
  ] as const)('%s', ([, clock, expected]) => {
    expect(checkClock(head, clock)).toMatchObject(expected);
  });
});

/** Deflate blocks that inflate to so many zeros, made without holding them. */
function bombOf(length: number): Uint8Array {
  const megabyte = deflateRawSync(new Uint8Array(1_048_576), { level: 9, finishFlush: 2 }); // Z_SYNC_FLUSH: open end on a byte
  return concat(
    ...Array.from({ length: length / 1_048_576 }, () => megabyte),
    deflateRawSync(new Uint8Array(0)),
  );
}
