import { partitionHash } from '../exchange/message.ts';

const reserved = 'partition:';

/** Partition of a subject: first two bytes of SHA-256, modulo the node's partitions; `partition:<n>` lies in n (K1, K6). */
export function partitionOf(subject: string, partitions: number): number {
  if (subject.startsWith(reserved)) return Number(subject.slice(reserved.length)) % partitions;
  return partitionHash(subject) % partitions;
}
