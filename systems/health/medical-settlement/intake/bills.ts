import { type Intake, type IntakeLine, type Member, zodErrors } from '@yitong/kit';
import { demonstrationBills } from '../demo/bills.ts';
import { bill, receipt } from '../records.ts';
import { billInput, presentBill } from '../visit.ts';

/** What a line may leave out. */
const defaults = {
  emergency: false,
  disease: null,
  diagnoses: [],
  requested: '0',
  confirm: 'automatic',
} as const;
const lineAmounts = ['unitPrice', 'quantity', 'amount'];

/** A line of `bills.ndjson`: a bill, with amounts as whole numbers of fen or their decimal text. */
export const billsIntake: Intake = {
  about: 'Bills, one a line: the input of present-bill; amounts in fen as numbers or text',
  command: presentBill,
  accepts: (first) => isObject(first) && 'bill' in first && !('resourceType' in first),
  read: (line) => [readBill(line)],
  result: resultOf,
  sample: ({ member, members, ...wish }) => {
    const others = members.filter((one) => one !== member).map(asMember);
    return demonstrationBills({ ...wish, member: asMember(member), insured: others });
  },
};

/** A member's code, as text, in the kit's type. */
export function asMember(code: string): Member {
  return `${Number(code)}`;
}

/** A bill's line as the command's input, or the first fault of it by field, reason and remedy. */
export function readBill(line: unknown): IntakeLine {
  const input = isObject(line) ? textual({ ...defaults, ...line }) : line;
  const parsed = billInput.safeParse(input);
  if (parsed.success) return { ok: true, key: parsed.data.bill, input };
  const [fault] = zodErrors(parsed.error, { input });
  return {
    ok: false,
    field: fault?.pointer ?? '',
    reason: fault?.detail ?? fault?.code ?? 'the line is not valid',
    remedy: fault?.remedy ?? 'see the description of present-bill',
  };
}

/** What the results file says of a bill: its state, shares and reasons, or the refusal. */
export function resultOf(records: readonly { readonly type: string; readonly value: unknown }[]): unknown {
  const of = (type: string) => records.find((one) => one.type === type)?.value;
  const head = of(bill.type);
  const told = of(receipt.type);
  if (!isObject(head)) return undefined;
  const { state, refusal, cash, owed, period } = head;
  const known = { bill: head['bill'], state, refusal, period, cash, owed };
  if (!isObject(told)) return known;
  const { policyVersion, catalogue, filingKind, decidingDate, shares, reasons } = told;
  return { ...known, policyVersion, catalogue, filingKind, decidingDate, shares, reasons };
}

/** Amounts as decimal text; anything that is no whole number stays, for the schema to refuse. */
function textual(of: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { items } = of;
  const lines = Array.isArray(items)
    ? items.map((item: unknown) => (isObject(item) ? textOf(item, lineAmounts) : item))
    : items;
  return { ...textOf(of, ['total', 'requested']), items: lines };
}

function textOf(of: Readonly<Record<string, unknown>>, fields: readonly string[]): Record<string, unknown> {
  const texts = fields.flatMap((field) => {
    const value = of[field];
    return typeof value === 'number' && Number.isSafeInteger(value) ? [[field, String(value)] as const] : [];
  });
  const met = 'restrictionMet' in of || !fields.includes('quantity') ? {} : { restrictionMet: false };
  return { ...of, ...met, ...Object.fromEntries(texts) };
}

/** Whether the value is a JSON object. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
