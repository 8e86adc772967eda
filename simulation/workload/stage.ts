import type { SystemType } from '@yitong/kit';
import type { Draws } from '../chance.ts';
import type { Clients } from '../client.ts';
import type { Member } from '../member.ts';
import type { World } from '../world.ts';

/** Where stories play. */
export interface Stage {
  readonly world: World;
  readonly draws: Draws;
  readonly clients: Clients;
  readonly members: readonly Member[];
  readonly systems: readonly SystemType[];
}

/** Commands that someone gives one after another, each once the one before has ended. */
export type Story = () => Promise<void>;

/** Residents that the demonstration makes for each member. */
export const residents = 8;
/** Seed of the demonstration that all runs share. */
export const demonstrationSeed = 1;
