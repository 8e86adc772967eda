import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import type { Address } from './database.ts';
import { inputOf } from './notes.ts';

/**
 * The baseline: what a program without batches does for the same message, on `connections` at once. One transaction each: the
 * message itself, its document, two postings. It keeps no balances and looks no id up, so it does less than the node.
 */
export async function oneByOne(
  address: Address,
  connections: number,
  seconds: number,
): Promise<{ readonly count: number; readonly wallMs: number }> {
  const clients = await Promise.all(Array.from({ length: connections }, () => opened(address)));
  try {
    await clients[0]?.query(tables);
    let next = 0;
    const begun = performance.now();
    const until = begun + seconds * 1000;
    const work = async (client: Client): Promise<void> => {
      while (performance.now() < until) await write(client, next++);
    };
    await Promise.all(clients.map(work));
    return { count: next, wallMs: performance.now() - begun };
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}

const tables = `create table message (id uuid primary key, body text not null);
  create table document (subject text primary key, version int not null, body jsonb not null);
  create table posting (transfer uuid, leg smallint, account text not null, fen bigint not null, primary key (transfer, leg))`;

const insertMessage = { name: 'message', text: 'insert into message values ($1, $2)' };
const upsertDocument = {
  name: 'document',
  text: `insert into document values ($1, 1, $2) on conflict (subject)
    do update set version = document.version + 1, body = excluded.body`,
};
const insertPostings = {
  name: 'posting',
  text: 'insert into posting values ($1, 0, $2, $3), ($1, 1, $4, -$3)',
};

async function opened(address: Address): Promise<Client> {
  // It makes its own tables, which only their owner may.
  const client = new Client({ ...address, ...address.owner });
  await client.connect();
  return client;
}

async function write(client: Client, n: number): Promise<void> {
  const input = inputOf(n);
  const body = JSON.stringify(input);
  const id = randomUUID();
  const envelope = JSON.stringify({
    id,
    source: 'yitong:310000',
    type: 'bench/note',
    subject: `person:${input['person']}`,
    time: new Date().toISOString(),
    data: input,
  });
  await client.query('begin');
  await client.query({ ...insertMessage, values: [id, envelope] });
  await client.query({ ...upsertDocument, values: [`person:${input['person']}`, body] });
  await client.query({
    ...insertPostings,
    values: [randomUUID(), 'bench/fund', input['amount'], 'bench/payable'],
  });
  await client.query('commit');
}
