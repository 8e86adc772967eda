import { instantText, signingKey } from '@yitong/kernel';
import type { Forgery, HostilePeer } from './hostile-peer.ts';
import { bomb, otherBody, replaced, withBody } from './tampering.ts';

/** A frame that is wrong as a whole: nothing of it is stored. */
export interface FrameRow {
  readonly name: string;
  forge(peer: HostilePeer): Forgery;
  readonly status: number;
  readonly code: string;
}

const at = (ms: number) => instantText(Date.now() + ms);
const foreign = (id: string) =>
  signingKey({ id, suite: 'ed25519-sha256', random: new Uint8Array(32).fill(7) });

/** Frames by what is wrong with them, in the order of the checks. */
export const frameRows: readonly FrameRow[] = [
  {
    name: 'bytes that are no frame',
    forge: () => ({ bytes: () => Buffer.from('not a frame at all') }),
    status: 422,
    code: 'bad-frame',
  },
  {
    name: 'a frame that ends early',
    forge: () => ({ bytes: (frame) => frame.subarray(0, -5) }),
    status: 422,
    code: 'bad-frame',
  },
  {
    name: 'a frame in another member’s name',
    forge: () => ({ head: { from: '340000' } }),
    status: 403,
    code: 'wrong-party',
  },
  {
    name: 'a frame for somebody else',
    forge: () => ({ head: { to: '340000' } }),
    status: 403,
    code: 'wrong-party',
  },
  {
    name: 'a frame of another region',
    forge: () => ({ head: { region: 'elsewhere' } }),
    status: 403,
    code: 'wrong-party',
  },
  {
    name: 'a head with a line too many',
    forge: () => ({ bytes: (frame) => replaced(frame, 'seq ', 'sEq ') }),
    status: 422,
    code: 'bad-head',
  },
  {
    name: 'a key that is not in the directory',
    forge: () => ({ key: foreign('330000-unknown') }),
    status: 401,
    code: 'unknown-key',
  },
  {
    name: 'a signature by another key of that name',
    forge: ({ key }) => ({ key: foreign(key.id) }),
    status: 422,
    code: 'bad-signature',
  },
  {
    name: 'a byte changed after signing',
    forge: () => ({ bytes: (frame) => replaced(frame, 'count 1', 'count 2') }),
    status: 422,
    code: 'bad-signature',
  },
  {
    name: 'a clock 2 hours ahead',
    forge: () => ({ head: { time: at(2 * 3_600_000) } }),
    status: 422,
    code: 'clock',
  },
  {
    name: 'a body cut short',
    forge: () => ({ bytes: (frame) => withBody(frame, 0, Buffer.alloc(10)) }),
    status: 422,
    code: 'bad-body',
  },
  {
    name: 'a bomb of 1 GiB in deflate',
    forge: () => ({ bytes: (frame) => withBody(frame, 1, bomb(1024)) }),
    status: 422,
    code: 'bad-body',
  },
  {
    name: 'a body of other messages than were signed',
    forge: () => ({ bytes: (frame) => withBody(frame, 1, otherBody(frame)) }),
    status: 422,
    code: 'bad-root',
  },
  {
    name: 'a place further on in the stream',
    forge: () => ({ head: { seq: 40, first: 40 } }),
    status: 409,
    code: 'gap',
  },
  {
    name: 'a frame that does not follow the one before',
    forge: () => ({ head: { prev: 'a'.repeat(64) } }),
    status: 409,
    code: 'gap',
  },
  {
    name: 'an epoch that the directory does not name',
    forge: () => ({ head: { epoch: 2 } }),
    status: 409,
    code: 'epoch',
  },
];
