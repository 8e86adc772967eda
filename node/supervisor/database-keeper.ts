import { connectPostgres, type Postgres, startPostgres } from '../postgres/postgres.ts';
import { describe } from '../postgres/setup-error.ts';

/** A server that is started again when its process is gone; an external one is only used. */
export type KeptPostgres = {
  server(): Postgres;
  stop(force: boolean): Promise<void>;
};

const lookMs = 500;

/** Starts, adopts or connects to the server and, when it is embedded, keeps it running. */
export async function keepPostgres(
  where: { dataDir: string; url: string | undefined },
  notice: (text: string) => void,
): Promise<KeptPostgres> {
  const { dataDir, url } = where;
  let server = url === undefined ? await startPostgres({ dataDir }) : await connectPostgres(url);
  let starting: Promise<void> | undefined;
  const restart = async () => {
    notice('PostgreSQL has ended; starting it again');
    try {
      server = await startPostgres({ dataDir });
      notice('PostgreSQL runs again');
    } catch (error) {
      notice(`PostgreSQL: ${describe(error)}; trying again`);
    }
    starting = undefined;
  };
  // Also an adopted server, which is no child and sends no event, must be seen to end.
  const look = setInterval(() => {
    if (starting === undefined && !server.isRunning()) starting = restart();
  }, lookMs);
  const abandon = () => server.abandon();
  process.once('exit', abandon);
  return {
    server: () => server,
    stop: async (force) => {
      clearInterval(look);
      await starting;
      if (force) server.abandon();
      else await server.stop();
      process.off('exit', abandon);
    },
  };
}
