import {
  type Answer,
  fenOf,
  follow,
  get,
  give,
  type Problem,
  problemOf,
  type RecordView,
  type Seen,
  uuid7,
} from '@yitong/portal';
import { useCallback, useEffect, useRef, useState } from 'react';
import { type BillDraft, inputOf } from './draft.ts';
import { type Eligibility, entitlementOf } from './entitlement.ts';
import type { Institution, Shares } from './records.ts';

/** A bill at the place of care, as far as the counter shows it. */
export interface CounterBill {
  readonly bill: string;
  readonly state: string;
  readonly total: string;
  readonly refusal?: { readonly code: string };
}

/** Where a bill is, and the version that the cashier has before them. */
const seenOf = ({ value, at }: RecordView<CounterBill>): Seen => ({
  href: `/medical-settlement/bill/${encodeURIComponent(value.bill)}`,
  at,
});

/** A bill that waits for the insured place: it is durable here and goes on by itself. */
export interface WaitingBill {
  readonly bill: string;
  readonly conversation: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly draft: BillDraft;
}

/** The counter's talk with the node: what is under way, what was said last. */
export interface CounterTalk {
  readonly eligibility: Eligibility | undefined;
  readonly bill: CounterBill | undefined;
  /** The version of it that every act relies on. */
  readonly seen: Seen | undefined;
  readonly shares: Shares | undefined;
  readonly problem: Problem | undefined;
  readonly waiting: WaitingBill | undefined;
  readonly isUnderWay: boolean;
  /** Asks about a draft as it stands at this moment. */
  check(of: BillDraft): void;
  preview(): void;
  confirm(): void;
  takeBack(): void;
  /** Takes the bill as it is now, whoever changed it. */
  goOn(): void;
  /** Takes up a bill that waited, with what was said of it since. */
  resume(answer: Answer): void;
  restart(): void;
}

interface Said {
  readonly eligibility?: Eligibility | undefined;
  /** Who the eligibility is about. */
  readonly askedOf?: string;
  readonly bill?: CounterBill | undefined;
  readonly seen?: Seen | undefined;
  readonly shares?: Shares | undefined;
  readonly problem?: Problem | undefined;
  readonly waiting?: WaitingBill | undefined;
}

/** A bill's id: the hospital's code and the moment, as hospitals number them. */
const billId = (hospital: string): string => `${hospital}-${Date.now()}`;

/** The acts of the counter on a draft; one at a time. */
export function useCounter(draft: BillDraft, hospitals: readonly Institution[]): CounterTalk {
  const [said, setSaid] = useState<Said>({});
  // One wish however often F9 is pressed: the same bill under the same id.
  const wish = useRef<Wish | undefined>(undefined);
  const hear = useCallback((next: Said) => setSaid((before) => ({ ...before, ...next })), []);
  const [isUnderWay, act] = useActs(hear, () => {
    wish.current = undefined;
  });
  useFollowing(said.waiting, hear);
  const { bill, seen, waiting } = said;
  const preview = () => {
    wish.current ??= { bill: billId(draft.hospital), id: uuid7() };
    const { current } = wish;
    act(() => presented(draft, current));
  };
  const command = (name: string) =>
    bill &&
    act(async () =>
      heard(await give(`medical-settlement/${name}`, { bill: bill.bill }, uuid7(), seen), bill.bill, draft),
    );
  return {
    // Of another person than the one that was asked about nothing is known.
    ...{
      eligibility: said.askedOf === draft.person ? said.eligibility : undefined,
      bill,
      seen,
      shares: said.shares,
      problem: said.problem,
    },
    ...{ waiting, isUnderWay },
    check: (of) => act(async () => ({ eligibility: await entitlementOf(of, hospitals), askedOf: of.person })),
    preview: () => {
      if (bill === undefined && waiting === undefined && draft.lines.length > 0) preview();
    },
    confirm: () => void (bill?.state === 'priced' && waiting === undefined && command('confirm-bill')),
    takeBack: () =>
      void (bill?.state === 'priced'
        ? command('cancel-bill')
        : bill?.state === 'settled' && command('reverse-bill')),
    goOn: () => void (seen && act(() => readAgain(seen))),
    resume: (answer) => setSaid({ ...heard(answer, '', draft), problem: answer.problem }),
    restart: () => {
      wish.current = undefined;
      setSaid({});
    },
  };
}

