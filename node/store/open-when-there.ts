import { setTimeout as pause } from 'node:timers/promises';
import { StoreAway } from './line.ts';
import { openPostgresStore, type PostgresStore, type PostgresStoreOptions } from './postgres.ts';

/** A server that recovers answers within seconds; one that is not there at all should be told of before long. */
const waitMs = 30_000;
const everyMs = 250;

/**
 * Opens the store, and waits for a server that is away or starting: a node that ended instead would begin anew, which costs more than
 * waiting. Errors: the server's, when it is still away after 30 s.
 */
export async function openWhenThere(
  options: PostgresStoreOptions,
  away: (why: string) => void,
): Promise<PostgresStore> {
  const until = performance.now() + waitMs;
  for (let tries = 1; ; tries += 1) {
    try {
      return await openPostgresStore(options);
    } catch (error) {
      if (!(error instanceof StoreAway) || performance.now() > until) throw error;
      if (tries === 1) away(error.message);
      await pause(everyMs);
    }
  }
}
