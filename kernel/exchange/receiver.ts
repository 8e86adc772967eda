import type { FrameAnswer } from '../api.ts';
import { leafHash } from '../journal/merkle.ts';
import { count, type Environment } from '../runtime/environment.ts';
import { decodeData, type Item } from '../runtime/handle.ts';
import type { CheckedFrame, FrameMessage } from '../runtime/input.ts';
import { type InTail, newerVersion } from '../runtime/open.ts';
import { streamKey } from '../runtime/state.ts';
import { isHandled } from '../runtime/versions.ts';
import type { PartitionWriter } from '../runtime/writer.ts';
import { sameBytes, toHex } from './bytes.ts';
import { canonicalBytes, type Json, parseCanonical } from './canonical.ts';
import type { PeerNotes } from './courier.ts';
import { epochOf, isPermitted } from './directory.ts';
import { noLink } from './head.ts';
import { instantMs, instantText } from './instant.ts';
import { readMessage, schemaMajor, streamOf } from './message.ts';
import { checkClock, type OpenedFrame, openBody, openFrame, type RefusedFrame } from './open-frame.ts';
import { undeclared } from './peer-data.ts';
import { problemAnswer } from './problem-answer.ts';
import { encodeAnswer, sealRefusal } from './receipt.ts';
import { storedReceipt } from './stored-receipt.ts';
import type { SignedHead } from './two-heads.ts';

const receiptType = 'application/vnd.yitong.receipt';

/** Gets a newer directory of a peer; whether that version is in force here now. */
export type FetchDirectory = (peer: string, version: number) => Promise<boolean>;

/** Told of two heads that a peer signed for one place: the durable one, then the other. */
export type Accuse = (peer: string, heads: readonly [SignedHead, SignedHead]) => void;

/** Receives frames of peers: the checks of B5 in order, and a receipt only after COMMIT. */
export class Receiver {
  readonly #env: Environment;
  readonly #writers: readonly PartitionWriter[];
  /** Frames accepted in memory and not yet durable, by stream and sequence. */
  readonly #underWay = new Map<string, { readonly link: string; readonly answer: Promise<FrameAnswer> }>();
  /** What wakes early frames, by stream. */
  readonly #parked = new Map<string, Set<() => void>>();
  /** Time of the newest head by stream. */
  readonly #times = new Map<string, number>();
  readonly #note: (peer: string) => PeerNotes;
  readonly #fetch: FetchDirectory;
  readonly #accuse: Accuse;

  constructor(
    env: Environment,
    writers: readonly PartitionWriter[],
    note: (peer: string) => PeerNotes,
    fetch: FetchDirectory,
    accuse: Accuse,
  ) {
    this.#env = env;
    this.#writers = writers;
    this.#note = note;
    this.#fetch = fetch;
    this.#accuse = accuse;
  }

