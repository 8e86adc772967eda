import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { readNodeConfig } from '@yitong/node';
import { Client } from 'pg';
import { type Address, withDatabases } from './database.ts';

/** Runs so many callers, each with one call after another, for some seconds: calls a second. */
export type PlainCalls = (callers: number, seconds: number) => Promise<number>;

/** Connections to each database. */
const connections = 16;

/**
 * The baseline of a round trip: what two programs without signatures and journals do for the same question. The asker stores the
 * command and a record, calls over HTTPS, the answerer stores question and answer, the asker the answer and the record's new state;
 * each step is a transaction. Both run in this process, so a call wakes no other.
 */
export async function withPlainCalls<T>(
  dataDir: string,
  member: string,
  run: (calls: PlainCalls) => Promise<T>,
): Promise<T> {
  const config = readNodeConfig(join(dataDir, 'nodes', member, 'config.json'));
  const tls = { key: readFileSync(config.keys.tls.key), cert: readFileSync(config.keys.tls.cert) };
  return withDatabases(async (databases) => {
    const asker = await Database.open(await databases.fresh('asker'));
    const answerer = await Database.open(await databases.fresh('answerer'));
    const server = createServer(tls, (asked, answer) => void answered(answerer, asked, answer));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const agent = new Agent({ ca: tls.cert, keepAlive: true, maxSockets: connections });
    try {
      return await run((callers, seconds) => callsOf({ asker, agent, port }, callers, seconds));
    } finally {
      agent.destroy();
      server.close();
      await Promise.all([asker.close(), answerer.close()]);
    }
  });
}

interface Way {
  readonly asker: Database;
  readonly agent: Agent;
  readonly port: number;
}

async function callsOf(way: Way, callers: number, seconds: number): Promise<number> {
  const begun = performance.now();
  let count = 0;
  const work = async (): Promise<void> => {
    for (; performance.now() < begun + 1000 * seconds; count++) await call(way);
  };
  await Promise.all(Array.from({ length: callers }, work));
  return (count * 1000) / (performance.now() - begun);
}

async function call({ asker, agent, port }: Way): Promise<void> {
  const subject = randomUUID();
  const question = JSON.stringify({
    id: randomUUID(),
    subject,
    person: '310101200002290015',
    day: '2026-11-02',
    text,
  });
  await asker.write(question, { subject, body: JSON.stringify({ state: 'asked' }) });
  const sent = request({ host: '127.0.0.1', port, agent, method: 'POST' });
  sent.end(question);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const told = await whole(answer);
  await asker.write(told, { subject, body: told });
}

async function answered(database: Database, asked: IncomingMessage, answer: ServerResponse): Promise<void> {
  const question = await whole(asked);
  const { id } = JSON.parse(question) as { readonly id: string };
  const told = JSON.stringify({ id: randomUUID(), causationid: id, state: 'entitled', text });
  await database.write(question, undefined, told);
  answer.end(told);
}

async function whole(from: AsyncIterable<unknown>): Promise<string> {
  let all = '';
  for await (const part of from) all += String(part);
  return all;
}

/** About as long as what a message holds besides. */
const text = '门诊诊察费；'.repeat(20);

const tables = `create table message (id uuid primary key, body text not null);
  create table document (subject text primary key, version int not null, body jsonb not null)`;
const insertMessage = { name: 'message', text: 'insert into message values ($1, $2)' };
const upsertDocument = {
  name: 'document',
  text: `insert into document values ($1, 1, $2) on conflict (subject)
    do update set version = document.version + 1, body = excluded.body`,
};

/** Connections of one program, each used by one transaction at a time. */
class Database {
  readonly #all: readonly Client[];
  readonly #free: Client[];
  readonly #waiting: ((client: Client) => void)[] = [];

  private constructor(clients: readonly Client[]) {
    this.#all = clients;
    this.#free = [...clients];
  }

  static async open(address: Address): Promise<Database> {
    // It makes its own tables, which only their owner may.
    const clients = Array.from({ length: connections }, () => new Client({ ...address, ...address.owner }));
    await Promise.all(clients.map((client) => client.connect()));
    await clients[0]?.query(tables);
    return new Database(clients);
  }

  /** One transaction: messages, and a document's next version. */
  async write(
    message: string,
    document: { readonly subject: string; readonly body: string } | undefined,
    reply?: string,
  ): Promise<void> {
    const client = this.#free.pop() ?? (await new Promise<Client>((resolve) => this.#waiting.push(resolve)));
    await client.query('begin');
    await client.query({ ...insertMessage, values: [randomUUID(), message] });
    if (reply !== undefined) await client.query({ ...insertMessage, values: [randomUUID(), reply] });
    if (document) await client.query({ ...upsertDocument, values: [document.subject, document.body] });
    await client.query('commit');
    const next = this.#waiting.shift();
    if (next) next(client);
    else this.#free.push(client);
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map((client) => client.end()));
  }
}
