import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { type Client, escapeIdentifier, escapeLiteral } from 'pg';
import { askOne, type DatabaseAddress, withConnection } from './connection.ts';
import { codeOf, SetupError } from './setup-error.ts';

/** One node's database and the role that owns it. */
export type DatabaseWish = { name: string; role: string; password: string };

/** The oldest PostgreSQL that the schema runs on. */
const majorMin = 15;

/**
 * Makes role and database when they are missing, sets the role's password, closes the database to others, and
 * returns the address that the node uses. Run again it changes nothing else.
 */
export async function ensureDatabase(admin: DatabaseAddress, wish: DatabaseWish): Promise<DatabaseAddress> {
  const [database, role] = [escapeIdentifier(wish.name), escapeIdentifier(wish.role)];
  await withConnection(admin, async (client) => {
    const verifier = escapeLiteral(scramVerifier(wish.password));
    const known = await exists(client, 'select 1 from pg_roles where rolname = $1', wish.role);
    await client
      .query(`${known ? 'alter' : 'create'} role ${role} login password ${verifier}`)
      .catch((error: unknown) => {
        throw known && codeOf(error) === '42501' ? roleTaken(admin, wish.role, error) : error;
      });
    if (!(await exists(client, 'select 1 from pg_database where datname = $1', wish.name))) {
      // Only a superuser may make a database for a role that it is not a member of.
      if (!(await isSuperuser(client))) await client.query(`grant ${role} to current_user`);
      await client.query(`create database ${database} owner ${role} ${await localeWords(client)}`);
    }
    await client.query(`revoke connect on database ${database} from public`);
  });
  return { ...admin, user: wish.role, password: wish.password, database: wish.name };
}

/** Removes a node's database and role with everything in them. */
export async function dropDatabase(
  admin: DatabaseAddress,
  wish: { name: string; role: string },
): Promise<void> {
  await withConnection(admin, async (client) => {
    await client.query(`drop database if exists ${escapeIdentifier(wish.name)} with (force)`);
    await client.query(`drop role if exists ${escapeIdentifier(wish.role)}`);
  });
}

/** Checks a server that somebody else runs: version and rights; returns its version. Throws `SetupError`. */
export async function checkServer(admin: DatabaseAddress): Promise<string> {
  return withConnection(admin, async (client) => {
    const version = await askOne(client, 'show server_version');
    if (Number.parseInt(version, 10) < majorMin) {
      throw new SetupError({
        code: 'postgres-too-old',
        reason: `--postgres: the server is PostgreSQL ${version}`,
        remedy: `use PostgreSQL ${majorMin} or newer`,
      });
    }
    const may =
      'select rolsuper or (rolcreatedb and rolcreaterole) from pg_roles where rolname = current_user';
    if ((await askOne(client, may)) === 'true') return version;
    throw new SetupError({
      code: 'postgres-rights',
      reason: `--postgres: role ${admin.user} may not create roles and databases`,
      remedy: `run as its superuser: alter role ${escapeIdentifier(admin.user)} createdb createrole`,
    });
  });
}

/** Same order on every platform and version: code points, which ICU's and the system's locales are not. */
async function localeWords(client: Client): Promise<string> {
  const number = Number(await askOne(client, 'show server_version_num'));
  const locale =
    number >= 170_000
      ? `locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'`
      : `locale_provider libc lc_collate 'C' lc_ctype 'C'`;
  return `template template0 encoding 'UTF8' ${locale}`;
}

function roleTaken(admin: DatabaseAddress, role: string, cause: unknown): SetupError {
  const problem = {
    code: 'role-taken',
    reason: `role ${role} is there already and ${admin.user} may not set its password`,
    remedy: `run as its superuser: grant ${escapeIdentifier(role)} to ${escapeIdentifier(admin.user)} with admin option`,
  };
  return new SetupError(problem, cause);
}

async function isSuperuser(client: Client): Promise<boolean> {
  return (await askOne(client, 'select rolsuper from pg_roles where rolname = current_user')) === 'true';
}

async function exists(client: Client, text: string, name: string): Promise<boolean> {
  const { rowCount } = await client.query(text, [name]);
  return rowCount !== null && rowCount > 0;
}

/** RFC 5802/7677: the server stores this anyway; sent ready-made, no log can ever show the password. */
function scramVerifier(password: string): string {
  const salt = randomBytes(16);
  const rounds = 4096;
  const salted = pbkdf2Sync(password, salt, rounds, 32, 'sha256');
  const hmac = (text: string) => createHmac('sha256', salted).update(text).digest();
  const stored = createHash('sha256').update(hmac('Client Key')).digest('base64');
  const server = hmac('Server Key').toString('base64');
  return `SCRAM-SHA-256$${rounds}:${salt.toString('base64')}$${stored}:${server}`;
}
