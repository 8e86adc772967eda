import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from '@yitong/kit';
import { systems } from '@yitong/systems';
import { Client } from 'pg';
import { addressOf } from '../compose.ts';
import { readNodeConfig } from '../config.ts';
import { type RunningIssuer, startIssuer } from '../issuer/issuer.ts';
import { memberFiles } from '../supervisor/layout.ts';
import { openTerms } from '../supervisor/terms.ts';
import { type RunningRegion, up } from '../supervisor/up.ts';
import { tokenFrom } from '../testing/token.ts';
import { hospital, registrations } from './samples.ts';

/** Place of care, insured place, and the member that is hostile or down. */
export const care = '340000';
/** The insured place. */
export const insured = '310000';
/** A member whose process stands still: its keys are used by the tests, its node answers nobody. */
export const third = '330000';

const members = [
  { code: insured, name: { zh: '上海市', en: 'Shanghai' } },
  { code: third, name: { zh: '浙江省', en: 'Zhejiang' } },
  { code: care, name: { zh: '安徽省', en: 'Anhui' } },
];
const audience = 'yitong:test';

/** What a node's database holds: messages taken, records, and rows of money. */
export interface Stored {
  readonly messages: number;
  readonly records: number;
  readonly money: number;
}

/** Real nodes on real PostgreSQL, and the people who use them. */
export class BadInputRegion {
  readonly #region: RunningRegion;
  readonly #issuer: RunningIssuer;
  readonly #tokens = new Map<string, string>();
  readonly #databases = new Map<string, Promise<Client>>();
  #ids = 0;

  private constructor(region: RunningRegion, issuer: RunningIssuer) {
    this.#region = region;
    this.#issuer = issuer;
  }

  static async start(): Promise<BadInputRegion> {
    const dataDir = mkdtempSync(join(tmpdir(), 'yitong-bad-input-'));
    const started: RunningIssuer[] = [];
    const region = await up({
      dataDir,
      region: 'test',
      members,
      terms: openTerms(systems),
      fresh: false,
      demonstration: true,
      audience,
      logLevel: 'trace',
      async startIssuer(at) {
        const issuer = await startIssuer({
          ...at,
          members,
          systems,
          audience,
          demonstration: true,
          scale: 5,
        });
        started.push(issuer);
        return issuer;
      },
      report: { step: () => undefined, notice: () => undefined },
    });
    const [issuer] = started;
    if (!issuer) throw new Error('the issuer was not started');
    const made = new BadInputRegion(region, issuer);
    await made.#prepare();
    return made;
  }

