import type { MirrorEntry } from '@yitong/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { bookReaders } from '../access/signed-in.ts';
import { addRoute, type Door } from './context.ts';
import { refusedWith } from './faults.ts';
import { sendStatementPaper } from './statement-paper.ts';
import { sendStatementSheet } from './statement-sheet.ts';

const pageMax = 1_000;

/** The member's books: balances, and what it owes and is owed by account, peer and month. Fen are decimal texts. */
export function addLedger(door: Door): void {
  addRoute(door, {
    method: 'GET',
    url: '/ledger/balances',
    permission: bookReaders,
    handle: (request) => balances(door, request),
  });
  addRoute(door, {
    method: 'GET',
    url: '/ledger/statement',
    permission: bookReaders,
    handle: (request, reply) => statement(door, request, reply),
  });
  addRoute(door, {
    method: 'GET',
    url: '/ledger/differences',
    permission: bookReaders,
    handle: (request) => differences(door, request),
  });
}

/** Both books of a month; `theirs` is null when the other member gives no answer, which is no difference. */
async function differences(door: Door, request: FastifyRequest): Promise<unknown> {
  const asked = parameters(request, {
    peer: /^[1-9][0-9]{5}$/,
    period: /^[0-9]{4}-(0[1-9]|1[0-2])$/,
  });
  const { peer, period } = asked;
  if (peer === undefined || !door.node.status().peers.some(({ member }) => member === peer))
    throw wrong('peer');
  if (period === undefined) throw wrong('period');
  const found = await door.node.compareBooks(peer, period);
  const asOf = new Date(door.clock.now()).toISOString();
  const state = found === undefined ? 'unreachable' : 'fresh';
  const sources = [{ member: peer, state, asOf: found === undefined ? null : asOf }];
  const head = { member: door.config.member, peer, period, asOf, sources };
  if (found === undefined) return { ...head, same: 0, fen: '0', all: 0, data: [] };
  const text = (fen: bigint | null) => (fen === null ? null : String(fen));
  const data = found.differences.map((one) => ({ ...one, ours: text(one.ours), theirs: text(one.theirs) }));
  return { ...head, same: found.same, fen: String(found.fen), all: found.all, data };
}

async function balances(door: Door, request: FastifyRequest): Promise<unknown> {
  const { prefix } = parameters(request, { prefix: /^[A-Za-z0-9._:/-]{0,120}$/ });
  const rows = await door.reader.balances(prefix ?? '');
  const data = rows.map(({ account, debit, credit, heldDebit, heldCredit }) => ({
    account,
    debit: String(debit),
    credit: String(credit),
    heldDebit: String(heldDebit),
    heldCredit: String(heldCredit),
  }));
  return { data, asOf: new Date(door.clock.now()).toISOString() };
}

async function statement(door: Door, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const asked = parameters(request, {
    peer: /^[1-9][0-9]{5}$/,
    period: /^[0-9]{4}-(0[1-9]|1[0-2])$/,
    limit: /^[1-9][0-9]{0,3}$/,
    cursor: /^[A-Za-z0-9_-]{1,500}$/,
    format: /^(json|xlsx|pdf)$/,
    language: /^(zh-CN|en)$/,
  });
  const limit = Math.min(Number(asked['limit'] ?? 200), pageMax);
  const narrow = {
    ...(asked['peer'] === undefined ? {} : { peer: asked['peer'] }),
    ...(asked['period'] === undefined ? {} : { period: asked['period'] }),
  };
  const locale = asked['language'] === 'en' ? 'en' : 'zh-CN';
  if (asked['format'] === 'xlsx') return sendStatementSheet(door, narrow, locale, reply);
  if (asked['format'] === 'pdf') return sendStatementPaper(door, narrow, locale, request, reply);
  const after = asked['cursor'] === undefined ? undefined : door.sealer.open('statement', asked['cursor']);
  if (asked['cursor'] !== undefined && after === undefined) throw wrong('cursor');
  const totals = await door.reader.mirrorTotals(narrow);
  const entries = await door.reader.mirrors({ ...narrow, limit, ...(after === undefined ? {} : { after }) });
  const last = entries.length < limit ? undefined : entries.at(-1)?.transfer;
  const next = last === undefined ? null : door.sealer.seal('statement', last);
  reply.header('content-type', 'application/json; charset=utf-8');
  return {
    member: door.config.member,
    asOf: new Date(door.clock.now()).toISOString(),
    totals: totals.map((total) => ({ ...total, fen: String(total.fen) })),
    entries: entries.map(entryOf),
    next,
  };
}

function entryOf({ fen, partition, at, ...rest }: MirrorEntry): unknown {
  return { ...rest, fen: String(fen), partition, at: `${partition}.${at}` };
}

/** Parameters that are known and of the right form. Errors: 400 naming the first that is not. */
function parameters(
  request: FastifyRequest,
  grammar: Readonly<Record<string, RegExp>>,
): Readonly<Record<string, string | undefined>> {
  const query = request.query as Readonly<Record<string, unknown>>;
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(query)) {
    const form = grammar[name];
    if (form === undefined || typeof value !== 'string' || !form.test(value)) throw wrong(name);
    found[name] = value;
  }
  return found;
}

function wrong(name: string) {
  return refusedWith('invalid-query', { errors: [{ pointer: `/${name.slice(0, 60)}`, code: 'wrong-form' }] });
}
