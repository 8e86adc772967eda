import type { HostilePeer } from './hostile-peer.ts';
import { people, wrongCheckDigit } from './samples.ts';
import { edited } from './tampering.ts';

/** One message in a frame that is right: the receipt names its refusal, or it is taken. */
export interface MessageRow {
  readonly name: string;
  make(peer: HostilePeer): Uint8Array;
  /** Code in the receipt; absent when the message is taken. */
  readonly refused?: string;
  /** Messages taken by the insured place. */
  readonly messages: number;
}

const bad = { messages: 0 } as const;

/** Messages by what is wrong with them. */
export const messageRows: readonly MessageRow[] = [
  { name: 'nothing wrong', make: (peer) => peer.message(), messages: 1 },
  { name: 'no JSON', make: () => Buffer.from('{"data":'), refused: 'not-canonical', ...bad },
  {
    name: 'a duplicate key',
    make: (peer) => edited(peer, '"bill":"hostile"', '"bill":"hostile","bill":"hostile"'),
    refused: 'not-canonical',
    ...bad,
  },
  {
    name: 'white space',
    make: (peer) => edited(peer, '"data":', '"data": '),
    refused: 'not-canonical',
    ...bad,
  },
  {
    name: 'a number beyond 2^53',
    make: (peer) => edited(peer, '"disease":null', '"disease":9007199254740993'),
    refused: 'not-canonical',
    ...bad,
  },
  {
    name: 'a fraction',
    make: (peer) => edited(peer, '"disease":null', '"disease":1.5'),
    refused: 'not-canonical',
    ...bad,
  },
  {
    name: 'a NUL',
    make: (peer) => edited(peer, '"bill":"hostile"', '"bill":"\\u0000"'),
    refused: 'not-canonical',
    ...bad,
  },
  { name: 'a NUL byte', make: (peer) => edited(peer, 'hostile', '\0'), refused: 'not-canonical', ...bad },
  {
    name: 'GBK',
    make: (peer) =>
      Buffer.from(
        Buffer.from(edited(peer, 'hostile', '#'))
          .toString('latin1')
          .replace('#', '\xba\xba'),
        'latin1',
      ),
    refused: 'not-canonical',
    ...bad,
  },
  {
    name: 'half a character',
    make: (peer) => edited(peer, '"bill":"hostile"', '"bill":"\\ud800"'),
    refused: 'not-canonical',
    ...bad,
  },
  {
    name: 'a key that sets a prototype',
    make: (peer) => edited(peer, '"data":{', '"data":{"__proto__":{},'),
    refused: 'not-canonical',
    ...bad,
  },
  {
    name: 'nesting 100,000 deep',
    make: () => Buffer.from('['.repeat(100_000)),
    refused: 'too-deep',
    ...bad,
  },
  {
    name: 'another member as source',
    make: (peer) => peer.message({ source: 'yitong:340000' }),
    refused: 'wrong-source',
    ...bad,
  },
  {
    name: 'another member as addressee',
    make: (peer) => peer.message({ to: '340000' }),
    refused: 'wrong-to',
    ...bad,
  },
  { name: 'an id that is no UUIDv7', make: (peer) => peer.message({ id: 'one' }), refused: 'bad-id', ...bad },
  {
    name: 'an id of 401 days ago',
    make: (peer) => peer.message({ id: '019327a0-0000-7000-8000-000000000001' }),
    refused: 'id-time',
    ...bad,
  },
  {
    name: 'an attribute that there is not',
    make: (peer) => peer.message({ trust: 'me' }),
    refused: 'unknown-attribute',
    ...bad,
  },
  {
    name: 'a type that there is not',
    make: (peer) =>
      peer.message({ type: 'medical-settlement/pay', dataschema: 'yitong:medical-settlement/pay/1' }),
    refused: 'unknown-type',
    ...bad,
  },
  {
    name: 'a command of the other member’s people',
    make: (peer) =>
      peer.message({
        type: 'medical-settlement/credit-account',
        dataschema: 'yitong:medical-settlement/credit-account/1',
      }),
    refused: 'unknown-type',
    ...bad,
  },
  {
    name: 'the wrong purpose',
    make: (peer) => peer.message({ purpose: 'tax-collection' }),
    refused: 'not-permitted',
    ...bad,
  },
  {
    name: 'another subject’s stream',
    make: (peer) => peer.message({ subject: `person:${people.nowhere.person}` }),
    refused: 'wrong-stream',
    ...bad,
  },
  {
    name: 'a wrong check digit',
    make: (peer) => peer.message({}, { person: wrongCheckDigit }),
    refused: 'bad-data',
    ...bad,
  },
  {
    name: 'an impossible day',
    make: (peer) => peer.message({}, { admission: '2026-02-30' }),
    refused: 'bad-data',
    ...bad,
  },
  {
    name: 'an unknown code',
    make: (peer) => peer.message({}, { visit: 'spa' }),
    refused: 'bad-data',
    ...bad,
  },
  { name: 'a field too many', make: (peer) => peer.message({}, { free: true }), refused: 'bad-data', ...bad },
  {
    name: 'an insured place outside the region',
    make: (peer) => peer.message({}, { insuredPlace: '110000' }),
    refused: 'bad-data',
    ...bad,
  },
  {
    name: 'a person of another subject than the envelope says',
    make: (peer) => peer.message({}, { person: people.unfiled.person }),
    refused: 'bad-subject',
    ...bad,
  },
  {
    name: 'a refusal whose code is none',
    make: (peer) => peer.kernel('refused', { code: 'ungültig <b>', facts: {} }),
    refused: 'bad-data',
    ...bad,
  },
  {
    name: 'a refusal of something that was never asked',
    make: (peer) => peer.kernel('refused', { code: 'not-insured', facts: {} }),
    messages: 1,
  },
  {
    name: 'a copy in the name of another owner',
    make: (peer) => peer.kernel('copy', { ...copy, about: 'institution:H31010100001', owner: '310000' }),
    refused: 'bad-data',
    ...bad,
  },
  {
    name: 'a copy about another kind of subject',
    make: (peer) => peer.kernel('copy', copy),
    refused: 'bad-data',
    ...bad,
  },
];

/** A hospital as its member would copy it to all. */
const copy = {
  type: 'medical-settlement/institution',
  id: '',
  schema: 1,
  body: { code: 'H33010200001', name: '假医院', place: '330102', level: '3', inNetwork: true },
};
