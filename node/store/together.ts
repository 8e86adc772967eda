import { type Client, type Connection, Query } from 'pg';
import type { Statement } from './table.ts';

/** How statements given together ended: how many were done, and what stopped the rest. */
export interface Ended {
  readonly done: number;
  readonly error?: unknown;
}

/**
 * Gives the server statements as one transaction: it begins with the first, ends with the one Sync behind the last, and is rolled back
 * whole when one fails. The server answers all of them at once, where a Sync behind each would cost both sides a system call.
 * Given in one synchronous stretch; no rows are asked for.
 */
export async function together(client: Client, statements: readonly Statement[]): Promise<Ended> {
  const { stream } = client.connection;
  const fresh = unprepared(client.connection, statements);
  stream.cork();
  // Before the transaction and behind a Sync of their own: they stay prepared whatever becomes of it.
  const prepared = fresh.length > 0 ? client.query(new Sequence(fresh, prepare)).ended : undefined;
  const { ended } = client.query(new Sequence(statements, execute));
  stream.uncork();
  const failure = (await prepared)?.error;
  return failure === undefined ? ended : { done: 0, error: failure };
}

/** Names of what each connection has prepared; another connection knows none of them. */
const names = new WeakMap<Connection, Set<string>>();

/** Statements that this connection has not prepared, noted as prepared from now on. */
function unprepared(connection: Connection, statements: readonly Statement[]): readonly Statement[] {
  const known = names.get(connection) ?? new Set<string>();
  names.set(connection, known);
  const fresh = statements.filter(({ name }) => !known.has(name));
  for (const { name } of fresh) known.add(name);
  return fresh;
}

function prepare(connection: Connection, { name, text }: Statement): void {
  connection.parse({ name, text, types: [] }, true);
}

function execute(connection: Connection, { name, values }: Statement): void {
  connection.bind({ statement: name, values: values.map(wire) }, true);
  connection.execute({}, true);
}

function wire(value: unknown): Buffer | string {
  if (Buffer.isBuffer(value)) return value;
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return String(value);
}

/** Steps with one Sync behind the last, as the driver takes a query; none leaves a portal open behind it. */
class Sequence extends Query {
  readonly ended: Promise<Ended>;
  readonly #statements: readonly Statement[];
  readonly #step: (connection: Connection, statement: Statement) => void;
  #end: (ended: Ended) => void = () => undefined;
  #done = 0;

  constructor(
    statements: readonly Statement[],
    step: (connection: Connection, statement: Statement) => void,
  ) {
    super('');
    this.#statements = statements;
    this.#step = step;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  override submit = (connection: Connection): void => {
    for (const statement of this.#statements) this.#step(connection, statement);
    connection.sync();
  };

  handleDataRow(): void {
    // Rows say nothing here: a statement is done or it failed.
  }

  handleCommandComplete(): void {
    this.#done++;
  }

  handleError(error: unknown): void {
    this.#end({ done: this.#done, error });
  }

  handleReadyForQuery(): void {
    this.#end({ done: this.#done });
  }
}
