import type { LogStore } from './log-store.ts';
import type { MemoryDatabase } from './memory.ts';
import type { MemoryStep } from './memory-tables.ts';
import type { CosignatureRow } from './rows.ts';

/** The log tree in memory. */
export function memoryLog(database: MemoryDatabase, step: MemoryStep): LogStore {
  return {
    async segments() {
      await step('segments');
      const { segments, checkpoints } = database.tables;
      return { segments: [...segments], checkpoint: checkpoints.at(-1) };
    },
    async checkpoint(epoch, segments, checkpoint) {
      await step('checkpoint');
      const tree = database.tables;
      const follows = segments.every((row, index) => row.number === tree.segments.length + index);
      const size = tree.segments.length + segments.length;
      const isNewer = checkpoint.number === size && (tree.checkpoints.at(-1)?.number ?? -1) < size;
      if (!follows || !isNewer || database.partition(0).lease.epoch !== epoch) return false;
      tree.segments.push(...segments);
      tree.checkpoints.push(checkpoint);
      return true;
    },
    async heads(partition, first, last) {
      await step('segments');
      const { journal } = database.partition(partition);
      return journal.filter(({ seq }) => seq >= first && seq <= last).map(({ head }) => head);
    },
    ...memoryWitnesses(database, step),
  };
}

function memoryWitnesses(
  database: MemoryDatabase,
  step: MemoryStep,
): Pick<LogStore, 'cosigned' | 'cosign' | 'witnessed' | 'witness'> {
  return {
    async cosigned(count) {
      await step('segments');
      const { checkpoints, cosignatures } = database.tables;
      const under = (number: number) => cosignatures.filter((row) => row.number === number);
      const checkpoint = checkpoints.findLast(({ number }) => under(number).length >= count);
      return checkpoint && { checkpoint, cosignatures: under(checkpoint.number) };
    },
    async cosign(rows) {
      await step('checkpoint');
      const { cosignatures } = database.tables;
      const isKnown = ({ number, witness }: CosignatureRow) =>
        cosignatures.some((one) => one.number === number && one.witness === witness);
      for (const row of rows) if (!isKnown(row)) cosignatures.push(row);
    },
    async witnessed() {
      await step('segments');
      return [...database.tables.witnessed].sort((a, b) => (a.member < b.member ? -1 : 1));
    },
    async witness(row, before) {
      await step('checkpoint');
      const { witnessed } = database.tables;
      const at = witnessed.findIndex(({ member }) => member === row.member);
      if ((witnessed[at]?.size ?? 0) !== before) return false;
      if (at < 0) witnessed.push(row);
      else witnessed[at] = row;
      return true;
    },
  };
}
