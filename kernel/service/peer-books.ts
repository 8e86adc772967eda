import type { BookPage, BooksCompared, FrameAnswer } from '../api.ts';
import { canonicalBytes } from '../exchange/canonical.ts';
import type { Environment } from '../runtime/environment.ts';
import type { MirrorEntry } from '../store/store.ts';

/** Entries of one page, and of all pages together, that one comparison reads. */
const pageMax = 1_000;
const entriesMax = 200_000;
const differencesMax = 500;

/** Addresses of a page of the books, below `/exchange/v1/`: the month, and the transfer behind which it begins (`-`: the first). */
const address = /^books\/([0-9]{4}-(?:0[1-9]|1[0-2]))\/after\/([0-9a-f-]{1,36})$/;

/** What a peer is told of the debts between the two: a page of the entries that both must have. Undefined for another address. */
export async function bookPage(
  env: Environment,
  peer: string,
  what: string,
): Promise<FrameAnswer | undefined> {
  const [, period, after] = address.exec(what) ?? [];
  if (period === undefined) return undefined;
  const page = await ownPage(env, peer, period, after === '-' ? undefined : after);
  const entries = page.entries.map(({ transfer, account, fen }) => [transfer, account, String(fen)]);
  return { status: 200, type: 'application/json', body: canonicalBytes({ entries, next: page.next }) };
}

/** Compares this member's books with a peer's, entry by entry; `undefined` when the peer gave no answer. */
export async function compareBooks(
  env: Environment,
  peer: string,
  period: string,
): Promise<BooksCompared | undefined> {
  const theirs = await theirEntries(env, peer, period);
  if (theirs === undefined) return undefined;
  const found = { same: 0, fen: 0n, all: 0, differences: [] as BooksCompared['differences'][number][] };
  const note = (difference: BooksCompared['differences'][number]) => {
    found.all += 1;
    if (found.differences.length < differencesMax) found.differences.push(difference);
  };
  for (let after: string | undefined; ; ) {
    const page = await ownPage(env, peer, period, after);
    for (const { transfer, account, fen, partition, at } of page.entries) {
      const other = theirs.get(transfer);
      theirs.delete(transfer);
      if (other?.fen === fen) {
        found.same += 1;
        found.fen += fen;
      } else note({ transfer, account, at: `${partition}.${at}`, ours: fen, theirs: other?.fen ?? null });
    }
    if (page.next === null) break;
    after = page.next;
  }
  for (const [transfer, { account, fen }] of theirs)
    note({ transfer, account, at: null, ours: null, theirs: fen });
  return found;
}

/** One leg of each debt: the one on a mirrored account. */
async function ownPage(
  env: Environment,
  peer: string,
  period: string,
  after: string | undefined,
): Promise<{ readonly entries: readonly MirrorEntry[]; readonly next: string | null }> {
  const wish = { peer, period, limit: pageMax, ...(after === undefined ? {} : { after }) };
  const page = await env.reader.mirrors(wish);
  const entries = page.filter(({ account }) => isMirrored(env, account));
  return { entries, next: page.length < pageMax ? null : (page.at(-1)?.transfer ?? null) };
}

function isMirrored({ scene }: Environment, account: string): boolean {
  const [system = '', name = ''] = (account.split(':', 1)[0] ?? '').split('/');
  return scene.mirrored.get(system)?.has(name) === true;
}

async function theirEntries(
  env: Environment,
  peer: string,
  period: string,
): Promise<Map<string, { readonly account: string; readonly fen: bigint }> | undefined> {
  const found = new Map<string, { readonly account: string; readonly fen: bigint }>();
  for (let after = '-'; found.size < entriesMax; ) {
    const page = await asked(env, peer, `books/${period}/after/${after}`);
    if (page === undefined) return undefined;
    for (const [transfer, account, fen] of page.entries) found.set(transfer, { account, fen: BigInt(fen) });
    if (page.next === null) break;
    after = page.next;
  }
  return found;
}

async function asked(env: Environment, peer: string, what: string): Promise<BookPage | undefined> {
  try {
    const { status, body } = await env.peers.ask(peer, what);
    return status === 200 ? pageIn(JSON.parse(new TextDecoder().decode(body))) : undefined;
  } catch {
    return undefined; // The peer cannot be reached, or what it said is no page: either way there is nothing to compare with.
  }
}

function pageIn(value: unknown): BookPage | undefined {
  const { entries, next }: { entries?: unknown; next?: unknown } = Object(value);
  const isRow = (row: unknown) =>
    Array.isArray(row) &&
    row.length === 3 &&
    row.every((one) => typeof one === 'string') &&
    /^-?\d{1,30}$/.test(String(row[2]));
  if (!Array.isArray(entries) || !entries.every(isRow)) return undefined;
  if (next !== null && (typeof next !== 'string' || !/^[0-9a-f-]{36}$/.test(next))) return undefined;
  return { entries, next };
}
