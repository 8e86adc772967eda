import { hash } from 'node:crypto';
import type { Chance } from '@yitong/kernel';

/** Randomness from a seed: the same seed and name give the same draws on every machine. */
export class Draws implements Chance {
  #state: number;
  readonly #seed: number;
  readonly #name: string;

  /** Each name is a stream of its own, so that one kind of fault more does not change all the others. */
  constructor(seed: number, name: string) {
    this.#seed = seed;
    this.#name = name;
    this.#state = hash('sha256', `${seed} ${name}`, 'buffer').readInt32BE(0);
  }

  /** A stream of its own below this one. */
  stream(name: string): Draws {
    return new Draws(this.#seed, `${this.#name} ${name}`);
  }

  /** 0 ≤ x < 1, by mulberry32. */
  unit(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number, both ends included. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.unit() * (most - least + 1));
  }

  /** Whether something of this probability happens. */
  happens(probability: number): boolean {
    return this.unit() < probability;
  }

  /** One of a list. Errors: an empty list. */
  pick<T>(of: readonly T[]): T {
    const found = of[Math.floor(this.unit() * of.length)];
    if (found === undefined) throw new RangeError('nothing to pick from');
    return found;
  }

  /** Between `least` and `most`, small values far more often: each factor of ten is equally likely. */
  spread(least: number, most: number): number {
    return least * (most / least) ** this.unit();
  }

  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => Math.floor(this.unit() * 256));
  }
}