  async receive(peer: string, bytes: Uint8Array): Promise<FrameAnswer> {
    if (this.#env.outdated !== undefined) return this.#busy(this.#env.outdated);
    if (!this.#env.canSign) return this.#busy('no key of this member may sign receipts now');
    const first = this.#open(peer, bytes);
    // A head that names a newer directory is judged by that one: its sender shows each step to it (B8).
    const isNewer = !first.ok && first.directory !== undefined;
    const opened = isNewer && (await this.#fetch(peer, first.directory)) ? this.#open(peer, bytes) : first;
    if (!opened.ok) return this.#unsigned(opened.http, opened.code, opened.detail);
    const late = this.#clock(peer, opened);
    if (late) return late;
    const stream = Number(opened.head.stream.slice(opened.head.stream.indexOf('.') + 1));
    const writer = this.#writers[stream % this.#env.scene.partitions];
    if (!writer?.state) return this.#busy('no writer for this stream now');
    return this.#placed(peer, opened, writer);
  }

  #open(peer: string, bytes: Uint8Array): OpenedFrame | RefusedFrame {
    const { directory, scene, clock, suites } = this.#env;
    const context = { region: scene.region, me: scene.here, peer, directory, nowMs: clock.now(), suites };
    return openFrame(bytes, context);
  }

  /** B13: a head far ahead is refused; one that is off by minutes is taken, and the peer's clock shown to the operator. */
  #clock(peer: string, { head }: OpenedFrame): FrameAnswer | undefined {
    const key = streamKey(peer, head.stream);
    const nowMs = this.#env.clock.now();
    const timeMs = instantMs(head.time) ?? nowMs;
    const previousMs = this.#times.get(key);
    const checked = checkClock(head, { nowMs, ...(previousMs === undefined ? {} : { previousMs }) });
    if (!checked.ok) return this.#unsigned(checked.http, checked.code, checked.detail);
    this.#times.set(key, Math.max(timeMs, previousMs ?? 0));
    if (!checked.flag) return undefined;
    count(this.#env, 'frames_clock_off');
    this.#note(peer).skewMs = timeMs - nowMs;
    this.#env.log.warn('the clock of a peer is off', { peer, stream: head.stream, ms: timeMs - nowMs });
    return undefined;
  }

  /** Checks 6 and 7: known, next, early or a gap. */
  async #placed(peer: string, opened: OpenedFrame, writer: PartitionWriter): Promise<FrameAnswer> {
    const { head } = opened;
    // Without a writer the tail is not known here, and nothing may be said of it.
    if (!writer.state) return this.#busy('no writer for this stream now');
    const closed = head.epoch !== epochOf(this.#env.directory, peer);
    const key = streamKey(peer, head.stream);
    const linkHex = toHex(opened.link);
    const underWay = this.#underWay.get(`${key} ${head.seq}`);
    if (underWay)
      return underWay.link === linkHex ? underWay.answer : this.#refuse(opened, 409, 'fork', null);
    const tail = writer.received.get(key);
    if (tail && head.seq <= tail.seq) return this.#known(peer, opened, writer, tail);
    // Nothing new in an epoch that the directory has closed, or not opened yet.
    if (closed) return this.#refuse(opened, 409, 'epoch', null);
    if (head.seq !== (tail?.seq ?? 0) + 1) return this.#early(peer, opened, writer, tail);
    const fits = head.prev === (tail ? toHex(tail.link) : noLink) && head.first === (tail?.next ?? 1);
    if (!fits) return this.#gap(opened, tail);
    return this.#accept(peer, opened, writer, key);
  }

  async #known(
    peer: string,
    opened: OpenedFrame,
    writer: PartitionWriter,
    tail: InTail,
  ): Promise<FrameAnswer> {
    const { stream, epoch, seq } = opened.head;
    const row = await this.#env.store.received(writer.partition, peer, stream, epoch, seq);
    if (!row && epoch !== tail.epoch) return this.#gap(opened, tail);
    if (!row) return this.#busy('the frame is under way');
    if (!sameBytes(row.link, opened.link)) {
      this.#accuse(peer, [row, opened.frame]);
      return this.#refuse(opened, 409, 'fork', null);
    }
    return { status: 200, type: receiptType, body: encodeAnswer(storedReceipt(this.#env, row)) };
  }

  /** Whether a frame of the stream is accepted and not durable yet. */
  isUnderWay(peer: string, stream: string): boolean {
    const prefix = `${streamKey(peer, stream)} `;
    return [...this.#underWay.keys()].some((key) => key.startsWith(prefix));
  }

  /** Up to three signed early frames a stream wait for the one before them (K37). */
  async #early(
    peer: string,
    opened: OpenedFrame,
    writer: PartitionWriter,
    tail: InTail | undefined,
  ): Promise<FrameAnswer> {
    const { stream, seq } = opened.head;
    const key = streamKey(peer, stream);
    const parked = this.#parked.get(key) ?? new Set();
    if (parked.size >= 3 || seq > (tail?.seq ?? 0) + 4) return this.#gap(opened, tail);
    this.#parked.set(key, parked);
    const isTurn = (): boolean => (writer.received.get(key)?.seq ?? 0) + 1 >= seq;
    await this.#wait(parked, isTurn);
    return isTurn() || !writer.state
      ? this.#placed(peer, opened, writer)
      : this.#gap(opened, writer.received.get(key));
  }

  /** Until a frame of the stream was accepted that makes it this one's turn; at the longest `parkMs`. */
  #wait(parked: Set<() => void>, isTurn: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        stop();
        parked.delete(look);
        resolve();
      };
      const look = (): void => {
        if (isTurn()) done();
      };
      const stop = this.#env.clock.after(this.#env.limits.parkMs, done);
      parked.add(look);
    });
  }

