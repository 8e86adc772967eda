import type { Commit, Tail } from '@yitong/kernel';
import { commits, type Sabotage, store, type Tools } from './sabotage.ts';

const positions = 2 ** 20;

/** Defects in when something is durable, and in what is read back of it. */
export const inStore: readonly Sabotage[] = [
  {
    name: 'skip-deduplication',
    does: 'an id that was accepted before is accepted again',
    plant: (options, tools) => {
      const blind = store(() => ({ seen: async () => [] }))(options, tools);
      return commits(({ seen, partition }, { disk }) => ({
        seen: seen.filter(({ source, id }) => !disk.partition(partition).seen.has(`${source}\n${id}`)),
      }))(blind, tools);
    },
  },
  {
    name: 'acknowledge-before-commit',
    does: 'a command is answered before it is durable',
    plant: early(({ seen, received }) => seen.length > 0 && received.length === 0),
  },
  {
    name: 'receipt-before-commit',
    does: 'a frame gets its receipt before it is durable',
    plant: early(({ received }) => received.length > 0),
  },
  {
    name: 'skip-the-fence',
    does: 'who was fenced off goes on as if it had written',
    plant: store((inner) => ({
      commit: async (commit) => {
        const answer = await inner.commit(commit);
        return answer.result === 'fenced' ? { result: 'done' } : answer;
      },
    })),
  },
  {
    name: 'believe-a-broken-connection',
    does: 'a commit whose answer got lost is taken for written',
    plant: store((inner) => ({
      commit: async (commit) => {
        const answer = await inner.commit(commit);
        return answer.result === 'unknown' ? { result: 'done' } : answer;
      },
    })),
  },
  {
    name: 'keep-half-a-commit',
    does: 'of a commit that was torn the records stay',
    plant: store((inner, { disk }) => ({
      commit: async (commit) => {
        const answer = await inner.commit(commit);
        if (disk.torn !== commit) return answer;
        disk.torn = undefined;
        const { records } = disk.partition(commit.partition);
        for (const row of commit.records) {
          const subjects = records.get(row.type) ?? new Map();
          const rows = subjects.get(row.subject) ?? new Map();
          records.set(row.type, subjects.set(row.subject, rows.set(`${row.id}\n${row.owner}`, row)));
        }
        return answer;
      },
    })),
  },
  {
    name: 'forget-the-directory',
    does: 'after a restart the directory is the one that was given at first',
    plant: store((inner) => ({
      load: async (partition, misses) => {
        const loaded = await inner.load(partition, misses);
        return { ...loaded, records: loaded.records.filter(({ type }) => type !== 'membership/version') };
      },
    })),
  },
  {
    name: 'handle-a-route-again',
    does: 'after a restart the last routed message is taken once more',
    plant: tail((one) => ({
      ...one,
      journal: { ...one.journal, routes: one.journal.routes.map((at) => Math.max(0, at - 1)) },
    })),
  },
  {
    name: 'skip-routes',
    does: 'after a restart routed messages that came meanwhile are skipped',
    plant: tail((one, { disk }) => ({
      ...one,
      journal: {
        ...one.journal,
        routes: disk.tables.partitions.map(({ journal }) => journal.length * positions),
      },
    })),
  },
  {
    name: 'forget-open-frames',
    does: 'after a restart frames without a receipt are not sent again',
    plant: tail((one) => ({ ...one, sent: one.sent.map(({ last }) => ({ last, unreceipted: [] })) })),
  },
  {
    name: 'forget-streams',
    does: 'after a restart streams of peers begin anew',
    plant: tail((one) => ({ ...one, received: [] })),
  },
  {
    name: 'sleep-through',
    does: 'after a restart timers are not waited for',
    plant: tail((one) => ({ ...one, nextDue: undefined })),
  },
  {
    name: 'load-too-little',
    does: 'a balance that is not in memory counts as nothing',
    plant: store((inner, { draws }) => ({
      load: async (partition, misses) => {
        const loaded = await inner.load(partition, misses);
        return draws.happens(0.2) ? { ...loaded, balances: [] } : loaded;
      },
    })),
  },
  {
    name: 'forget-what-is-held',
    does: 'a reservation that is not in memory is not found',
    plant: store((inner, { draws }) => ({
      load: async (partition, misses) => {
        const loaded = await inner.load(partition, misses);
        return draws.happens(0.3) ? { ...loaded, holds: [] } : loaded;
      },
    })),
  },
  {
    name: 'change-a-segment',
    does: 'a leaf of the log tree is not what the chain has',
    plant: store((inner) => ({
      checkpoint: (epoch, segments, checkpoint) =>
        inner.checkpoint(
          epoch,
          segments.map((row) => ({ ...row, last: row.last - 1 })),
          checkpoint,
        ),
    })),
  },
];

function tail(change: (tail: Tail, tools: Tools) => Tail) {
  return store((inner, tools) => ({ tail: async (partition) => change(await inner.tail(partition), tools) }));
}

/** Tells that such commits are done some time before they are written. */
function early(when: (commit: Commit) => boolean) {
  return store((inner, { later }) => {
    let before: Promise<unknown> = Promise.resolve();
    return {
      commit: async (commit) => {
        if (!when(commit)) {
          await before;
          return inner.commit(commit);
        }
        const moment = new Promise<void>((resolve) => later(200, resolve));
        before = Promise.all([before, moment]).then(() => inner.commit(commit));
        return { result: 'done' };
      },
    };
  });
}
