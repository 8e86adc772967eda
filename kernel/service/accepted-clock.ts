import type { Actor } from '../api.ts';
import type { Environment } from '../runtime/environment.ts';
import type { PartitionWriter } from '../runtime/writer.ts';
import type { GuardedClock } from './guarded-clock.ts';

/** An operator says that a clock which jumped is right: timers run again by what it shows. False when none jumped. */
export function acceptClock(
  env: Environment & { readonly clock: GuardedClock },
  writers: readonly PartitionWriter[],
  actor: Actor,
  reason: string,
): boolean {
  const byMs = env.clock.jumped();
  if (byMs === undefined) return false;
  env.clock.accept();
  env.log.warn('clock accepted', { by: actor.id, byMs, reason: reason.slice(0, 500) });
  for (const writer of writers) writer.kick();
  return true;
}
