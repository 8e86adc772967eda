import { expect, test } from 'vitest';
import { digest, done, sentOf, type Take, type Under } from './samples.suite.ts';

/** Streams, receipts and the log tree. */
export function frameTests(under: Under, take: Take): void {
  test('tells of each stream the last frame, those without receipt, and who sent what when', async () => {
    const chain = await take(0);
    const receiptOf = (peer: string, stream: string, seq: number) => ({
      ...{ peer, stream, epoch: 1, seq, receipt: digest('r'), signature: digest('s'), refusals: '' },
    });
    const sent = [1, 2, 3].map((seq) => sentOf('330000', 'main.0', seq));
    const urgent = sentOf('330000', 'urgent.0', 1, { fromAt: 0, uptoAt: 1000 });
    const next = sentOf('340000', 'main.0', 4, { epoch: 2 });
    const before = sentOf('340000', 'main.0', 9);
    const receivedOf = (stream: string, seq: number, epoch = 1) => ({
      ...{
        peer: '330000',
        stream,
        epoch,
        seq,
        head: digest('h'),
        signature: digest('s'),
        link: digest(`${seq}`),
      },
      ...{ next: 1, at: seq, receipt: digest('r'), receiptSignature: digest('x'), refusals: '' },
    });
    const receipts = [receiptOf('330000', 'main.0', 2), receiptOf('340000', 'main.0', 9)];
    const received = [
      receivedOf('main.0', 1),
      receivedOf('main.0', 2),
      receivedOf('main.1', 5),
      receivedOf('main.1', 6, 0),
    ];
    expect(await chain.write({ sent: [...sent, urgent, before, next], receipts, received })).toEqual(done);
    const { store, reader } = under();
    const tail = await store.tail(0);
    expect(tail.sent).toEqual([
      { last: sent[2], unreceipted: [sent[0], sent[2]] },
      { last: urgent, unreceipted: [urgent] },
      { last: next, unreceipted: [next] },
    ]);
    expect(tail.received).toEqual([received[1], received[2]]);
    expect(await store.received(0, '330000', 'main.0', 1, 1)).toEqual(received[0]);
    expect(await store.received(0, '330000', 'main.0', 2, 1)).toBeUndefined();
    expect(await store.received(1, '330000', 'main.0', 1, 1)).toBeUndefined();
    expect(await store.sentAt(0, '330000', 'main.0', 300)).toEqual({ sent: sent[1], receipt: receipts[0] });
    expect(await store.sentAt(0, '330000', 'main.0', 301)).toEqual({ sent: sent[2], receipt: undefined });
    expect(await store.sentAt(0, '330000', 'urgent.0', 301)).toEqual({ sent: urgent, receipt: undefined });
    expect(await store.sentAt(0, '330000', 'main.0', 100)).toBeUndefined();
    expect(await store.sentAt(0, '330000', 'main.0', 401)).toBeUndefined();
    const stream = (
      peer: string,
      name: string,
      sentSeq: number,
      receiptedSeq: number,
      receivedSeq: number,
    ) => ({
      ...{ partition: 0, peer, stream: name, sentSeq, receiptedSeq, receivedSeq },
    });
    expect(await reader.streams()).toEqual([
      stream('330000', 'main.0', 3, 2, 2),
      stream('330000', 'main.1', 0, 0, 5),
      stream('330000', 'urgent.0', 1, 0, 0),
      stream('340000', 'main.0', 4, 9, 0),
    ]);
  });

  test('appends to the log tree what follows it, under the lease of partition 0', async () => {
    const chain = await take(0);
    const { store } = under();
    const leaf = (number: number) => ({
      number,
      partition: number % 4,
      first: 1,
      last: 5,
      root: digest(`${number}`),
    });
    const state = (number: number) => ({
      number,
      text: `yitong.csj.310000/journal\n${number}\n中\n`,
      at: 2 ** 43,
    });
    expect(await store.segments()).toEqual({ segments: [], checkpoint: undefined });
    expect(await store.checkpoint(chain.epoch, [leaf(0), leaf(1)], state(2))).toBe(true);
    expect(await store.checkpoint(chain.epoch, [leaf(1)], state(2))).toBe(false);
    expect(await store.checkpoint(chain.epoch, [leaf(3)], state(4))).toBe(false);
    expect(await store.checkpoint(chain.epoch, [leaf(2)], state(4))).toBe(false);
    expect(await store.checkpoint(chain.epoch, [], state(2))).toBe(false);
    expect(await store.checkpoint(chain.epoch + 1, [leaf(2)], state(3))).toBe(false);
    expect(await store.segments()).toEqual({ segments: [leaf(0), leaf(1)], checkpoint: state(2) });
    expect(await store.checkpoint(chain.epoch, [leaf(2)], state(3))).toBe(true);
    expect(await store.segments()).toEqual({ segments: [leaf(0), leaf(1), leaf(2)], checkpoint: state(3) });
  });

  test('keeps each cosignature once, and tells the newest checkpoint that enough members cosigned', async () => {
    const chain = await take(0);
    const { store } = under();
    for (const number of [1, 2, 3]) {
      const row = {
        number: number - 1,
        partition: 0,
        first: number,
        last: number,
        root: digest(`${number}`),
      };
      expect(await store.checkpoint(chain.epoch, [row], { number, text: `${number}\n`, at: 7 })).toBe(true);
    }
    const by = (number: number, witness: string, line = 'l') => ({ number, witness, line, at: 2 ** 43 });
    expect(await store.cosigned(1)).toBeUndefined();
    await store.cosign([by(1, '320000'), by(1, '310000'), by(2, '310000'), by(2, '320000')]);
    await store.cosign([by(2, '310000', 'another'), by(3, '310000')]);
    expect(await store.cosigned(2)).toEqual({
      checkpoint: { number: 2, text: '2\n', at: 7 },
      cosignatures: [by(2, '310000'), by(2, '320000')],
    });
    expect((await store.cosigned(1))?.checkpoint.number).toBe(3);
    expect(await store.cosigned(3)).toBeUndefined();
  });

  test('what was witnessed of a log is replaced only by whoever knows what is there', async () => {
    await take(0);
    const { store } = under();
    const row = (size: number, note = `${size}`) => ({ member: '330000', size, note, at: 2 ** 43 });
    expect(await store.witness(row(4), 0)).toBe(true);
    expect(await store.witness(row(5), 0)).toBe(false);
    expect(await store.witness(row(6), 5)).toBe(false);
    expect(await store.witness({ ...row(9), member: '320000' }, 0)).toBe(true);
    expect(await store.witness(row(7), 4)).toBe(true);
    expect(await store.witnessed()).toEqual([{ ...row(9), member: '320000' }, row(7)]);
  });

  test('tells the heads of batches, as far as the journal goes', async () => {
    const chain = await take(0);
    const heads: Uint8Array[] = [];
    for (let n = 0; n < 3; n += 1) {
      await chain.write({});
      heads.push(...(await under().store.read(0, n + 1, 1)).map(({ row }) => row.head));
    }
    expect(await under().store.heads(0, 2, 9)).toEqual(heads.slice(1));
    expect(await under().store.heads(1, 1, 9)).toEqual([]);
  });
}
