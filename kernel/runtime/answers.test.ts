import { afterEach, expect, test, vi } from 'vitest';
import { fromUtf8, toHex } from '../exchange/bytes.ts';
import { canonicalBytes } from '../exchange/canonical.ts';
import { decodeFrame, encodeFrame, inflateBody, sealBatch, splitBody } from '../exchange/frame.ts';
import { noLink, readBatchHead } from '../exchange/head.ts';
import { instantText } from '../exchange/instant.ts';
import { type Message, streamOf } from '../exchange/message.ts';
import { signingKey, suites } from '../exchange/suite.ts';
import type { Peers } from '../seams.ts';
import { bill, cashier, TestRegion } from '../testing/region.ts';

const [asker, peer] = ['340000', '310000'] as const;
let region: TestRegion;
afterEach(() => region.stop());

/** The messages of a frame, as the peer reads them. */
function messagesIn(bytes: Uint8Array): readonly Message[] {
  const frame = decodeFrame(bytes);
  const head = frame && readBatchHead(frame.head);
  if (!frame || !head?.ok) throw new Error('no frame');
  const body = inflateBody(frame, head.value.bytes) ?? new Uint8Array();
  return (splitBody(body, head.value.count) ?? []).map((message) => JSON.parse(fromUtf8(message) ?? ''));
}

/** The peer's key, with which it may say what it likes. */
const suite = suites['ed25519-sha256'];
const key = signingKey({ id: `${peer}-a`, suite: suite.name, random: new Uint8Array(32).fill(1) });

/** Frames of one stream from the peer to the asker, each of one message. */
class Stream {
  #seq = 0;
  #prev = noLink;

  frame(message: Message): Uint8Array {
    this.#seq += 1;
    const place = {
      ...{ region: 'csj', from: peer, to: asker, stream: streamOf('main', message.subject, 4), epoch: 1 },
      ...{ seq: this.#seq, prev: this.#prev, first: this.#seq, time: instantText(Date.now()), directory: 1 },
    };
    const sealed = sealBatch({ suite, key, place, messages: [canonicalBytes(message)] });
    this.#prev = toHex(sealed.link);
    return encodeFrame({
      head: sealed.headBytes,
      signature: sealed.signature,
      body: sealed.body,
      deflate: undefined,
    });
  }
}

let ids = 0;
/** An answer to a question, right in every part. */
function answerTo(question: Message, change: Partial<Message> = {}): Message {
  ids += 1;
  const time = Date.now().toString(16).padStart(12, '0');
  const type = change.type ?? `${question.type}/reply`;
  const { conversation } = question;
  return {
    specversion: '1.0',
    id: `${time.slice(0, 8)}-${time.slice(8)}-7000-9000-${String(ids).padStart(12, '0')}`,
    source: `yitong:${peer}`,
    to: asker,
    type,
    subject: question.replyto ?? '',
    time: instantText(Date.now()),
    purpose: question.purpose,
    dataschema: `yitong:${type}/1`,
    datacontenttype: 'application/json',
    causationid: question.id,
    ...(conversation === undefined ? {} : { conversation }),
    data: { fund: '500' },
    ...change,
  };
}

test.each([
  [
    'of the type of another question',
    { type: 'clinic/settle/reply', data: { fund: '500', period: '2026-11' } },
  ],
  ['to a question that was never asked', { causationid: '019a0000-0000-7000-8000-000000000001' }],
  ['at a subject that did not ask', { subject: 'visit:b99' }],
])('a reply %s is passed over, and the right one is still awaited', async (_what, change) => {
  const asked: Message[] = [];
  const peers: Peers = {
    async batch(_to, frame) {
      asked.push(...messagesIn(frame));
      return { status: 503, body: new Uint8Array(), retryAfterMs: 3_600_000 };
    },
    ask: async () => ({ status: 404, body: new Uint8Array() }),
  };
  region = new TestRegion({ only: asker, more: { peers } });
  await region.start();
  const here = region.node(asker);
  const answer = await here.command({ type: 'clinic/present', input: bill('b1', '777'), actor: cashier }, 0);
  expect(answer.state).toBe('open');
  const id = 'id' in answer ? (answer.id ?? '') : '';
  const [question] = await vi.waitFor(() => {
    expect(asked).toHaveLength(1);
    return asked;
  }, 20_000);
  if (!question) throw new Error('nothing was asked');
  const streams = new Map<string, Stream>();
  const tell = async (message: Message): Promise<number> => {
    const name = streamOf('main', message.subject, 4);
    const stream = streams.get(name) ?? new Stream();
    streams.set(name, stream);
    return (await here.receive(peer, stream.frame(message))).status;
  };
  const states = async (): Promise<unknown> => {
    const query = { type: 'clinic/bill', where: [], sort: undefined, limit: 9, after: undefined };
    const { rows } = await region.reader(asker).list({ ...query, owner: 'own' });
    return rows.map(({ body }) => JSON.parse(body ?? '{}').state);
  };

  expect(await tell(answerTo(question, change))).toBe(200);
  expect(await states()).toEqual(['new']);
  expect(await here.outcome('clinic/present', 'visit:b1', id, 0)).toMatchObject({ state: 'open' });
  expect(await region.reader(asker).held(10)).toEqual([]);

  expect(await tell(answerTo(question))).toBe(200);
  expect(await states()).toEqual(['priced']);
  expect(await here.outcome('clinic/present', 'visit:b1', id, 0)).toMatchObject({ state: 'done' });
});
