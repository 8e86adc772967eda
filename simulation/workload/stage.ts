import type { SystemType } from '@yitong/kit';
import type { Draws } from '../chance.ts';
import type { Clients } from '../client.ts';
import type { Member } from '../member.ts';
import type { Readers } from '../readers.ts';
import type { World } from '../world.ts';

/** Where stories play. */
export interface Stage {
  readonly world: World;
  readonly draws: Draws;
  readonly clients: Clients;
  readonly readers: Readers;
  readonly members: readonly Member[];
  /** At which of them people act; everywhere unless it says so. */
  readonly at?: readonly Member[];
  readonly systems: readonly SystemType[];
  /** People act at whole multiples of so many ms. */
  readonly stepMs: number;
  /** Stories of the largest kind; all else is in proportion. */
  readonly bills: number;
  /** Number of the first bill, so that no story is about another's; 0 unless it says so. */
  readonly first?: number;
}

/** Commands that someone gives one after another, each once the one before has ended. */
export type Story = () => Promise<void>;

/** Milliseconds from now to the step that follows a virtual time. */
export function untilStep({ world, stepMs }: Pick<Stage, 'world' | 'stepMs'>, at: number): number {
  return Math.ceil(at / stepMs) * stepMs - world.now;
}

/** Residents, and other subjects of each kind, that the demonstration enters at each member. */
export function subjectsEach(bills: number): number {
  return Math.max(2, Math.min(8, Math.ceil(bills / 8)));
}
/** Seed of the demonstration that all runs share. */
export const demonstrationSeed = 1;
