import { Client, type ClientConfig } from 'pg';
import { SetupError } from './setup-error.ts';

/** How to reach one database: by socket folder or host name, port, user, password and name. */
export type DatabaseAddress = {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  /** TLS to the server, as its URL asked for. */
  ssl?: boolean;
};

/** How a database role signs in. */
export type DatabaseRole = { user: string; password: string };

/** A database as its node reaches it, with the two roles beside its own: who owns the tables, who erases what is over its term. */
export type NodeDatabase = DatabaseAddress & { owner?: DatabaseRole; retention?: DatabaseRole };

/** The same database, reached by the role that its tables belong to; the node's own where there is no other. */
export function asOwner({ owner, retention: _, ...address }: NodeDatabase): DatabaseAddress {
  return { ...address, ...owner };
}

/** The same database, reached by the role that erases; undefined where there is none. */
export function asRetention({ owner: _, retention, ...address }: NodeDatabase): DatabaseAddress | undefined {
  return retention && { ...address, ...retention };
}

/** Opens one connection, runs `work` with it, closes it. */
export async function withConnection<T>(
  address: DatabaseAddress | ClientConfig,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({ connectionTimeoutMillis: 5_000, application_name: 'yitong-setup', ...address });
  // Without a listener a server that stops under the connection would end this process (57P01).
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** One value of a one-row answer as text; throws when there is none. */
export async function askOne(client: Client, text: string, values: unknown[] = []): Promise<string> {
  const { rows } = await client.query<Record<string, unknown>>(text, values);
  const value = Object.values(rows[0] ?? {})[0];
  if (value === undefined || value === null) throw new Error(`no answer to ${text}`);
  return String(value);
}

/** Reads `postgres://user:password@host:port/database`; throws `SetupError` `bad-postgres-url`. */
export function parsePostgresUrl(text: string): DatabaseAddress {
  const wrong = (reason: string) =>
    new SetupError({
      code: 'bad-postgres-url',
      reason: `--postgres: ${reason}`,
      remedy: 'give postgres://user:password@host:5432/database',
    });
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw wrong('not a URL');
  }
  if (!['postgres:', 'postgresql:'].includes(url.protocol))
    throw wrong(`scheme ${url.protocol} is not postgres:`);
  const user = decodeURIComponent(url.username);
  if (user === '') throw wrong('the user is missing');
  const database = decodeURIComponent(url.pathname.slice(1));
  const mode = url.searchParams.get('sslmode');
  return {
    host: url.searchParams.get('host') ?? (decodeURIComponent(url.hostname) || 'localhost'),
    port: url.port === '' ? 5432 : Number(url.port),
    user,
    password: decodeURIComponent(url.password),
    database: database === '' ? 'postgres' : database,
    ...(mode !== null && mode !== 'disable' && mode !== 'prefer' ? { ssl: true } : {}),
  };
}
