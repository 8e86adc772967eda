import { createNode, type KernelNode, type NodeOptions, partitionOf, type Suite } from '@yitong/kernel';
import { isInstant, type MessageType, msOf } from '@yitong/kit';
import type { Sabotage } from './sabotage.ts';

const linkPrefix = 2;

/** Defects in what a node believes and in what it tells. */
export const atTheDoor: readonly Sabotage[] = [
  {
    name: 'believe-every-signature',
    does: 'signatures are not checked',
    plant: suites((suite) => ({ ...suite, verify: () => true })),
  },
  {
    name: 'forget-the-link',
    does: 'links do not depend on what they link',
    plant: suites((suite) => ({
      ...suite,
      hash: (prefix, ...parts) => suite.hash(prefix, ...(prefix === linkPrefix ? [] : parts)),
    })),
  },
  {
    name: 'keep-to-the-old-key',
    does: 'a node never signs with another key than its first',
    plant: (options) => ({ ...options, keys: () => [options.key] }),
  },
  {
    name: 'go-on-from-a-backup',
    does: 'a node does not hear what its peers hold of what it signed',
    plant: (options) => ({
      ...options,
      peers: {
        ...options.peers,
        ask: (to, what, body) =>
          what.startsWith('streams/') && what.includes('/after/')
            ? Promise.resolve({ status: 404, body: new Uint8Array() })
            : options.peers.ask(to, what, body),
      },
    }),
  },
  {
    name: 'speak-the-newest-only',
    does: 'a message is not lowered for a peer that knows its first major only',
    plant: (options) => {
      for (const { messages } of options.systems)
        for (const message of messages.values()) newestOnly(message);
      return options;
    },
  },
  {
    name: 'give-up-on-the-slow',
    does: 'a frame that got no answer in time is not brought again',
    plant: (options) => ({
      ...options,
      peers: {
        ...options.peers,
        batch: (to, frame) =>
          options.peers.batch(to, frame).catch((error: unknown) => {
            if (String(error).includes('no answer')) return new Promise<never>(() => undefined);
            throw error;
          }),
      },
    }),
  },
  {
    name: 'keep-quiet-about-lies',
    does: 'a peer that signed two heads for one place is not shown to anybody',
    plant: (options) => {
      const { log } = options;
      if (!log) throw new Error('a node of the simulation has a log');
      const error: typeof log.error = (event, facts) => {
        if (!event.includes('two heads')) log.error(event, facts);
      };
      return { ...options, log: { ...log, error } };
    },
  },
  {
    name: 'tell-the-opposite',
    does: 'now and then who was refused is told that all is done',
    wrap: (node, { draws }) => ({
      ...methods(node),
      command: async (request, waitMs) => {
        const answer = await node.command(request, waitMs);
        if (answer.state !== 'refused' || !draws.happens(0.3)) return answer;
        const { id, subject, at } = answer;
        return { state: 'done', id, subject, at, made: [] };
      },
    }),
  },
  {
    name: 'call-the-unknown-done',
    does: 'a command that may still be refused is called done',
    wrap: (node, { draws }) => ({
      ...methods(node),
      command: async (request, waitMs) => {
        const answer = await node.command(request, waitMs);
        return answer.state === 'open' && draws.happens(0.3) ? { ...answer, state: 'done' } : answer;
      },
    }),
  },
  {
    name: 'show-without-a-row',
    does: 'a record is shown and nobody notes it',
    build: (options) => {
      const node = createNode(options);
      return {
        ...methods(node),
        read: async ({ type, subject, id }) => {
          const partition = partitionOf(subject, options.partitions);
          const row = await options.reader.record(type, subject, id, partition);
          if (!row) return undefined;
          const { owner, version, at } = row;
          const value: unknown = JSON.parse(row.body ?? 'null');
          return { type, subject, id, owner, version, at: `${partition}.${at}`, value };
        },
      };
    },
  },
  {
    name: 'forge-a-purpose',
    does: 'a reading is noted under another purpose than it was made for',
    wrap: (node) => ({
      ...methods(node),
      read: (request) => node.read({ ...request, purpose: 'medical-settlement' }),
    }),
  },
  {
    name: 'show-to-strangers',
    does: 'a record is shown to whoever asks',
    wrap: (node) => ({
      ...methods(node),
      read: ({ actor, ...request }) =>
        node.read({ ...request, actor: { ...actor, roles: [...actor.roles, 'clerk', 'cashier'] } }),
    }),
  },
  {
    name: 'trust-the-senders-clock',
    does: 'the time that a peer writes into its frames is taken for the time',
    build: (options) => {
      let newest = 0;
      const now = (): number => Math.max(options.clock.now(), newest);
      const node = createNode({ ...options, clock: { ...options.clock, now } });
      return {
        ...methods(node),
        receive: (peer, frame) => {
          const time = timeOf(frame);
          if (time !== undefined && isInstant(time)) newest = Math.max(newest, msOf(time));
          return node.receive(peer, frame);
        },
      };
    },
  },
];

/** The line `time` of a frame's head. */
function timeOf(frame: Uint8Array): string | undefined {
  return /\ntime (\S+)\n/.exec(Buffer.from(frame).toString('latin1'))?.[1];
}

function suites(change: (suite: Suite) => Suite) {
  return (options: NodeOptions): NodeOptions =>
    options.suites === undefined
      ? options
      : {
          ...options,
          suites: {
            'ed25519-sha256': change(options.suites['ed25519-sha256']),
            'sm2-sm3': change(options.suites['sm2-sm3']),
          },
        };
}

/** A node's methods as an object's own, so that some can be replaced. */
function methods(node: KernelNode): KernelNode {
  return {
    blobs: node.blobs,
    start: () => node.start(),
    stop: () => node.stop(),
    command: (request, waitMs) => node.command(request, waitMs),
    outcome: (type, subject, id, waitMs) => node.outcome(type, subject, id, waitMs),
    read: (request) => node.read(request),
    way: (record, limit) => node.way(record, limit),
    trail: (at) => node.trail(at),
    placeOf: (id) => node.placeOf(id),
    compareBooks: (peer, period) => node.compareBooks(peer, period),
    history: (record, limit) => node.history(record, limit),
    noteList: (actor, purpose, type, shown) => node.noteList(actor, purpose, type, shown),
    release: (actor, position, how, reason) => node.release(actor, position, how, reason),
    acceptClock: (actor, reason) => node.acceptClock(actor, reason),
    receive: (peer, frame) => node.receive(peer, frame),
    ask: (peer, what, body) => node.ask(peer, what, body),
    sibling: (what, asked) => node.sibling(what, asked),
    question: (wish) => node.question(wish),
    directory: (version) => node.directory(version),
    membership: node.membership,
    vouching: node.vouching,
    subscribe: (...wish) => node.subscribe(...wish),
    evidence: (id) => node.evidence(id),
    checkpoint: () => node.checkpoint(),
    retain: () => node.retain(),
    rest: () => node.rest(),
    status: () => node.status(),
    metrics: () => node.metrics(),
  };
}

/** Changed in its place: what handlers send refers to it. */
function newestOnly(message: MessageType): void {
  const { before } = message;
  if (before) Object.assign(message, { before: { ...before, lower: (data: unknown) => data } });
}
