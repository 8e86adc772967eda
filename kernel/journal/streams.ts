import { fromHex, sameBytes, toHex, toUtf8 } from '../exchange/bytes.ts';
import { type Directory, streamsOf } from '../exchange/directory.ts';
import { type BatchHead, link, readBatchHead, readReceipt } from '../exchange/head.ts';
import { instantMs } from '../exchange/instant.ts';
import { streamOf } from '../exchange/message.ts';
import { signerOf } from '../exchange/open-frame.ts';
import { verifyReceipt } from '../exchange/receipt.ts';
import { positionOf } from '../runtime/ids.ts';
import type { ReceiptRow, ReceivedRow, SentRow } from '../store/rows.ts';
import { leafOf, messageOf } from './chain.ts';
import { add, type Check, type Checked, type CheckOptions } from './check.ts';
import type { PackedEntry } from './entries.ts';
import { merkleRoot } from './merkle.ts';
import { remnantIn } from './remnant.ts';

type AnyFrame = Pick<SentRow, 'peer' | 'stream' | 'epoch' | 'seq' | 'head' | 'signature' | 'link'>;

/** Frames of one partition, followed through its journal: kernel rule 12.6, signatures and receipts. */
export class Streams {
  readonly #checked: Checked;
  readonly #partition: number;
  readonly #check: Check;
  /** Frames not yet compared with their messages, by stream, oldest first; messages of the journal not yet in a frame. */
  readonly #sent = new Map<string, SentRow[]>();
  readonly #outs = new Map<string, { readonly at: number; readonly entry: PackedEntry }[]>();
  /** Frames that a later epoch of their stream has repeated: nobody ever receipted them. */
  readonly #voided = new Set<string>();
  readonly #received = new Map<number, ReceivedRow[]>();
  readonly #heads = new Map<string, { readonly head: BatchHead; readonly link: Uint8Array }>();

  constructor(checked: Checked, partition: number, check: Check) {
    this.#checked = checked;
    this.#partition = partition;
    this.#check = check;
  }

  /**
   * Reads the three tables: heads, links, order, signatures; `step` is told of each row. What the frames hold is compared batch by
   * batch. False when `signal` ended it.
   */
  async load(step: () => void, signal: CheckOptions['signal']): Promise<boolean> {
    let stream: SentRow[] = [];
    let received: ReceivedRow | undefined;
    // The casts name what the readers of these tables give.
    for await (const row of this.#rows<SentRow>('sent', step, signal)) {
      if (!sameStream(row, stream.at(-1))) {
        this.#sentStream(stream);
        stream = [];
      }
      stream.push(row);
    }
    this.#sentStream(stream);
    for await (const row of this.#rows<ReceivedRow>('received', step, signal)) {
      this.#receivedRow(row, sameStream(row, received) ? received : undefined);
      received = row;
    }
    for await (const row of this.#rows<ReceiptRow>('receipt', step, signal)) this.#receiptRow(row);
    return signal?.aborted !== true;
  }

  async *#rows<T>(
    table: 'sent' | 'received' | 'receipt',
    step: () => void,
    signal: CheckOptions['signal'],
  ): AsyncGenerator<T> {
    for await (const raw of this.#checked.reader.table(table, this.#partition)) {
      if (signal?.aborted) return;
      yield raw as unknown as T;
      step();
    }
  }