  async #prepare(): Promise<void> {
    const give = async (account: string, command: string, input: unknown): Promise<void> => {
      const answer = await fetch(`${this.url(account.slice(0, 6))}/medical-settlement/${command}`, {
        method: 'POST',
        headers: {
          authorization: await this.bearer(account),
          'content-type': 'application/json',
          prefer: 'wait=10',
        },
        body: JSON.stringify(input),
      });
      if (answer.status !== 200) throw new Error(`${command}: ${answer.status} ${await answer.text()}`);
    };
    await give(`${care}-medical-settlement-clerk`, 'register-institution', hospital);
    for (const [command, input] of registrations)
      await give(`${insured}-medical-settlement-clerk`, command, input);
  }

  get dataDir(): string {
    return this.#region.dataDir;
  }

  get directory(): RunningRegion['directory'] {
    return this.#region.directory;
  }

  get issuer(): string {
    return this.#issuer.url;
  }

  url(member: string): string {
    return this.#of(member).url;
  }

  exchangeUrl(member: string): string {
    return this.#of(member).exchangeUrl;
  }

  pid(member: string): number {
    return this.#of(member).pid() ?? 0;
  }

  /** A member's resident memory in MiB. */
  memoryMb(member: string): number {
    const text = readFileSync(`/proc/${this.pid(member)}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(text)?.[1]) / 1024;
  }

  /** The token of an account of the demonstration, as the header wants it. */
  async bearer(id: string): Promise<string> {
    const known = this.#tokens.get(id);
    if (known !== undefined) return known;
    const token = await tokenFrom(this.#issuer, id);
    this.#tokens.set(id, token);
    return token;
  }

  /** Counts what a node has stored; asks its database, not the node. */
  async stored(member: string): Promise<Stored> {
    const client = await this.#database(member);
    const { rows } = await client.query<{ name: string }>(
      "select tablename as name from pg_tables where schemaname = current_schema() and tablename !~ '_[0-9]+$'",
    );
    const sum = (which: (name: string) => boolean): string =>
      rows.flatMap(({ name }) => (which(name) ? [`(select count(*) from ${name})`] : [])).join(' + ');
    const counts = {
      messages: sum((name) => name === 'seen'),
      records: sum((name) => name.startsWith('r_')),
      money: sum((name) => ['posting', 'hold', 'balance'].includes(name)),
    };
    const parts = Object.entries(counts).map(([what, count]) => `(${count})::int as ${what}`);
    const found = await client.query<Stored>(`select ${parts.join(', ')}`);
    return found.rows[0] ?? { messages: 0, records: 0, money: 0 };
  }

  /** Rows of records by table, which is named after the record type: `r_<system>_<record>`. */
  async records(member: string): Promise<Readonly<Record<string, number>>> {
    const client = await this.#database(member);
    const { rows } = await client.query<{ name: string }>(
      "select tablename as name from pg_tables where schemaname = current_schema() and starts_with(tablename, 'r_') and tablename !~ '_[0-9]+$'",
    );
    const counts = rows.map(({ name }) => `select '${name}' as name, count(*)::int as count from ${name}`);
    const found = await client.query<{ name: string; count: number }>(counts.join(' union all '));
    return Object.fromEntries(found.rows.map(({ name, count }) => [name, count]));
  }

  #database(member: string): Promise<Client> {
    const open = this.#databases.get(member) ?? connected(addressOf(readNodeConfig(this.#of(member).config)));
    this.#databases.set(member, open);
    return open;
  }

  /** All that any process of the region has written: logs and output. */
  written(): string {
    return members
      .flatMap(({ code }) => [this.#of(code).log, memberFiles(this.dataDir, code).output])
      .filter((path) => existsSync(path))
      .map((path) => readFileSync(path, 'utf8'))
      .join('\n');
  }

  /** All that must stand in no log: tokens, secrets of accounts, keys. */
  secrets(): readonly string[] {
    const accounts = this.#issuer.accounts.map(({ secret }) => secret);
    const tokens = [...this.#tokens.values()].map((token) => token.split('.')[2] ?? token);
    const keys = members.flatMap(({ code }) => {
      const files = memberFiles(this.dataDir, code);
      const { secret } = z
        .object({ secret: z.string() })
        .parse(JSON.parse(readFileSync(files.batchKey, 'utf8')));
      return [secret, readFileSync(files.databasePassword, 'utf8').trim()];
    });
    return [...accounts, ...tokens, ...keys].filter((secret) => secret.length > 8);
  }

  /** A fresh UUIDv7. */
  newId(): string {
    this.#ids += 1;
    const time = Date.now().toString(16).padStart(12, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${String(this.#ids).padStart(12, '0')}`;
  }

  /** Stops a member's process, as a machine that hangs would; `goOn` ends that. */
  hang(member: string): { goOn(): void } {
    const pid = this.pid(member);
    process.kill(pid, 'SIGSTOP');
    return { goOn: () => process.kill(pid, 'SIGCONT') };
  }

  async stop(): Promise<void> {
    for (const database of this.#databases.values()) await (await database).end();
    await this.#region.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  #of(member: string) {
    const found = this.#region.members.find(({ code }) => code === member);
    if (!found) throw new Error(`no member ${member}`);
    return found;
  }
}

async function connected(address: ReturnType<typeof addressOf>): Promise<Client> {
  const client = new Client(address);
  await client.connect();
  return client;
}
