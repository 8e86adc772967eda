import { randomFillSync } from 'node:crypto';
import type { Chance } from '@yitong/kernel';

const poolBytes = 8_192;

/** The operating system's randomness, fetched in blocks: ids at the door take ten bytes each. */
export function systemChance(): Chance {
  const pool = new Uint8Array(poolBytes);
  let used = poolBytes;
  const bytes = (count: number): Uint8Array => {
    if (count > poolBytes) return randomFillSync(new Uint8Array(count));
    if (used + count > poolBytes) {
      randomFillSync(pool);
      used = 0;
    }
    used += count;
    return pool.slice(used - count, used);
  };
  const view = new DataView(new ArrayBuffer(4));
  return {
    bytes,
    unit() {
      for (const [index, byte] of bytes(4).entries()) view.setUint8(index, byte);
      return view.getUint32(0) / 2 ** 32;
    },
  };
}
