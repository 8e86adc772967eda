import { randomBytes } from 'node:crypto';
import { uuidFrom } from './import/job.ts';

/** A new UUIDv7 of this moment. */
export function newId(): string {
  return uuidFrom(Date.now(), randomBytes(10));
}
