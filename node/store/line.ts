import { Client, type QueryResult } from 'pg';
import type { DatabaseAddress } from '../postgres/connection.ts';
import type { Raw, Statement } from './table.ts';

/** What a connection is used for, as the server's activity view shows it, and how long one statement may take, in ms. */
export interface LineUse {
  readonly name: string;
  readonly statementMs: number;
  /** Statements look up keys only: the planner must never think a table small that has grown since. */
  readonly keysOnly: boolean;
  /** All statements read one moment's state, and none writes. */
  readonly moment?: true;
}

/** A statement without a name is planned each time. */
export type Query = Statement | { readonly text: string; readonly values: unknown[] };

/**
 * One pipelined connection that comes back after a break: what was under way fails, the next use connects again.
 * Statements given in one synchronous stretch reach the server in that order with nothing between them.
 */
export class Line {
  readonly #address: DatabaseAddress;
  readonly #use: LineUse;
  #client: Client | undefined;
  #opening: Promise<Client> | undefined;
  #closed = false;

  constructor(address: DatabaseAddress, use: LineUse) {
    this.#address = address;
    this.#use = use;
  }

  /** The connection, opened when there is none. Errors: whatever keeps it from opening. */
  async client(): Promise<Client> {
    if (this.#closed) throw new Error('the store is closed');
    if (this.#client) return this.#client;
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  /** Runs one statement that may be run twice: a connection found broken is opened again once. Errors: the server's; `StoreAway`. */
  async ask(query: Query): Promise<readonly Raw[]> {
    try {
      return await this.#run(query).catch((error: unknown) => {
        if (this.#closed || !isBroken(error)) throw error;
        return this.#run(query);
      });
    } catch (error) {
      throw isBroken(error) ? new StoreAway(error) : error;
    }
  }

  /** Cuts a connection whose state is in doubt. */
  drop(client: Client): void {
    this.#forget(client);
    client.connection.stream.destroy();
  }

  /** Closes the connection until it is needed again; what is under way finishes first. */
  async rest(): Promise<void> {
    const client = this.#client;
    if (client) await this.#end(client);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const client = await (this.#opening?.catch(() => undefined) ?? this.#client);
    if (client) await this.#end(client);
  }

  async #end(client: Client): Promise<void> {
    this.#forget(client);
    // What is under way may finish; a server that no longer answers is not waited for.
    const cut = setTimeout(() => client.connection.stream.destroy(), closeMs);
    await client.end().catch(() => undefined);
    clearTimeout(cut);
  }

  async #run(query: Query): Promise<readonly Raw[]> {
    const client = await this.client();
    const { stream } = client.connection;
    // What is asked in one turn goes out in one write.
    if (stream.writableCorked === 0) {
      stream.cork();
      process.nextTick(() => stream.uncork());
    }
    const result: QueryResult<Record<string, unknown>> = await client.query(query);
    return result.rows;
  }

  async #open(): Promise<Client> {
    const client = new Client({
      ...this.#address,
      application_name: `yitong ${this.#use.name}`,
      connectionTimeoutMillis: 5_000,
      statement_timeout: this.#use.statementMs,
      // A process that stands still in mid-commit has lost its leases by then: who follows it must not wait for its locks.
      idle_in_transaction_session_timeout: leaseMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      pipeline: true,
    });
    // Without listeners a server that stops would end this process (57P01).
    client.on('error', () => this.#forget(client));
    client.on('end', () => this.#forget(client));
    client.setTypeParser(jsonbOid, (text) => text);
    await client.connect();
    await client.query(this.#use.keysOnly ? keysOnlySettings : settings);
    if (this.#use.moment) await client.query(beginMoment);
    if (this.#closed) await client.end();
    else this.#client = client;
    return client;
  }

  #forget(client: Client): void {
    if (this.#client === client) this.#client = undefined;
  }
}

/** The database cannot be reached, or this node has closed its connections. */
export class StoreAway extends Error {
  override readonly name = 'StoreAway';

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : 'the database is away', { cause });
  }
}

/** How long a lease lasts without being renewed (K35), in ms by the database's clock. */
export const leaseMs = 5_000;

const jsonbOid = 3802;
const closeMs = 5_000;
const settings = `set jit = off; set timezone = 'UTC'; set bytea_output = 'hex'; set client_min_messages = 'warning'`;
const beginMoment =
  'set idle_in_transaction_session_timeout = 0; begin transaction isolation level repeatable read, read only';
const keysOnlySettings = `${settings}; set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off`;

/** The SQLSTATE of an error of the server; undefined when the error is the connection's (`EPIPE` only looks like one). */
export function sqlState(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  return /^(?!E)[0-9A-Z]{5}$/.test(error.code) ? error.code : undefined;
}

/** Whether the connection, not the statement, is at fault: it broke, or the server ends or may not write. */
export function isBroken(error: unknown): boolean {
  const state = sqlState(error);
  return state === undefined || state.startsWith('08') || state.startsWith('57P') || state === '25006';
}
