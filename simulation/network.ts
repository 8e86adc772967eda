import type { FrameAnswer, PeerAnswer } from '@yitong/kernel';
import type { Draws } from './chance.ts';
import type { World } from './world.ts';

/** How badly the network behaves: probabilities of each message, and whether a link is cut now. */
export interface NetworkFaults {
  readonly loss: number;
  readonly repeat: number;
  /** Late by minutes to days. */
  readonly late: number;
  readonly lateMaxMs: number;
  /** A byte changed, or the end missing. */
  readonly damage: number;
}

type Deliver = (
  to: string,
  from: string,
  what: string,
  frame: Uint8Array,
) => Promise<FrameAnswer> | undefined;

/** Carries frames between members: loses, repeats, delays, reorders and damages them, one way or both. */
export class Network {
  readonly #world: World;
  readonly #draws: Draws;
  readonly #deliver: Deliver;
  readonly #cut = new Map<string, number>();
  readonly #late = new Set<() => void>();
  /** Members that answer slowly: by how many ms, and until when. */
  readonly #slow = new Map<string, { readonly ms: number; readonly until: number }>();
  faults: NetworkFaults | undefined;

  constructor(world: World, deliver: Deliver) {
    this.#world = world;
    this.#draws = world.draws('network');
    this.#deliver = deliver;
  }

  /** Nothing goes from one to the other until then. */
  cut(from: string, to: string, until: number): void {
    const key = `${from} ${to}`;
    this.#cut.set(key, Math.max(until, this.#cut.get(key) ?? 0));
  }

  /** A member's answers take so long until then: mostly longer than whoever asks waits. */
  slow(member: string, ms: number, until: number): void {
    this.#slow.set(member, { ms, until });
  }

  /** All links whole, no more faults; what is still on its way arrives within some minutes. */
  heal(): void {
    this.faults = undefined;
    this.#cut.clear();
    this.#slow.clear();
    for (const arrive of this.#late) this.#world.after(this.#draws.spread(1_000, 600_000), arrive);
    this.#late.clear();
  }

  /** Brings a frame; `answered` is called once, with undefined when the connection broke. It may never be called. */
  carry(
    from: string,
    to: string,
    what: string,
    frame: Uint8Array,
    answered: (answer: PeerAnswer | undefined) => void,
  ): void {
    let isTold = false;
    const once = (answer: PeerAnswer | undefined): void => {
      if (!isTold) answered(answer);
      isTold = true;
    };
    const copies = this.#happens('repeat') ? 2 : 1;
    if (copies > 1) this.#world.count('network.repeated');
    for (let copy = 0; copy < copies; copy += 1) this.#request(from, to, what, frame, once);
  }

  #request(
    from: string,
    to: string,
    what: string,
    frame: Uint8Array,
    answered: (answer: PeerAnswer | undefined) => void,
  ): void {
    if (this.#isCut(from, to) || this.#happens('loss')) return this.#drop(from, to);
    const isDamaged = this.#happens('damage');
    const bytes = isDamaged ? this.#damaged(frame) : frame;
    this.#arrive(() => {
      if (this.#isCut(from, to)) return this.#drop(from, to);
      const answer = this.#deliver(to, from, what, bytes);
      if (!answer) return this.#arrive(() => answered(undefined));
      // A node that cannot read its database answers 500.
      const failed: FrameAnswer = { status: 500, type: 'text/plain', body: new Uint8Array() };
      void answer
        .catch(() => failed)
        .then((one) => {
          this.#world.note('answer', from, to, one.status, one.body.length);
          // TLS breaks off at a damaged record: whoever sent it learns nothing.
          if (!isDamaged) this.#answer(from, to, one, answered);
        });
    });
  }

  #answer(from: string, to: string, answer: FrameAnswer, answered: (answer: PeerAnswer) => void): void {
    if (this.#isCut(to, from) || this.#happens('loss')) return this.#drop(to, from);
    const { status, retryAfterMs } = answer;
    const body = this.#happens('damage') ? this.#damaged(answer.body) : answer.body;
    const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
    this.#unhurried(to, () => this.#arrive(() => answered({ status, body, ...wait })));
  }

  #unhurried(member: string, run: () => void): void {
    const slow = this.#slow.get(member);
    if (!slow || this.#world.now >= slow.until) return run();
    this.#world.count('network.slow');
    this.#world.after(slow.ms * (0.5 + this.#draws.unit()), run);
  }

  #arrive(run: () => void): void {
    const { faults } = this;
    if (!faults || !this.#happens('late')) {
      this.#world.after(this.#draws.spread(1, 60), run);
      return;
    }
    this.#world.count('network.late');
    const arrive = (): void => {
      if (this.#late.delete(once)) run();
    };
    const once = (): void => run();
    this.#late.add(once);
    this.#world.after(this.#draws.spread(5_000, faults.lateMaxMs), arrive);
  }

  #drop(from: string, to: string): void {
    this.#world.count('network.lost');
    this.#world.note('lost', from, to);
  }

  #isCut(from: string, to: string): boolean {
    return this.#world.now < (this.#cut.get(`${from} ${to}`) ?? 0);
  }

  #happens(what: 'loss' | 'repeat' | 'late' | 'damage'): boolean {
    const probability = this.faults?.[what] ?? 0;
    return probability > 0 && this.#draws.happens(probability);
  }

  #damaged(bytes: Uint8Array): Uint8Array {
    this.#world.count('network.damaged');
    if (bytes.length === 0) return bytes;
    if (this.#draws.happens(0.3)) return bytes.subarray(0, this.#draws.whole(0, bytes.length - 1));
    const copy = Uint8Array.from(bytes);
    const at = this.#draws.whole(0, bytes.length - 1);
    copy[at] = (copy[at] ?? 0) ^ (1 << this.#draws.whole(0, 7));
    return copy;
  }
}