  /** Checks 8 to 13, then the frame waits for its batch. */
  #accept(
    peer: string,
    opened: OpenedFrame,
    writer: PartitionWriter,
    key: string,
  ): Promise<FrameAnswer> | FrameAnswer {
    const body = openBody(opened, this.#env.suites);
    if (!body.ok) return this.#refuse(opened, body.http, body.code, null);
    if (writer.queued > this.#env.limits.queue) return this.#busy('too much waits for this partition');
    const messages = body.messages.map((bytes, index) =>
      this.#message(peer, opened, bytes, body.leaves[index] ?? bytes),
    );
    const { head, link, frame } = opened;
    const before = writer.received.get(key);
    writer.received.set(key, { epoch: head.epoch, seq: head.seq, link, next: head.first + head.count });
    for (const look of [...(this.#parked.get(key) ?? [])]) look();
    const answer = new Promise<FrameAnswer>((resolve) => {
      const done = (receipt: Uint8Array): void => resolve({ status: 200, type: receiptType, body: receipt });
      const { stream, epoch, seq, first } = head;
      const place = {
        peer,
        stream,
        epoch,
        seq,
        first,
        batch: head,
        head: frame.head,
        signature: frame.signature,
        link,
      };
      const checked: CheckedFrame = { ...place, messages, done };
      writer.push(peer, {
        input: { kind: 'frame', frame: checked },
        messages: messages.length,
        bytes: head.bytes,
        urgent: head.stream.startsWith('urgent'),
        since: this.#env.clock.monotonic(),
        dropped: (reason) => {
          if (before) writer.received.set(key, before);
          else writer.received.delete(key);
          resolve(this.#busy(reason));
        },
      });
    });
    this.#underWay.set(`${key} ${head.seq}`, { link: toHex(link), answer });
    void answer.finally(() => this.#underWay.delete(`${key} ${head.seq}`));
    return answer;
  }

  /** Checks 10 to 13 concern one message: the others go on. */
  #message(peer: string, opened: OpenedFrame, bytes: Uint8Array, leaf: Uint8Array): FrameMessage {
    const parsed = parseCanonical(bytes);
    if (!parsed.ok) return { ok: false, code: parsed.code, at: '', id: '', leaf };
    const { here, streams, registry } = this.#env.scene;
    const read = readMessage(parsed.value, { source: peer, to: here, nowMs: this.#env.clock.now() });
    if (!read.ok) return { ok: false, code: read.code, at: read.at, id: idOf(parsed.value), leaf };
    const { message } = read;
    const bad = (code: string, at: string): FrameMessage => ({ ok: false, code, at, id: message.id, leaf });
    const lane = opened.head.stream.startsWith('urgent') ? 'urgent' : 'main';
    if (streamOf(lane, message.subject, streams) !== opened.head.stream)
      return bad('wrong-stream', '/subject');
    const route = registry.route(message.type);
    if (!route || route.is === 'command' || !fromPeers.has(route.is)) return bad('unknown-type', '/type');
    const what = { from: peer, to: here, type: message.type, purpose: message.purpose };
    if (!isPermitted(this.#env.directory, what)) return bad('not-permitted', '/purpose');
    const { suite } = this.#env;
    const own = opened.head.suite === suite.name ? leaf : leafHash(suite, bytes);
    const item: Item = { message, bytes, leaf: own, route, from: peer, value: undefined };
    if (schemaMajor(message.dataschema) > registry.version(message.type))
      return { ok: true, item: { ...item, hold: newerVersion }, leaf };
    if (route.is === 'message' && !isHandled(route.message, schemaMajor(message.dataschema)))
      return bad('unknown-schema', '/dataschema');
    const decoded = decodeData(route, message);
    if (!decoded.ok) return bad('bad-data', '/data');
    const broken = undeclared(route, message, decoded.value, registry);
    return broken ? bad(broken.code, broken.at) : { ok: true, item: { ...item, value: decoded.value }, leaf };
  }

  #gap(opened: OpenedFrame, tail: InTail | undefined): FrameAnswer {
    const link = tail ? toHex(tail.link) : noLink;
    return this.#refuse(opened, 409, 'gap', { expected: (tail?.seq ?? 0) + 1, link });
  }

  /** From check 6 on a refusal is signed. */
  #refuse(opened: OpenedFrame, status: number, code: string, detail: Json): FrameAnswer {
    count(this.#env, `frame_refused_${code}`);
    const { suite, key, directory, clock } = this.#env;
    const by = { suite, key, time: instantText(clock.now()), directory: directory.version };
    const { head, link } = opened;
    const answer = sealRefusal({ head, link, code, ...(detail === null ? {} : { detail }) }, by);
    return { status, type: receiptType, body: encodeAnswer(answer) };
  }

  #unsigned(status: number, code: string, detail: string): FrameAnswer {
    count(this.#env, `frame_refused_${code}`);
    return {
      status,
      type: 'application/problem+json',
      body: canonicalBytes({ code, detail, now: instantText(this.#env.clock.now()) }),
    };
  }

  #busy(detail: string): FrameAnswer {
    return problemAnswer(503, 'busy', detail);
  }
}

/** Routes that a peer's message may take. */
const fromPeers: ReadonlySet<string> = new Set(['message', 'reply', 'refused', 'copy']);

function idOf(value: Json): string {
  const id: unknown = Reflect.get(Object(value), 'id');
  return typeof id === 'string' && id.length <= 64 ? id : '';
}