  /** Compares the frames that end in this batch with its messages. */
  batch(seq: number, entries: readonly PackedEntry[]): void {
    for (const entry of entries) this.#out(positionOf(seq, entry.index), entry);
    for (const [key, frames] of this.#sent)
      for (let row = frames[0]; row && row.uptoAt < positionOf(seq + 1, 0); row = frames[0]) {
        frames.shift();
        this.#compareSent(key, row);
      }
    for (const row of this.#received.get(seq) ?? []) this.#compareReceived(row, entries);
    this.#received.delete(seq);
  }

  /** What the journal should have had and did not. */
  end(): void {
    for (const frames of [...this.#sent.values(), ...this.#received.values()])
      for (const row of frames) this.#wrong('frame', row, 'its batch is not in the journal');
  }

  /** Frames of one stream in order of epoch and number. A later epoch begins behind the last receipted one and voids what it repeats. */
  #sentStream(rows: readonly SentRow[]): void {
    let chain: SentRow[] = [];
    for (const row of rows) {
      if (row.epoch !== chain.at(-1)?.epoch) {
        const voided = chain.filter((one) => one.seq >= row.seq);
        for (const one of voided) this.#voided.add(frameKey(one));
        chain = chain.filter((one) => one.seq < row.seq);
      }
      this.#sentRow(row, chain.at(-1));
      chain.push(row);
    }
    if (chain[0]) this.#sent.set(streamKey(chain[0]), chain);
  }

  #sentRow(row: SentRow, before: SentRow | undefined): void {
    const { here } = this.#checked;
    const head = this.#head('sent', row, before, { from: here, to: row.peer });
    const dense = row.number === (before ? before.number + before.count : 1);
    if (!dense || row.fromAt !== (before?.uptoAt ?? 0))
      this.#wrong('sent', row, 'does not begin where the frame before it ends');
    if (head && (head.first !== row.number || head.count !== row.count))
      this.#wrong('sent', row, 'number or count is not what the head says');
    if (head) this.#heads.set(frameKey(row), { head, link: row.link });
  }

  #receivedRow(row: ReceivedRow, before: ReceivedRow | undefined): void {
    const { here } = this.#checked;
    const head = this.#head('received', row, before, { from: row.peer, to: here });
    const seq = Math.floor(row.at / positionOf(1, 0));
    this.#received.set(seq, [...(this.#received.get(seq) ?? []), row]);
    if (!head) return;
    if (row.next !== head.first + head.count || head.first !== (before?.next ?? 1))
      this.#wrong('received', row, 'does not begin where the frame before it ends');
    this.#heads.set(`in ${frameKey(row)}`, { head, link: row.link });
    this.#receipt('received', row, head, {
      text: row.receipt,
      signature: row.receiptSignature,
      refusals: toUtf8(row.refusals),
    });
  }

  #receiptRow(row: ReceiptRow): void {
    const sent = this.#heads.get(frameKey(row));
    if (!sent) return this.#wrong('receipt', row, 'there is no such frame');
    if (this.#voided.has(frameKey(row)))
      return this.#wrong('receipt', row, 'for a frame that a later epoch repeats');
    this.#receipt('receipt', { ...row, link: sent.link }, sent.head, {
      text: row.receipt,
      signature: row.signature,
      refusals: toUtf8(row.refusals),
    });
  }

  #receipt(
    table: string,
    row: Pick<SentRow, 'peer' | 'stream' | 'epoch' | 'seq' | 'link'>,
    head: BatchHead,
    answer: Parameters<typeof verifyReceipt>[0],
  ): void {
    const { suites } = this.#checked;
    const read = readReceipt(answer.text);
    const directory = this.#directory(read.ok ? read.value.directory : 0);
    add(this.#check, 'receipts');
    // By its signer's clock: the sender's may already have been past a revocation that the signer's was not.
    const nowMs = (read.ok ? instantMs(read.value.time) : undefined) ?? 0;
    const verified = verifyReceipt(answer, { head, link: row.link, directory, nowMs, suites });
    if (!verified.ok) this.#wrong(table, row, `its receipt: ${verified.detail}`);
  }

  /** Grammar, link, order and signature of a frame's head. */
  #head(
    table: string,
    row: AnyFrame,
    before: AnyFrame | undefined,
    party: { readonly from: string; readonly to: string },
  ): BatchHead | undefined {
    add(this.#check, 'frames');
    const read = readBatchHead(row.head);
    if (!read.ok) return void this.#wrong(table, row, `its head: ${read.detail}`);
    const head = read.value;
    const { suites } = this.#checked;
    const directory = this.#directory(head.directory);
    const suite = suites[head.suite];
    if (!sameBytes(link(suite, row.head), row.link))
      this.#wrong(table, row, 'link is not the hash of its head');
    const prev = before ? toHex(before.link) : '0'.repeat(64);
    if (head.prev !== prev || row.seq !== (before?.seq ?? 0) + 1)
      this.#wrong(table, row, 'does not follow the frame before it');
    const { from, to, stream, epoch, seq } = head;
    if (
      from !== party.from ||
      to !== party.to ||
      stream !== row.stream ||
      epoch !== row.epoch ||
      seq !== row.seq
    )
      this.#wrong(table, row, 'its columns are not what its head says');
    const key = signerOf(head, 'batch', { directory, nowMs: instantMs(head.time) ?? 0 });
    if (!('public' in key)) this.#wrong(table, row, `its signer: ${key.detail}`);
    else if (!suite.verify(key, row.head, row.signature))
      this.#wrong(table, row, 'the signature is not its key’s');
    return head;
  }

  /** Keys are judged by the version that a text names: a member may have left since. */
  #directory(version: number): Directory {
    return this.#checked.directoryAt?.(version) ?? this.#checked.directory;
  }

  #out(at: number, entry: PackedEntry): void {
    const key = this.#streamOf(entry);
    if (key === undefined) return;
    const list = this.#outs.get(key) ?? [];
    list.push({ at, entry });
    this.#outs.set(key, list);
  }

  /** The stream of a message for a peer, erased or not; undefined for every other entry. */
  #streamOf(entry: PackedEntry): string | undefined {
    const remnant = remnantIn(entry);
    if (remnant?.was === 'out') return `${remnant.to} ${remnant.stream}`;
    if (entry.kind !== 'out') return undefined;
    const message = messageOf(entry);
    const lane = this.#checked.isUrgent(message.type) ? 'urgent' : 'main';
    return `${message.to} ${streamOf(lane, message.subject, streamsOf(this.#checked.directory))}`;
  }

  #compareSent(key: string, row: SentRow): void {
    const list = this.#outs.get(key) ?? [];
    const ended = list.findIndex((one) => one.at > row.uptoAt);
    const own = list.splice(0, ended < 0 ? list.length : ended);
    const head = this.#heads.get(frameKey(row))?.head;
    if (!head) return;
    const suite = this.#checked.suites[head.suite];
    const root = merkleRoot(
      suite,
      own.map((one) => leafOf(suite, one.entry)),
    );
    if (own.length !== head.count || toHex(root) !== head.root)
      this.#wrong('sent', row, 'its messages in the journal are not those that were signed');
  }

  /** A frame's messages stand contiguous in the receiver's journal; of refused and repeated ones the leaf is kept. */
  #compareReceived(row: ReceivedRow, entries: readonly PackedEntry[]): void {
    const head = this.#heads.get(`in ${frameKey(row)}`)?.head;
    if (!head) return;
    const first = row.at % positionOf(1, 0);
    const own = entries.slice(first, first + head.count);
    const suite = this.#checked.suites[head.suite];
    const leaves = own.map((entry) => leafOf(suite, entry));
    const wanted = fromHex(head.root, 32);
    if (!wanted || own.length !== head.count || !sameBytes(merkleRoot(suite, leaves), wanted))
      this.#wrong('received', row, 'its messages in the journal are not those that were signed');
  }

  #wrong(table: string, row: Pick<SentRow, 'peer' | 'stream' | 'epoch' | 'seq'>, detail: string): void {
    const at = `${this.#partition} ${table} ${frameKey(row)}`;
    this.#check.findings.push({ at, code: 'frame', detail });
  }
}

const streamKey = ({ peer, stream }: Pick<SentRow, 'peer' | 'stream'>): string => `${peer} ${stream}`;

function frameKey({ peer, stream, epoch, seq }: Pick<SentRow, 'peer' | 'stream' | 'epoch' | 'seq'>): string {
  return `${peer} ${stream} ${epoch}.${seq}`;
}

function sameStream(row: AnyFrame, before: AnyFrame | undefined): boolean {
  return before !== undefined && streamKey(row) === streamKey(before);
}
