import { uuid7 } from '@yitong/portal';

/** A line of the bill as the cashier types it: unit price in yuan and quantity as text. */
export interface DraftLine {
  readonly key: string;
  readonly code: string;
  readonly name: string;
  readonly price: string;
  readonly quantity: string;
}

/** All that a bill needs, as it stands at the counter. */
export interface BillDraft {
  readonly person: string;
  readonly insuredPlace: string;
  readonly hospital: string;
  readonly visit: 'inpatient' | 'outpatient';
  readonly admission: string;
  readonly discharge: string;
  readonly requested: string;
  readonly lines: readonly DraftLine[];
}

/** A bill with nothing in it, of a visit on a day. */
export function emptyDraft(hospital: string, day: string): BillDraft {
  return {
    person: '',
    insuredPlace: '',
    hospital,
    visit: 'outpatient',
    admission: day,
    discharge: day,
    requested: '',
    lines: [],
  };
}

/** A line with nothing in it. */
export function emptyLine(): DraftLine {
  return { key: uuid7(), code: '', name: '', price: '', quantity: '1' };
}

/** A decimal text in ten-thousandths of its unit; undefined for anything else. */
export function tenThousandths(text: string): bigint | undefined {
  const [, whole, part = ''] = /^(\d{1,9})(?:\.(\d{1,4}))?$/.exec(text.normalize('NFKC').trim()) ?? [];
  return whole === undefined ? undefined : BigInt(whole) * 10_000n + BigInt(part.padEnd(4, '0'));
}

/** What a line costs in fen, to the nearest; undefined while it is not whole. */
export function amountOf({ price, quantity }: DraftLine): bigint | undefined {
  const [yuan, of] = [tenThousandths(price), tenThousandths(quantity)];
  if (yuan === undefined || of === undefined || of === 0n) return undefined;
  return (yuan * of * 100n + 50_000_000n) / 100_000_000n;
}

/** The sum of the lines that are whole, fen. */
export function totalOf(lines: readonly DraftLine[]): bigint {
  return lines.reduce((sum, line) => sum + (amountOf(line) ?? 0n), 0n);
}

/** The bill as the node takes it. */
export function inputOf(draft: BillDraft, bill: string, requested: string): unknown {
  const { insuredPlace, hospital, visit, admission, discharge, lines } = draft;
  const items = lines.map((line) => ({
    code: line.code.trim(),
    date: discharge,
    // Unit prices are in ten-thousandths of a fen.
    unitPrice: String((tenThousandths(line.price) ?? 0n) * 100n),
    quantity: String(tenThousandths(line.quantity) ?? 0n),
    amount: String(amountOf(line) ?? 0n),
    restrictionMet: true,
  }));
  return {
    bill,
    person: draft.person.trim(),
    insuredPlace,
    hospital,
    visit,
    admission: visit === 'inpatient' ? admission : discharge,
    discharge,
    emergency: false,
    disease: null,
    diagnoses: [],
    items,
    total: String(totalOf(lines)),
    requested,
    confirm: 'cashier',
  };
}
