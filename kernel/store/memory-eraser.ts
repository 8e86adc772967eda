import type { MemoryTables } from './memory-lookups.ts';
import type { MemoryStep } from './memory-tables.ts';
import type { BodyRow } from './rows.ts';
import type { Eraser } from './store.ts';

/** The seam by which what is over its term leaves a database in memory. */
export function memoryEraser(database: MemoryTables, step: MemoryStep): Eraser {
  return {
    async due(partition, query) {
      await step('due bodies');
      const all = [...database.partition(partition).bodies.values()].flat();
      return all
        .filter((row) => row.class === query.class && row.month <= query.month && row.seq >= query.seq)
        .sort((a, b) => a.seq - b.seq)
        .slice(0, query.limit);
    },
    async erase(partition, { body, kept, gone }) {
      await step('erase');
      const { bodies } = database.partition(partition);
      const rows = bodies.get(body.seq) ?? [];
      const is = (row: BodyRow) => row.class === body.class && row.month === body.month;
      const found = rows.find(is);
      if (!found || Buffer.compare(found.body, body.body) !== 0) return false;
      const others = rows.filter((row) => !is(row) && row.class !== 'gone');
      const stays = kept === undefined ? [] : [{ ...body, body: kept }];
      const next = [...others, ...stays, { ...body, class: 'gone' as const, body: gone }];
      bodies.set(
        body.seq,
        next.sort((a, b) => (a.class < b.class ? -1 : 1)),
      );
      return true;
    },
    async forgetIds(partition, month, limit) {
      await step('forget ids');
      const { seen } = database.partition(partition);
      const over = [...seen].filter(([, row]) => row.month <= month).slice(0, limit);
      for (const [key] of over) seen.delete(key);
      return over.length;
    },
  };
}
