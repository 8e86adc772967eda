import {
  canonicalBytes,
  type Directory,
  decodeAnswer,
  decodeFrame,
  encodeFrame,
  inflateBody,
  instantText,
  type PeerAnswer,
  parseCanonical,
  readBatchHead,
  readSigned,
  sealBatch,
  splitBody,
  toHex,
  uuidOf,
} from '@yitong/kernel';
import type { Draws } from './chance.ts';
import { epochMs } from './clock.ts';
import type { Finding } from './finding.ts';
import type { Liars } from './liars.ts';
import type { Member } from './member.ts';
import type { Network } from './network.ts';
import type { Agreed } from './region.ts';
import type { World } from './world.ts';

/** A frame whose place and signature are right, and how it was answered. */
interface Lie {
  readonly at: string;
  readonly victim: Member;
  answer: PeerAnswer | undefined;
}

/** Lies within a frame, in order, and by which code a receipt must refuse each. */
const lies = [
  { name: 'lie.content', code: 'id-reused' },
  { name: 'lie.purpose', code: 'not-permitted' },
] as const;

/** By which counters it is seen that they came about. */
export const lastLiesShown: readonly string[] = lies.map(({ name }) => name);

/**
 * What a member says behind its last true word: a used id with other content, a purpose that nobody permitted. Told at rest, as the
 * stream cannot go on in that member's own node afterwards.
 */
export class LastLies {
  readonly #world: World;
  readonly #agreed: Agreed;
  readonly #carry: Network['carry'];
  readonly #draws: Draws;
  readonly #told: Lie[] = [];

  constructor(world: World, agreed: Agreed, carry: Network['carry']) {
    this.#world = world;
    this.#agreed = agreed;
    this.#carry = carry;
    this.#draws = world.draws('last lies');
  }

  /** Each member to each other to which it ever sent something, behind the last frame of that stream. */
  tell(members: readonly Member[], liars: Liars): void {
    for (const { from, to, frame } of liars.taken()) {
      const [liar, victim] = [from, to].map((code) => members.find((member) => member.code === code));
      const lying = liar && victim && this.#lyingFrame(liar, victim, frame);
      if (!lying) continue;
      const lie: Lie = { at: `${from} ${to}`, victim, answer: undefined };
      this.#told.push(lie);
      this.#carry(from, to, 'batches', lying, (answer) => {
        lie.answer = answer;
      });
    }
  }

  /** Members that were lied to. */
  get victims(): readonly Member[] {
    return [...new Set(this.#told.map(({ victim }) => victim))];
  }

  /** Each lie was refused by a receipt that says which message and why. */
  check(): Finding[] {
    return this.#told.flatMap(({ at, answer }) => {
      const receipt = answer?.status === 200 ? decodeAnswer(answer.body) : undefined;
      const refusals: readonly { readonly index: number; readonly code: string }[] = JSON.parse(
        Buffer.from(receipt?.refusals ?? []).toString('utf8') || '[]',
      );
      return lies.flatMap(({ name, code }, index) => {
        const found = refusals.find((one) => one.index === index)?.code;
        if (found === code) this.#world.count(name);
        const detail = `${name}: ${found ?? `HTTP ${answer?.status}`} instead of ${code}`;
        return found === code ? [] : [{ rule: 'liar', at, detail }];
      });
    });
  }

  /** Undefined where another place or key would be next: the frame is not the last of its stream, or its key signs no more. */
  #lyingFrame(liar: Member, victim: Member, frame: Uint8Array): Uint8Array | undefined {
    const parts = decodeFrame(frame);
    const read = readBatchHead(parts?.head ?? frame);
    if (!parts || !read.ok) throw new Error('a frame with a receipt has a head');
    const { value: head } = read;
    const directory = directoryOf(victim);
    const sent = liar.disk.tables.partitions.flatMap((tables) =>
      [...tables.sent.values()].filter((row) => row.peer === head.to && row.stream === head.stream),
    );
    const last = sent.reduce((a, b) => (b.epoch > a.epoch || (b.epoch === a.epoch && b.seq > a.seq) ? b : a));
    const own = directory?.members.find(({ code }) => code === liar.code);
    const isLast = last.epoch === head.epoch && last.seq === head.seq && (own?.epoch ?? 1) === head.epoch;
    const key = this.#agreed.keys.flatMap(({ ring }) => ring).find(({ id }) => id === head.key);
    const listed = own?.keys.find(({ id }) => id === head.key);
    const now = instantText(epochMs + this.#world.now);
    if (!isLast || !key || !listed || listed.revoked || listed.until <= now) return undefined;
    const [message] = splitBody(inflateBody(parts, head.bytes) ?? new Uint8Array(), head.count) ?? [];
    if (!message) throw new Error('a frame with a receipt has messages');
    const place = {
      ...{ region: head.region, from: head.from, to: head.to, stream: head.stream, epoch: head.epoch },
      ...{ seq: head.seq + 1, first: head.first + head.count, prev: toHex(last.link), time: now },
      directory: directory?.version ?? head.directory,
    };
    const suite = this.#agreed.suites[head.suite];
    const sealed = sealBatch({ suite, key, place, messages: this.#messages(message) });
    const { headBytes, signature, body } = sealed;
    return encodeFrame({ head: headBytes, signature, body, deflate: undefined });
  }

  #messages(message: Uint8Array): readonly Uint8Array[] {
    const parsed = parseCanonical(message);
    if (!parsed.ok) throw new Error('a message with a receipt is canonical');
    const said = Object(parsed.value);
    const nowMs = epochMs + this.#world.now;
    const random = Uint8Array.from({ length: 10 }, () => this.#draws.whole(0, 255));
    return [
      canonicalBytes({ ...said, time: instantText(nowMs) }),
      canonicalBytes({ ...said, id: uuidOf(nowMs, random), purpose: 'curiosity' }),
    ];
  }
}

function directoryOf(member: Member): Directory | undefined {
  const version = member.node?.status().directory.version ?? 1;
  const read = readSigned(member.node?.directory(version));
  return read.ok ? read.signed.directory : undefined;
}
