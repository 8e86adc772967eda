import { Readable } from 'node:stream';
import type {
  Actor,
  BooksCompared,
  CommandAnswer,
  CommandRequest,
  KernelNode,
  LiveEvent,
  MemoryDatabase,
  NodeStatus,
  Reader,
  ReadRequest,
  RecordRow,
  RecordView,
  Trail,
} from '@yitong/kernel';
import { access, canonical, openMemoryStore, partitionOf } from '@yitong/kernel';
import { problem, type RecordType, zodProblem } from '@yitong/kit';
import { oversight } from '../../oversight/oversight.ts';
import { lending } from './lending.ts';
import { standInVouching } from './vouching.ts';

/** What was asked of a stand-in kernel. */
export interface Heard {
  readonly commands: { readonly request: CommandRequest; readonly waitMs: number }[];
  readonly reads: ReadRequest[];
  readonly lists: {
    readonly actor: Actor;
    readonly purpose: string;
    readonly type: string;
    readonly shown: readonly RecordView[];
  }[];
  readonly releases: unknown[];
  readonly clocks: unknown[];
}

/** A kernel that decides by the title of what is lent, over a database in memory. */
export interface StandIn {
  readonly node: KernelNode;
  readonly reader: Reader;
  readonly heard: Heard;
  status: NodeStatus;
  put(row: Partial<RecordRow> & Pick<RecordRow, 'type' | 'subject'>, value: unknown): void;
  emit(event: LiveEvent): void;
  subscribers(): number;
}

const partitions = 4;
const records: readonly RecordType[] = [lending, access, oversight].flatMap((one) => [
  ...one.records.values(),
]);

/** Id of a message in tests, as a node would mint it. */
export const someId = '019aa0c0-0000-7000-8000-000000000001';

const someTrail: Trail = {
  at: '1.1048577',
  time: '2026-03-01T00:00:00.000Z',
  batch: 1,
  partition: 1,
  outcome: 'done',
  cause: {
    id: someId,
    type: 'lending/lend',
    subject: 'person:310101199003070019',
    from: '310000',
    to: '310000',
    time: '2026-03-01T00:00:00.000Z',
  },
  bookings: [],
  made: [{ type: 'lending/loan', subject: 'person:310101199003070019', id: 'a' }],
  sent: [],
};

const someBooks: BooksCompared = {
  same: 2,
  fen: 700n,
  all: 1,
  differences: [{ transfer: someId, account: 'lending/due-to', at: '1.5', ours: 300n, theirs: null }],
};

const proofs: Pick<KernelNode, 'way' | 'trail' | 'placeOf' | 'compareBooks' | 'sibling'> = {
  placeOf: async (id) => (id === someId ? '1.1048577' : undefined),
  sibling: async () => undefined,
  way: async () => ({ steps: [], waits: [], isCut: false }),
  trail: async (at) => (at === '1.1048577' ? someTrail : undefined),
  compareBooks: async (peer) => (peer === '330000' ? someBooks : undefined),
};

/** Makes one. */
export function standIn(): StandIn {
  const { database, reader } = openMemoryStore({ partitions, records, now: () => 0 });
  const heard: Heard = { commands: [], reads: [], lists: [], releases: [], clocks: [] };
  const listeners = new Set<{ readonly type: string; readonly listener: (event: LiveEvent) => void }>();
  const made: StandIn = {
    node: nodeOf(database, heard, listeners, () => made.status),
    reader,
    heard,
    status: readyStatus,
    put: (row, value) => putRow(database, row, value),
    emit(event) {
      for (const one of listeners) if (one.type === event.type) one.listener(event);
    },
    subscribers: () => listeners.size,
  };
  return made;
}

const readyStatus: NodeStatus = {
  member: '310000',
  region: 'csj',
  directory: { version: 1, issued: '2026-01-01T00:00:00.000Z', expires: '2027-01-01T00:00:00.000Z' },
  warnings: [],
  partitions: [],
  peers: [
    { member: '330000', reachable: true, lastReceipt: 1_000, skewMs: 0, unreceipted: 0, alarms: [] },
    {
      member: '340000',
      reachable: false,
      lastReceipt: undefined,
      skewMs: undefined,
      unreceipted: 3,
      alarms: [],
    },
  ],
  held: 0,
  ready: true,
  reasons: [],
};

function putRow(
  database: MemoryDatabase,
  given: Partial<RecordRow> & Pick<RecordRow, 'type' | 'subject'>,
  value: unknown,
): void {
  const row: RecordRow = {
    id: '',
    owner: '',
    version: 1,
    at: 1_048_577,
    schema: 1,
    home: true,
    body: canonical(value),
    ...given,
  };
  const { records: tables } = database.partition(partitionOf(row.subject, partitions));
  const ofType = tables.get(row.type) ?? new Map<string, Map<string, RecordRow>>();
  const ofSubject = ofType.get(row.subject) ?? new Map<string, RecordRow>();
  ofSubject.set(`${row.id}\n${row.owner}`, row);
  ofType.set(row.subject, ofSubject);
  tables.set(row.type, ofType);
}

const standInDesk: KernelNode['membership'] = {
  state: async () => ({ inForce: 1, newest: 1, versions: [], drafts: [], conflicts: [] }),
  propose: async () => ({ state: 'done', id: someId, subject: 'edition:2', at: '0.3', made: [] }),
  sign: async () => ({ state: 'done', id: someId, subject: 'edition:2', at: '0.4', made: [] }),
  bring: async () => ({ ok: true }),
  look: () => undefined,
  committed: () => undefined,
};