/** A bill that the cashier means to present, and the id of that wish. */
interface Wish {
  readonly bill: string;
  readonly id: string;
}

/** Runs one act at a time and hears what came of it; `over` when the node refused, so that what is sent next is another wish. */
function useActs(
  hear: (next: Said) => void,
  over: () => void,
): readonly [isUnderWay: boolean, act: (run: () => Promise<Said>) => void] {
  const [isUnderWay, setUnderWay] = useState(false);
  const act = async (run: () => Promise<Said>) => {
    if (isUnderWay) return;
    setUnderWay(true);
    hear({ problem: undefined });
    try {
      hear(await run());
    } catch (error) {
      const problem = problemOf(error);
      if (problem.status >= 400) over();
      hear({ problem });
    } finally {
      setUnderWay(false);
    }
  };
  return [isUnderWay, (run) => void act(run)];
}

async function presented(draft: BillDraft, { bill, id }: Wish): Promise<Said> {
  const requested = draft.requested.trim() === '' ? '0' : (fenOf(draft.requested) ?? draft.requested);
  const answer = await give('medical-settlement/present-bill', inputOf(draft, bill, requested), id);
  return heard(answer, bill, draft);
}

async function readAgain({ href }: Seen): Promise<Said> {
  const view = await get<RecordView<CounterBill>>(href, { purpose: 'medical-settlement' });
  return { bill: view.value, seen: seenOf(view) };
}

/** Follows a bill that waits until something was said of it. */
function useFollowing(waiting: WaitingBill | undefined, hear: (next: Said) => void): void {
  useEffect(() => {
    if (waiting === undefined) return;
    const over = new AbortController();
    void followed(waiting, over.signal).then((answer) => {
      if (answer !== undefined)
        hear({ ...heard(answer, waiting.bill, waiting.draft), waiting: undefined, problem: answer.problem });
    });
    return () => over.abort();
  }, [waiting, hear]);
}

/** Milliseconds before a node that did not answer is asked again. */
const againMs = 2_000;

/** What became of a bill that waits, once it has; undefined when nobody wants to know any more. */
export async function followed(
  { conversation }: WaitingBill,
  signal: AbortSignal,
): Promise<Answer | undefined> {
  while (!signal.aborted) {
    try {
      const answer = await follow(conversation, signal);
      if (answer.state !== 'open') return answer;
    } catch (error) {
      // The node itself may be away for a while; what it took stands, so it is asked again.
      if (problemOf(error).status >= 400) return { state: 'refused', problem: problemOf(error) };
      await new Promise((resolve) => setTimeout(resolve, againMs));
    }
  }
  return undefined;
}

function heard(answer: Answer, of: string, draft: BillDraft): Said {
  const bill = recordOf<CounterBill>(answer, 'bill');
  const receipt = recordOf<{ readonly shares: Shares }>(answer, 'receipt');
  const { state, conversation } = answer;
  const waits = (state === 'open' || state === 'held') && conversation !== undefined;
  return {
    ...(bill === undefined ? {} : { bill: bill.value, seen: seenOf(bill) }),
    ...(receipt === undefined ? {} : { shares: receipt.value.shares }),
    ...(waits ? { waiting: { bill: of, conversation, since: Date.now(), draft } } : {}),
  };
}

function recordOf<T>({ records = [] }: Answer, name: string): RecordView<T> | undefined {
  return records.find(({ type }) => type === `medical-settlement/${name}`) as RecordView<T> | undefined;
}
