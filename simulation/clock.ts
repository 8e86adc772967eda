import type { World } from './world.ts';

/** Virtual time zero of every run, ms since 1970: the demonstration's bills lie before it, a month ends soon after. */
export const epochMs = 1_792_900_800_000; // 2026-10-25T04:00:00Z, noon in Shanghai

/** The clock of a member's machine: off by an offset, drifting, jumping. */
export class MachineClock {
  readonly #world: World;
  /** Parts by which it runs fast (or slow) beside true time. */
  readonly drift: number;
  offsetMs: number;

  constructor(world: World, drift: number, offsetMs: number) {
    this.#world = world;
    this.drift = drift;
    this.offsetMs = offsetMs;
  }

  wall(): number {
    return Math.floor(epochMs + this.#world.now * (1 + this.drift) + this.offsetMs);
  }

  monotonic(): number {
    return this.#world.now * (1 + this.drift);
  }

  /** True milliseconds in which this clock shows so many. */
  true(ms: number): number {
    return ms / (1 + this.drift);
  }
}
