import { uuidOf } from '@yitong/kernel';
import { systemChance } from '@yitong/node';

const chance = systemChance();

/** A new idempotency key, as any client mints it. */
export function newId(): string {
  return uuidOf(Date.now(), chance.bytes(10));
}
