import type { Clock } from '../seams.ts';

/** How far the wall clock may leave the monotonic one while the node runs. */
const jumpMaxMs = 60_000;

/**
 * A wall clock held against the monotonic one (K15). When it has left it by more than a minute the time goes on as the monotonic clock
 * says, and timers stand still, until an operator accepts what the wall shows: one bad step must not expire every hold.
 */
export class GuardedClock implements Clock {
  readonly #clock: Clock;
  #wall: number;
  #monotonic: number;
  #jumpedMs: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#wall = clock.now();
    this.#monotonic = clock.monotonic();
  }

  now(): number {
    const wall = this.#clock.now();
    const expected = Math.floor(this.#wall + this.#clock.monotonic() - this.#monotonic);
    const left = wall - expected;
    if (Math.abs(left) > jumpMaxMs) this.#jumpedMs ??= left;
    return this.#jumpedMs === undefined ? wall : expected;
  }

  monotonic(): number {
    return this.#clock.monotonic();
  }

  after(ms: number, run: () => void): () => void {
    return this.#clock.after(ms, run);
  }

  /** By how much the wall clock left the monotonic one, in ms, when that is undecided. */
  jumped(): number | undefined {
    this.now();
    return this.#jumpedMs;
  }

  /** The wall clock is right: time goes on from what it shows now. */
  accept(): void {
    this.#wall = this.#clock.now();
    this.#monotonic = this.#clock.monotonic();
    this.#jumpedMs = undefined;
  }
}
