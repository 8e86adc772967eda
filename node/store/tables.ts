import type {
  AwaitedRow,
  BalanceRow,
  BodyRow,
  ConversationRow,
  HeldRow,
  HoldRow,
  PostingRow,
  ReceiptRow,
  ReceivedRow,
  RecordRow,
  RetentionClass,
  SeenRow,
  SentRow,
  TimerRow,
} from '@yitong/kernel';
import { body } from './body.ts';
import { bytes, fen, integer, json, nullable, small, text, uuid, yesNo } from './columns.ts';
import { type Table, table } from './table.ts';

/** Ids that were accepted; a table of its own for each month of the id's time. */
export const seen = table<SeenRow>('seen', ['month', 'source', 'id'], {
  month: text(),
  source: text(),
  id: uuid,
  leaf: bytes,
  at: integer,
});

/** Bodies of batches; a table of its own for each legal month. */
export const journalBody = table<BodyRow>('journal_body', ['seq', 'class', 'month'], {
  month: text(),
  seq: integer,
  class: text<RetentionClass>(),
  body: bytes,
});

/** Frames that came, with the receipts they are answered by. */
export const received = table<ReceivedRow>('received', ['peer', 'stream', 'epoch', 'seq'], {
  peer: text(),
  stream: text(),
  epoch: integer,
  seq: integer,
  head: bytes,
  signature: bytes,
  link: bytes,
  next: integer,
  at: integer,
  receipt: bytes,
  receiptSignature: bytes,
  refusals: text(),
});

/** Frames that this member signed. */
export const sent = table<SentRow>('sent', ['peer', 'stream', 'epoch', 'seq'], {
  peer: text(),
  stream: text(),
  epoch: integer,
  seq: integer,
  head: bytes,
  signature: bytes,
  link: bytes,
  number: integer,
  count: integer,
  fromAt: integer,
  uptoAt: integer,
});

/** Receipts for frames that were sent. */
export const receipt = table<ReceiptRow>('receipt', ['peer', 'stream', 'epoch', 'seq'], {
  peer: text(),
  stream: text(),
  epoch: integer,
  seq: integer,
  receipt: bytes,
  signature: bytes,
  refusals: text(),
});

/** A record as its type's table keeps it; the table's name says the type. */
export type StoredRecord = Omit<RecordRow, 'type' | 'body'> & { readonly body: string };

/** The table of one record type. */
export function recordTable(name: string): Table<StoredRecord> {
  return table<StoredRecord>(name, ['subject', 'id', 'owner'], {
    subject: text(),
    id: text(),
    owner: text(),
    version: integer,
    at: integer,
    schema: integer,
    body,
    home: yesNo,
  });
}

/** Both legs of every transfer. 分录 */
export const posting = table<PostingRow>('posting', ['transfer', 'leg'], {
  transfer: uuid,
  leg: small<0 | 1>(),
  account: text(),
  fen,
  kind: text<PostingRow['kind']>(),
  period: text(),
  peer: nullable(text()),
  reverses: nullable(uuid),
  at: integer,
});

/** Sub-balances of the partition. */
export const balance = table<BalanceRow>('balance', ['account'], {
  account: text(),
  debit: fen,
  credit: fen,
  heldDebit: fen,
  heldCredit: fen,
  at: integer,
});

/** Reserved entries. */
export const hold = table<HoldRow>('hold', ['transfer'], {
  transfer: uuid,
  name: text(),
  index: integer,
  debit: text(),
  credit: text(),
  fen,
  state: text<HoldRow['state']>(),
  at: integer,
});

/** Messages to oneself. */
export const timer = table<TimerRow>('timer', ['subject', 'name'], {
  subject: text(),
  name: text(),
  due: integer,
  type: text(),
  version: integer,
  data: text(),
  cause: text(),
  at: integer,
});

/** Inputs that wait for people. */
export const held = table<HeldRow>('held', ['at'], {
  at: integer,
  subject: text(),
  reason: text(),
  kind: text<HeldRow['kind']>(),
  since: integer,
});

/** Commands and what came of them. */
export const conversation = table<ConversationRow>('conversation', ['command'], {
  command: uuid,
  state: text<ConversationRow['state']>(),
  open: integer,
  problem: text(),
  made: json(madeOf),
  at: integer,
});

/** Messages that are to be answered. */
export const awaited = table<AwaitedRow>('awaited', ['message'], {
  message: uuid,
  peer: text(),
  conversation: text(),
  subject: text(),
  type: text(),
  version: integer,
  data: text(),
  at: integer,
});

function madeOf(value: unknown): ConversationRow['made'] {
  if (!Array.isArray(value)) throw new Error('conversation.made is no list');
  return value.map((triple: unknown) => {
    if (!Array.isArray(triple)) throw new Error('conversation.made holds no triples');
    const [type, subject, id]: readonly unknown[] = triple;
    return [String(type), String(subject), String(id)];
  });
}
