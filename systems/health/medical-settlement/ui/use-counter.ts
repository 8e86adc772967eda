import { type Answer, fenOf, give, type Problem, problemOf, uuid7 } from '@yitong/portal';
import { useState } from 'react';
import { type BillDraft, inputOf } from './draft.ts';
import type { Shares } from './records.ts';

/** A bill at the place of care, as far as the counter shows it. */
export interface CounterBill {
  readonly bill: string;
  readonly state: string;
  readonly total: string;
  readonly refusal?: { readonly code: string };
}

/** What the insured place said about a person before there is a bill. */
export interface Eligibility {
  readonly state: string;
  readonly filingKind?: string;
  readonly policyVersion?: string;
  /** Milliseconds from question to answer. */
  readonly tookMs: number;
}

/** The counter's talk with the node: what is under way, what was said last. */
export interface CounterTalk {
  readonly eligibility: Eligibility | undefined;
  readonly bill: CounterBill | undefined;
  readonly shares: Shares | undefined;
  readonly problem: Problem | undefined;
  readonly isUnderWay: boolean;
  check(): void;
  preview(): void;
  confirm(): void;
  takeBack(): void;
  restart(): void;
}

/** A bill's id: the hospital's code and the moment, as hospitals number them. */
const billId = (hospital: string): string => `${hospital}-${Date.now()}`;

interface Said {
  readonly eligibility?: Eligibility | undefined;
  readonly bill?: CounterBill | undefined;
  readonly shares?: Shares | undefined;
  readonly problem?: Problem | undefined;
}

/** The acts of the counter on a draft; one at a time. */
export function useCounter(draft: BillDraft): CounterTalk {
  const [said, setSaid] = useState<Said>({});
  const [isUnderWay, setUnderWay] = useState(false);
  const act = async (run: () => Promise<Said>) => {
    if (isUnderWay) return;
    setUnderWay(true);
    setSaid((before) => ({ ...before, problem: undefined }));
    try {
      const next = await run();
      setSaid((before) => ({ ...before, ...next }));
    } catch (error) {
      setSaid((before) => ({ ...before, problem: problemOf(error) }));
    } finally {
      setUnderWay(false);
    }
  };
  const { bill } = said;
  const command = (name: string) =>
    bill && act(async () => heard(await give(`medical-settlement/${name}`, { bill: bill.bill })));
  return {
    eligibility: said.eligibility,
    bill,
    shares: said.shares,
    problem: said.problem,
    isUnderWay,
    check: () => void act(() => checked(draft)),
    preview: () => void (bill === undefined && draft.lines.length > 0 && act(() => presented(draft))),
    confirm: () => void (bill?.state === 'priced' && command('confirm-bill')),
    takeBack: () =>
      void (bill?.state === 'priced'
        ? command('cancel-bill')
        : bill?.state === 'settled' && command('reverse-bill')),
    restart: () => setSaid({}),
  };
}

async function checked({ person, insuredPlace, hospital, visit, discharge }: BillDraft): Promise<Said> {
  const begun = performance.now();
  const inquiry = `Q-${uuid7()}`;
  const input = {
    inquiry,
    person,
    insuredPlace,
    hospital,
    visit,
    day: discharge,
    emergency: false,
    disease: null,
  };
  const answer = await give('medical-settlement/check-eligibility', input);
  const found = recordOf<Omit<Eligibility, 'tookMs'>>(answer, 'eligibility') ?? {
    state: answer.state === 'open' ? 'unreachable' : 'refused',
  };
  return { eligibility: { ...found, tookMs: performance.now() - begun } };
}

async function presented(draft: BillDraft): Promise<Said> {
  const requested = draft.requested.trim() === '' ? '0' : (fenOf(draft.requested) ?? draft.requested);
  return heard(
    await give('medical-settlement/present-bill', inputOf(draft, billId(draft.hospital), requested)),
  );
}

function heard(answer: Answer): Said {
  const bill = recordOf<CounterBill>(answer, 'bill');
  const receipt = recordOf<{ readonly shares: Shares }>(answer, 'receipt');
  return {
    ...(bill === undefined ? {} : { bill }),
    ...(receipt === undefined ? {} : { shares: receipt.shares }),
  };
}

function recordOf<T>({ records = [] }: Answer, name: string): T | undefined {
  return records.find(({ type }) => type === `medical-settlement/${name}`)?.value as T | undefined;
}
