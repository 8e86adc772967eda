import { cities, DayInput, members, placeName, StateMark, shortName } from '@yitong/portal';
import type { KeyboardEvent, ReactNode } from 'react';
import { words } from './counter-texts.ts';
import type { BillDraft } from './draft.ts';
import type { Eligibility } from './entitlement.ts';
import type { Institution } from './records.ts';
import { scanned } from './scanned.ts';
import type { CounterTalk } from './use-counter.ts';

interface PersonProps {
  readonly draft: BillDraft;
  readonly hospitals: readonly Institution[];
  readonly counter: CounterTalk;
  readonly texts: Readonly<Record<string, string>>;
  change(next: BillDraft): void;
}

/** Who is treated, where, and whether the insured place will pay. */
export function CounterPerson({ draft, change, hospitals, counter, texts }: PersonProps) {
  const set = (part: Partial<BillDraft>) => change({ ...draft, ...part });
  const isReady = draft.person.trim() !== '' && draft.insuredPlace !== '';
  // A scanner types what it read and presses Enter.
  const enter = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key !== 'Enter' || event.ctrlKey) return;
    event.preventDefault();
    const found = scanned(draft.person, (code) => cities.some((city) => city.code === code));
    const next = { ...draft, ...found };
    change(next);
    if (next.insuredPlace === '') document.getElementById('counter-place')?.focus();
    else counter.check(next);
  };
  return (
    <section className="sheet counter-person" aria-label={words('person')}>
      <Labelled id="counter-person" label={texts['bill.person'] ?? ''} hint="F2">
        <input
          id="counter-person"
          type="text"
          autoComplete="off"
          value={counter.eligibility === undefined ? draft.person : masked(draft.person)}
          aria-describedby="counter-scan"
          onFocus={(event) => event.target.select()}
          onChange={(event) => set({ person: typed(event.target.value) })}
          onKeyDown={enter}
        />
        <span id="counter-scan" className="small quiet">
          {words('scan')}
        </span>
      </Labelled>
      <Labelled id="counter-place" label={texts['bill.insuredPlace'] ?? ''}>
        <select
          id="counter-place"
          value={draft.insuredPlace}
          onChange={(event) => set({ insuredPlace: event.target.value })}
        >
          <option value="">{words('choose')}</option>
          <CityOptions />
        </select>
      </Labelled>
      <button
        type="button"
        className="button"
        disabled={!isReady || counter.isUnderWay}
        onClick={() => counter.check(draft)}
      >
        {words('check')}
      </button>
      {counter.eligibility !== undefined && <Entitled eligibility={counter.eligibility} texts={texts} />}
      <Visit draft={draft} set={set} hospitals={hospitals} texts={texts} />
    </section>
  );
}

function CityOptions() {
  return members.map(({ code }) => (
    <optgroup key={code} label={placeName(code)}>
      {cities
        .filter(({ member }) => member === code)
        .map((city) => (
          <option key={city.code} value={city.code}>
            {shortName(city.code)}
          </option>
        ))}
    </optgroup>
  ));
}

type VisitProps = Pick<PersonProps, 'draft' | 'hospitals' | 'texts'> & {
  set(part: Partial<BillDraft>): void;
};

/** Where, which kind of visit, when, and how much of the personal account is wanted. */
function Visit({ draft, set, hospitals, texts }: VisitProps) {
  return (
    <>
      <Labelled id="counter-hospital" label={words('hospital')}>
        <select
          id="counter-hospital"
          value={draft.hospital}
          onChange={(event) => set({ hospital: event.target.value })}
        >
          {hospitals.map(({ code, name }) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </select>
      </Labelled>
      <Labelled id="counter-visit" label={texts['bill.visit'] ?? ''}>
        <select
          id="counter-visit"
          value={draft.visit}
          onChange={(event) =>
            set({ visit: event.target.value === 'inpatient' ? 'inpatient' : 'outpatient' })
          }
        >
          <option value="outpatient">{texts['=outpatient']}</option>
          <option value="inpatient">{texts['=inpatient']}</option>
        </select>
      </Labelled>
      {draft.visit === 'inpatient' && (
        <Labelled id="counter-from" label={texts['bill.admission'] ?? ''}>
          <DayInput
            id="counter-from"
            value={draft.admission}
            onChange={(event) => set({ admission: event.target.value })}
          />
        </Labelled>
      )}
      <Labelled id="counter-to" label={texts['bill.discharge'] ?? ''}>
        <DayInput
          id="counter-to"
          value={draft.discharge}
          onChange={(event) => set({ discharge: event.target.value })}
        />
      </Labelled>
      <Labelled id="counter-requested" label={texts['present-bill.requested'] ?? ''} unit={words('yuan')}>
        <input
          id="counter-requested"
          type="text"
          inputMode="decimal"
          className="number"
          value={draft.requested}
          onChange={(event) => set({ requested: event.target.value })}
        />
      </Labelled>
    </>
  );
}

interface LabelledProps {
  readonly id: string;
  readonly label: string;
  /** The key that leads there. */
  readonly hint?: string;
  readonly unit?: string;
  readonly children: ReactNode;
}

function Labelled({ id, label, hint, unit, children }: LabelledProps) {
  return (
    <div className="counter-field">
      <label htmlFor={id} className="small quiet">
        {unit === undefined ? label : words('in', { label, unit })} {hint !== undefined && <kbd>{hint}</kbd>}
      </label>
      {children}
    </div>
  );
}

/** Whoever stands beside the counter need not read the whole number: the middle of it is hidden once it is known who it is. */
function masked(person: string): string {
  return person.replace(/^(.{6})(.{8})(.{4})$/, '$1********$3');
}

/** A number of which a part is hidden is typed anew. */
function typed(text: string): string {
  return text.includes('*') ? '' : text;
}

interface EntitledProps {
  readonly eligibility: Eligibility;
  readonly texts: Readonly<Record<string, string>>;
}

/** Whether the insured place will pay, under which title, and how quickly it said so; what to do when it cannot be reached. */
function Entitled({ eligibility, texts }: EntitledProps) {
  const { state, filingKind = '', code = '', tookMs } = eligibility;
  const isGood = state === 'entitled';
  const why = isGood
    ? (texts[`=${filingKind}`] ?? filingKind)
    : state === 'refused'
      ? (texts[`!${code}`] ?? code)
      : words('unreachable');
  return (
    <div className={`counter-answer ${isGood ? 'edge-good' : 'edge-you'}`} role="status">
      <p className="strong mark-word">
        <StateMark state={isGood ? 'good' : 'away'} />
        {words(isGood ? 'entitled' : state === 'refused' ? 'not-entitled' : 'away-now')}
      </p>
      <p className="small">
        {why} · {words('took', { s: (tookMs / 1_000).toFixed(1) })}
      </p>
    </div>
  );
}
