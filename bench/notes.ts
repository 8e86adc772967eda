import {
  citizenIdCheckCharacter,
  f,
  fen,
  hold,
  object,
  Person,
  post,
  put,
  system,
  transfer,
  years,
} from '@yitong/kit';

const own = system('bench', { roles: ['clerk'], parameters: {}, texts: { 'zh-CN': {}, en: {} } });
const fund = own.account('fund', { side: 'debit' });
const payable = own.account('payable', { side: 'credit' });

const Note = object({
  person: f.citizenId,
  code: f.code(/^V-[0-9]+$/),
  day: f.day,
  amount: f.money,
  note: f.text(500),
});

const visit = own.record('visit', {
  about: Person,
  keep: years(5),
  readers: ['clerk'],
  schema: Note,
  find: ['day'],
});

/** One command is one message: a document of about 450 bytes and two postings, about one of 20,000 people. */
export const note = own.command('note', {
  by: ['clerk'],
  about: Person,
  key: 'person',
  input: Note,
  handle: (input) => [
    put(visit, input),
    transfer([{ debit: fund(), credit: payable(), amount: input.amount }]),
  ],
});

const name = f.code(/^H-[0-9]+$/);

/** First phase of a transfer: the amount is held. */
const reserve = own.command('reserve', {
  by: ['clerk'],
  about: Person,
  key: 'person',
  input: object({ person: f.citizenId, name, amount: f.money }),
  handle: (input) => hold(input.name, [{ debit: fund(), credit: payable(), amount: input.amount }]),
});

/** Second phase: what was held is booked. */
const settle = own.command('settle', {
  by: ['clerk'],
  about: Person,
  key: 'person',
  input: object({ person: f.citizenId, name }),
  handle: (input) => post(input.name),
});

/** The smallest system that writes what the engine's figures speak of: journal entry, document, two postings. */
export const notes = own;

const text = '门诊诊察费；'.repeat(20);
const people = 20_000;

/** The n-th input, in JSON form. */
export function inputOf(n: number): Readonly<Record<string, string>> {
  const turn = n % people;
  const day = `2026-11-${String((n % 28) + 1).padStart(2, '0')}`;
  return {
    person: personOf(turn),
    code: `V-${n}`,
    day,
    amount: String(fen(BigInt(n % 10_000) + 1n)),
    note: text,
  };
}

/** The subject that the n-th input is about. */
export function subjectOf(n: number): string {
  return `person:${personOf(n % people)}`;
}

/** Both phases of the n-th transfer. */
export function phasesOf(n: number): readonly { readonly type: string; readonly input: unknown }[] {
  const of = { person: personOf(n % people), name: `H-${n}` };
  const amount = String(fen(BigInt(n % 10_000) + 1n));
  return [
    { type: reserve.type, input: { ...of, amount } },
    { type: settle.type, input: of },
  ];
}

/** The n-th person: a valid citizen number that is nobody's. */
function personOf(n: number): string {
  const serial = String(n % 1_000).padStart(3, '0');
  const year = 1950 + (Math.floor(n / 1_000) % 50);
  const body = `310101${year}0101${serial}`;
  return body + citizenIdCheckCharacter(body);
}
