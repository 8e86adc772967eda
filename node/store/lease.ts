import type { Lease, Store } from '@yitong/kernel';
import { type Line, leaseMs } from './line.ts';

const span = `interval '${leaseMs} milliseconds'`;

/** The right to write partitions: rows, by the database's clock, without advisory locks. */
export function leases(line: Line): Pick<Store, 'acquire' | 'renew' | 'release' | 'places'> {
  return {
    async places() {
      const rows = await line.ask({
        name: 'lease_places',
        text: `select partition, epoch, holder, address from lease
          where holder is not null and until >= clock_timestamp() order by partition`,
        values: [],
      });
      return rows.map(({ partition, epoch, holder, address }) => ({
        partition: Number(partition),
        epoch: Number(epoch),
        holder: String(holder),
        address: String(address),
      }));
    },
    async acquire(partitions, holder, address) {
      const rows = await line.ask({
        name: 'lease_acquire',
        text: `with free as (
            select partition from lease where partition = any($1::int[]) and until < clock_timestamp()
            order by partition for update skip locked)
          update lease l set epoch = epoch + 1, holder = $2::text, address = $3::text, until = clock_timestamp() + ${span}
          from free where l.partition = free.partition returning l.partition, l.epoch`,
        values: [[...partitions], holder, address],
      });
      const taken = rows.map((row) => ({ partition: Number(row['partition']), epoch: Number(row['epoch']) }));
      return taken.sort((a, b) => a.partition - b.partition);
    },
    async renew(held, holder) {
      const rows = await line.ask({
        name: 'lease_renew',
        text: `update lease l set until = clock_timestamp() + ${span}
          from unnest($1::int[], $2::bigint[]) as mine(partition, epoch)
          where l.partition = mine.partition and l.epoch = mine.epoch and l.holder = $3::text returning l.partition`,
        values: [...columns(held), holder],
      });
      return rows.map((row) => Number(row['partition'])).sort((a, b) => a - b);
    },
    async release(held, holder) {
      await line.ask({
        name: 'lease_release',
        text: `update lease l set holder = null, address = '', until = '-infinity'
          from unnest($1::int[], $2::bigint[]) as mine(partition, epoch)
          where l.partition = mine.partition and l.epoch = mine.epoch and l.holder = $3::text`,
        values: [...columns(held), holder],
      });
    },
  };
}

function columns(held: readonly Lease[]): [number[], number[]] {
  return [held.map((lease) => lease.partition), held.map((lease) => lease.epoch)];
}
