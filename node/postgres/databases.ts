import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { type Client, escapeIdentifier, escapeLiteral } from 'pg';
import {
  askOne,
  type DatabaseAddress,
  type DatabaseRole,
  type NodeDatabase,
  withConnection,
} from './connection.ts';
import { codeOf, SetupError } from './setup-error.ts';

/** One node's database and its own role; the passwords of the two roles beside it are made anew when not given. */
export type DatabaseWish = {
  name: string;
  role: string;
  password: string;
  ownerPassword?: string;
  retentionPassword?: string;
};

/** The oldest PostgreSQL that the schema runs on. */
const majorMin = 15;

/**
 * Makes roles and database when they are missing, sets the roles' passwords, closes the database to others, and returns the address
 * that the node uses. The node's own role owns nothing: `<role>_owner` makes the tables, `<role>_retention` erases what is over its
 * term, so that whoever speaks as the node cannot take a journal's rows back (threat 57). Run again it changes nothing else.
 */
export async function ensureDatabase(admin: DatabaseAddress, wish: DatabaseWish): Promise<NodeDatabase> {
  const { name, role, password } = wish;
  const owner = { user: `${role}_owner`, password: wish.ownerPassword ?? freshPassword() };
  const retention = { user: `${role}_retention`, password: wish.retentionPassword ?? freshPassword() };
  const there = { ...admin, database: name };
  await withConnection(admin, async (client) => {
    for (const one of [{ user: role, password }, owner, retention]) await ensureRole(client, admin, one);
    // Who is no superuser gives things only to roles that it is a member of.
    if (!(await isSuperuser(client))) await client.query(`grant ${names(role, owner.user)} to current_user`);
    if (await exists(client, 'select 1 from pg_database where datname = $1', name)) return;
    const locale = await localeWords(client);
    await client.query(`create database ${names(name)} owner ${names(owner.user)} ${locale}`);
  });
  await withConnection(there, async (client) => {
    // What an earlier program made belongs to the node's own role.
    await client.query(`reassign owned by ${names(role)} to ${names(owner.user)}`);
    await client.query(`revoke all on database ${names(name)} from public`);
    await client.query(`grant connect on database ${names(name)} to ${names(role, retention.user)}`);
  });
  return { ...there, user: role, password, owner, retention };
}

async function ensureRole(
  client: Client,
  admin: DatabaseAddress,
  { user, password }: DatabaseRole,
): Promise<void> {
  const verifier = escapeLiteral(scramVerifier(password));
  const known = await exists(client, 'select 1 from pg_roles where rolname = $1', user);
  await client
    .query(`${known ? 'alter' : 'create'} role ${names(user)} login password ${verifier}`)
    .catch((error: unknown) => {
      throw known && codeOf(error) === '42501' ? roleTaken(admin, user, error) : error;
    });
}

const freshPassword = (): string => randomBytes(24).toString('base64url');

const names = (...all: readonly string[]): string => all.map((one) => escapeIdentifier(one)).join(', ');

/** Removes a node's database and its roles with everything in them. */
export async function dropDatabase(
  admin: DatabaseAddress,
  wish: { name: string; role: string },
): Promise<void> {
  await withConnection(admin, async (client) => {
    await client.query(`drop database if exists ${escapeIdentifier(wish.name)} with (force)`);
    for (const role of [wish.role, `${wish.role}_owner`, `${wish.role}_retention`])
      await client.query(`drop role if exists ${escapeIdentifier(role)}`);
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
