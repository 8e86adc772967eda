import { addDays, addMonths, citizenIdCheckCharacter, type Day, legalDay } from '@yitong/kit';

const today: Day = legalDay(Date.now());

/** The day so many days before today, legal time. */
export const daysAgo = (n: number): Day => addDays(today, -n);

const number = (body: string): string => body + citizenIdCheckCharacter(body);

/** Made-up people by what is the matter with their insurance. */
export const people = {
  filed: { person: number('31010119850520123'), name: '欧阳铁心' },
  unfiled: { person: number('31010119850520457'), name: '司马无备' },
  expired: { person: number('31010119850520721'), name: '诸葛过期' },
  /** Nobody has registered this one anywhere. */
  nowhere: { person: number('31010119850520983'), name: '端木无保' },
} as const;

/** A citizen number whose check digit is wrong by one. */
export const wrongCheckDigit = people.filed.person.replace(
  /.$/,
  (last) => '0123456789X'[('0123456789X'.indexOf(last) + 1) % 11] ?? '',
);

/** The hospital of the place of care. */
export const hospital = {
  code: 'H34010200001',
  name: '合肥市示范第一人民医院',
  place: '340102',
  level: '3',
  inNetwork: true,
} as const;

/** What the insured place is told before the tests: command and input. */
export const registrations: readonly (readonly [command: string, input: unknown])[] = [
  ...[people.filed, people.unfiled, people.expired].map(
    (one) =>
      [
        'register-coverage',
        {
          ...one,
          city: '310000',
          scheme: '310',
          status: 'employed',
          birthDate: '1985-05-20',
          category: null,
          civilServant: false,
          coverage: { from: '2020-01-01', to: null },
          chronic: [],
          opening: '100000',
        },
      ] as const,
  ),
  ['declare-filing', filing(people.filed.person, 'long-term', daysAgo(400), null)],
  ['declare-filing', filing(people.expired.person, 'temporary', daysAgo(400), addMonths(daysAgo(400), 7))],
];

function filing(person: string, kind: string, from: Day, to: Day | null): unknown {
  return { person, kind, places: ['340000'], from, to };
}

/** A bill of a stay that is right in every part; `change` makes it wrong. */
export function bill(id: string, change: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    bill: id,
    person: people.filed.person,
    insuredPlace: '310000',
    hospital: hospital.code,
    visit: 'inpatient',
    admission: daysAgo(20),
    discharge: daysAgo(12),
    emergency: false,
    disease: null,
    diagnoses: ['I63.900'],
    items: [line()],
    total: '500000',
    requested: '0',
    confirm: 'automatic',
    ...change,
  };
}

/** A line of that bill. */
export function line(change: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    code: '001102000050000',
    date: daysAgo(20),
    unitPrice: '5000000000',
    quantity: '10000',
    amount: '500000',
    restrictionMet: false,
    ...change,
  };
}
