import type { World } from './world.ts';

/** Virtual time zero of every run, ms since 1970: the demonstration's bills lie before it, a month ends soon after. */
export const epochMs = 1_792_900_800_000; // 2026-10-25T04:00:00Z, noon in Shanghai

/** The clock of a member's machine: off by an offset, drifting, jumping. */
export class MachineClock {
  readonly #world: World;
  /** Parts by which it runs fast (or slow) beside true time. */
  readonly drift: number;
  #offsetMs: number;
  #highestMs: number;

  constructor(world: World, drift: number, offsetMs: number) {
    this.#world = world;
    this.drift = drift;
    this.#offsetMs = offsetMs;
    this.#highestMs = offsetMs;
  }

  wall(): number {
    return Math.floor(epochMs + this.monotonic() + this.#offsetMs);
  }

  jump(byMs: number): void {
    this.#offsetMs += byMs;
    this.#highestMs = Math.max(this.#highestMs, this.#offsetMs);
  }

  /** The latest time that it shows by now, or would show without its jumps back: a node in doubt goes by what it showed before. */
  get newest(): number {
    return Math.floor(epochMs + this.monotonic() + this.#highestMs);
  }

  monotonic(): number {
    return this.#world.now * (1 + this.drift);
  }

  /** True milliseconds in which this clock shows so many. */
  true(ms: number): number {
    return ms / (1 + this.drift);
  }
}