const standInBlobs: KernelNode['blobs'] = {
  keep: async () => {
    throw new Error('the stand-in keeps no files');
  },
  open: async () => undefined,
  state: async () => undefined,
  give: async () => ({ status: 404, bytes: Readable.from([]) }),
};

function nodeOf(
  database: MemoryDatabase,
  heard: Heard,
  listeners: Set<{ readonly type: string; readonly listener: (event: LiveEvent) => void }>,
  status: () => NodeStatus,
): KernelNode {
  return {
    start: async () => undefined,
    stop: async () => undefined,
    async command(request, waitMs) {
      heard.commands.push({ request, waitMs });
      return answerTo(database, request);
    },
    async outcome(type, subject, id) {
      const known = type === 'lending/lend' && id === someId;
      return known ? { state: 'done', id, subject, at: '0.1', made: [] } : undefined;
    },
    async read(request) {
      heard.reads.push(request);
      return readOf(database, request);
    },
    history: async (record) => [
      { at: record.at, time: '2026-03-01T00:00:00.000Z', version: record.version, value: { price: '1' } },
      { at: '0.1', time: '2026-02-28T00:00:00.000Z', version: undefined, value: undefined },
    ],
    async noteList(actor, purpose, type, shown) {
      heard.lists.push({ actor, purpose, type, shown });
    },
    async release(actor, position, how, reason) {
      heard.releases.push({ actor, position, how, reason });
      return { state: 'done', id: someId, subject: 'book:1', at: '0.2', made: [] };
    },
    acceptClock(actor, reason) {
      heard.clocks.push({ actor, reason });
      return heard.clocks.length === 1;
    },
    receive: async () => ({ status: 200, type: 'text/plain', body: new Uint8Array() }),
    ask: async () => ({ status: 404, type: 'text/plain', body: new Uint8Array() }),
    question: async () => ({ ok: true, answers: [] }),
    directory: () => undefined,
    membership: standInDesk,
    ...proofs,
    vouching: standInVouching,
    blobs: standInBlobs,
    subscribe(filter, listener) {
      const one = { type: filter.type, listener };
      listeners.add(one);
      return () => listeners.delete(one);
    },
    evidence: async (id) => (id === someId ? { format: 'yitong-evidence/1' } : undefined),
    checkpoint: async () => 'yitong.csj.310000/journal\n1\nroot\n',
    retain: async () => ({ looked: 0, erased: 0, forgotten: 0, ids: 0, more: false }),
    rest: () => undefined,
    status,
    metrics: () => ({ messages_total: 7 }),
  };
}

function answerTo(database: MemoryDatabase, { type, id = someId, input }: CommandRequest): CommandAnswer {
  if (type === 'access/end-sessions') {
    const subject = `account:${String(Reflect.get(Object(input), 'account'))}`;
    putRow(database, { type: 'access/sessions-end', subject }, input);
    return { state: 'done', id, subject, at: '1.1048577', made: [] };
  }
  const command =
    lending.commands.get(type.slice('lending/'.length)) ??
    oversight.commands.get(type.slice('oversight/'.length));
  if (!command) throw new Error('unknown command');
  const parsed = command.input.safeParse(input);
  if (!parsed.success) return { state: 'invalid', id, problem: zodProblem(parsed.error, { input }) };
  const subject = `${command.about.kind}:${command.keyOf(parsed.data)}`;
  const common = { id, subject, at: '1.1048577' };
  const title = String(Reflect.get(Object(input), 'title'));
  if (title === 'explode') throw new Error('boom 310101199003070011');
  if (title === 'busy')
    return {
      state: 'busy',
      retryAfterMs: 1_500,
      problem: problem({ code: 'kernel/busy', title: 'Busy', status: 503 }),
    };
  if (title === 'open' || title === 'held') return { state: title, ...common, made: [] };
  if (title === 'lent-already' || title === 'banned') {
    const refusal = problem({
      code: `lending/${title}`,
      title,
      status: 409,
      errors: [{ pointer: '/title', code: title }],
      facts: { since: '2026-01-02' },
    });
    return { state: 'refused', ...common, problem: refusal };
  }
  if (command.name === 'lend') putRow(database, { type: 'lending/loan', subject, id: title }, input);
  const made = command.name === 'lend' ? [{ type: 'lending/loan', subject, id: title }] : [];
  return { state: 'done', ...common, made };
}

function readOf(database: MemoryDatabase, request: ReadRequest): RecordView | undefined {
  const record = lending.records.get(request.type.slice('lending/'.length));
  const tables = database.partition(partitionOf(request.subject, partitions)).records;
  const row = tables.get(request.type)?.get(request.subject)?.get(`${request.id}\n`);
  if (!record || !row) return undefined;
  const value: unknown = JSON.parse(row.body ?? 'null');
  const person = record.about.person
    ? request.subject.slice('person:'.length)
    : Reflect.get(Object(value), record.person ?? '');
  const { actor } = request;
  const { readers, breakGlass = [] } = record;
  const allowed = (request.emergency === undefined ? readers : breakGlass).some((role) =>
    role === 'self' ? person === actor.person : role === 'public' || actor.roles.includes(role),
  );
  if (!allowed) return undefined;
  const { type, subject, id, owner, version, at } = row;
  return { type, subject, id, owner, version, at: `1.${at}`, value };
}
