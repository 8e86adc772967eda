import {
  decodeFrame,
  directoryHash,
  encodeFrame,
  readBatchHead,
  sealBatch,
  toUtf8,
  verifyTwoHeads,
} from '@yitong/kernel';
import type { Draws } from './chance.ts';
import type { Finding } from './finding.ts';
import type { Member } from './member.ts';
import type { Network } from './network.ts';
import type { Agreed } from './region.ts';
import type { World } from './world.ts';

/** Ways in which a member deceives another: a second head for a place, an old frame once more, receipts kept back. */
const lies = ['second head', 'second head', 'replay', 'withhold'] as const;

type Carry = Network['carry'];

const hourMs = 3_600_000;

/** What liars do in the place of honest members, with these members' own keys; and whether they were named for it. */
export class Liars {
  readonly #world: World;
  readonly #agreed: Agreed;
  readonly #carry: Carry;
  /** The last frame that each member has a receipt for, by sender and receiver. */
  readonly #taken = new Map<string, Uint8Array>();
  /** Until when a member's receipts for another are kept back. */
  readonly #withheld = new Map<string, number>();
  /** Places that a second head was signed for, and those of them where it was refused as that. */
  readonly #signed = new Set<string>();
  readonly #refused = new Set<string>();

  constructor(world: World, agreed: Agreed, carry: Carry) {
    this.#world = world;
    this.#agreed = agreed;
    this.#carry = carry;
  }

  /** The network as members use it, with liars at its ends. */
  readonly carry: Carry = (from, to, what, frame, answered) =>
    this.#carry(from, to, what, frame, (answer) => {
      const isReceipt = what === 'batches' && answer?.status === 200;
      const isWithheld = isReceipt && this.#world.now < (this.#withheld.get(`${to} ${from}`) ?? 0);
      if (isWithheld) this.#world.count('lie.withheld');
      else if (isReceipt) this.#taken.set(`${from} ${to}`, frame);
      answered(isWithheld ? undefined : answer);
    });

  /** One lie of a member to another, if they ever had to do with each other. */
  lie(liar: Member, victim: Member, draws: Draws): void {
    const frame = this.#taken.get(`${liar.code} ${victim.code}`);
    const how = draws.pick(lies);
    const untilMs = this.#world.now + draws.spread(10_000, 12 * hourMs);
    if (how === 'withhold') this.#withheld.set(`${liar.code} ${victim.code}`, untilMs);
    else if (frame && how === 'replay') this.#replay(liar, victim, frame);
    else if (frame) this.#contradict(liar, victim, frame);
  }

  /** The last frame that each member has a receipt for from another. */
  taken(): readonly { readonly from: string; readonly to: string; readonly frame: Uint8Array }[] {
    return [...this.#taken].map(([pair, frame]) => {
      const [from = '', to = ''] = pair.split(' ');
      return { from, to, frame };
    });
  }

  /** No more lies. */
  heal(): void {
    this.#withheld.clear();
  }

  /** Each second head that was refused is proven by the victim, to whoever trusts the first directory; and nobody else is accused. */
  check(members: readonly Member[]): Finding[] {
    const trusted = directoryHash(this.#agreed.directory);
    const named = new Set<string>();
    const findings: Finding[] = [];
    for (const { code, proofs } of members)
      for (const proof of proofs) {
        const result = verifyTwoHeads(proof, trusted, this.#agreed.suites);
        const place = result.ok ? placeOf(result.says) : result.detail;
        named.add(place);
        if (!this.#signed.has(place))
          findings.push({ rule: 'liar', at: code, detail: `accuses in vain: ${place}` });
      }
    for (const place of this.#refused)
      if (!named.has(place))
        findings.push({ rule: 'liar', at: place, detail: 'a second head is not proven' });
    return findings;
  }

  #replay(liar: Member, victim: Member, frame: Uint8Array): void {
    this.#carry(liar.code, victim.code, 'batches', frame, (answer) => {
      if (answer?.status === 200) this.#world.count('lie.replayed');
    });
  }

  #contradict(liar: Member, victim: Member, frame: Uint8Array): void {
    const read = readBatchHead(decodeFrame(frame)?.head ?? frame);
    if (!read.ok) throw new Error('a frame with a receipt has a head');
    const { suite, count: _count, root: _root, bytes: _bytes, key: id, ...place } = read.value;
    const key = this.#agreed.keys.flatMap(({ ring }) => ring).find((one) => one.id === id);
    if (!key) throw new Error('a frame with a receipt is signed');
    const messages = [toUtf8(`{"at":${Math.floor(this.#world.now)}}`)];
    const sealed = sealBatch({ suite: this.#agreed.suites[suite], key, place, messages });
    const { headBytes: head, signature, body } = sealed;
    const name = placeOf(place);
    this.#signed.add(name);
    this.#carry(
      liar.code,
      victim.code,
      'batches',
      encodeFrame({ head, signature, body, deflate: undefined }),
      (answer) => {
        if (answer?.status !== 409 || !Buffer.from(answer.body).includes('\ncode fork\n')) return;
        this.#world.count('lie.refused');
        this.#refused.add(name);
      },
    );
  }
}

function placeOf(of: {
  readonly from: string;
  readonly to: string;
  readonly stream: string;
  readonly epoch: number;
  readonly seq: number;
}): string {
  return `${of.from} ${of.to} ${of.stream} ${of.epoch}.${of.seq}`;
}
