import { setTimeout as pause } from 'node:timers/promises';
import {
  canonicalBytes,
  type Directory,
  deflate,
  encodeFrame,
  instantText,
  noLink,
  partitionOf,
  type SigningKey,
  sealBatch,
  streamsOf,
  suites,
  toHex,
  uuidOf,
} from '@yitong/kernel';
import { contactsOf, httpsPeers, readNodeConfig, readPem, readSigningKey, systemChance } from '@yitong/node';

const chance = systemChance();
/** Frames of one stream under way at a time, as the protocol allows (B7), and messages in each. */
const underWay = 4;
const messagesEach = 100;

/** What became of a flood: messages taken, and how often the answer was to come later. */
export interface Flooded {
  readonly taken: number;
  readonly toldToWait: number;
}

/** How a stream of the flood goes on. */
interface Tail {
  readonly person: string;
  readonly stream: string;
  seq: number;
  first: number;
  prev: string;
  /** Sealed and not sent yet, in order. */
  readonly frames: Uint8Array[];
  begun: boolean;
  /** False once the other side refused a frame for good: the member itself had sent in this stream. */
  open: boolean;
}

/**
 * A member that sends valid batches as fast as another takes them: with that member's own keys, in streams that it never used. It seals them
 * beforehand, for in production its work is done on another machine.
 */
export class Flooder {
  readonly #member: string;
  readonly #to: string;
  readonly #key: SigningKey;
  readonly #directory: Directory;
  readonly #peers: ReturnType<typeof httpsPeers>;
  readonly #tails: readonly Tail[];
  #taken = 0;
  #toldToWait = 0;

  /** `config`: file of the member's node; `persons`: whom its questions are about, any number; `messages`: of the whole flood, at the least. */
  constructor(
    config: string,
    to: string,
    directory: Directory,
    { persons, messages }: { readonly persons: readonly string[]; readonly messages: number },
  ) {
    const { member, keys } = readNodeConfig(config);
    this.#member = member;
    this.#to = to;
    this.#key = readSigningKey(keys.batch);
    this.#directory = directory;
    const tls = { key: readPem(keys.tls.key), cert: readPem(keys.tls.cert) };
    const contacts = contactsOf(() => directory.members);
    this.#peers = httpsPeers({ tls, contacts, allowInner: true, connections: 16 });
    const streams = streamsOf(directory);
    const tails = new Map<string, Tail>();
    for (const person of persons) {
      const stream = `main.${partitionOf(`person:${person}`, streams)}`;
      tails.set(stream, {
        person,
        stream,
        seq: 1,
        first: 1,
        prev: noLink,
        frames: [],
        begun: false,
        open: true,
      });
    }
    this.#tails = [...tails.values()];
    for (const tail of this.#tails)
      for (let sealed = 0; sealed < messages / this.#tails.length; sealed += messagesEach)
        tail.frames.push(this.#next(tail));
  }

  /** Sends in every stream until told to stop, or all is sent. */
  async flood(stop: AbortSignal): Promise<Flooded> {
    const lanes = this.#tails.flatMap((tail) => Array.from({ length: underWay }, () => tail));
    await Promise.all(lanes.map((tail) => this.#lane(tail, stop)));
    return { taken: this.#taken, toldToWait: this.#toldToWait };
  }

  close(): void {
    this.#peers.close();
  }

  async #lane(tail: Tail, stop: AbortSignal): Promise<void> {
    while (!stop.aborted && tail.open) {
      const isFirst = !tail.begun;
      tail.begun = true;
      const frame = tail.frames.shift();
      if (frame === undefined) return;
      // The same bytes until they are taken: what lies behind them in the stream waits for them.
      for (;;) {
        const { status } = await this.#peers.batch(this.#to, frame).catch(() => ({ status: 0 }));
        if (status === 200) {
          this.#taken += messagesEach;
          break;
        }
        if (stop.aborted || !tail.open) break;
        const isBusy = status === 429 || status === 503;
        if (isBusy) this.#toldToWait += 1;
        else if (status !== 0 && isFirst) tail.open = false;
        await pause(isBusy ? 1_000 : 50);
      }
    }
  }

  #next(tail: Tail): Uint8Array {
    const { stream, seq, first, prev } = tail;
    const { region, version: directory } = this.#directory;
    const party = { region, from: this.#member, to: this.#to, directory };
    const place = { ...party, stream, epoch: 1, seq, first, prev, time: instantText(Date.now()) };
    const messages = Array.from({ length: messagesEach }, () => this.#message(tail.person));
    const { headBytes, signature, link, body } = sealBatch({
      suite: suites[this.#key.suite],
      key: this.#key,
      place,
      messages,
    });
    tail.seq += 1;
    tail.first += messagesEach;
    tail.prev = toHex(link);
    return encodeFrame({ head: headBytes, signature, body, deflate });
  }

  /** A question about a person, right in every part. */
  #message(person: string): Uint8Array {
    const now = Date.now();
    const day = instantText(now - 20 * 86_400_000).slice(0, 10);
    return canonicalBytes({
      specversion: '1.0',
      id: uuidOf(now, chance.bytes(10)),
      source: `yitong:${this.#member}`,
      to: this.#to,
      type: 'medical-settlement/ask-eligibility',
      subject: `person:${person}`,
      time: instantText(now),
      purpose: 'medical-settlement',
      dataschema: 'yitong:medical-settlement/ask-eligibility/1',
      datacontenttype: 'application/json',
      replyto: 'inquiry:flood',
      data: {
        bill: 'flood',
        person,
        insuredPlace: this.#to,
        placeOfCare: '330102',
        hospital: { code: 'H33010200001', level: '3', inNetwork: true },
        visit: 'inpatient',
        admission: day,
        discharge: day,
        emergency: false,
        disease: null,
      },
    });
  }
}
