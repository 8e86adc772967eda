import { cities, DayInput, dayText, members, placeName, shortName, today, useSession } from '@yitong/portal';
import { words } from './filing-texts.ts';

/** What a person fills in: one place, why, from which day. */
export interface FilingDraft {
  readonly place: string;
  readonly kind: string;
  readonly day: string;
}

const kinds = ['long-term', 'referral', 'temporary'] as const;

interface FieldsProps {
  readonly draft: FilingDraft;
  /** Someone tried to send it: what is missing is said. */
  readonly isTried: boolean;
  change(next: FilingDraft): void;
}

/** The three steps: where, why, from when; today unless another day is chosen. */
export function FilingFields({ draft, change, isTried }: FieldsProps) {
  const set = (part: Partial<FilingDraft>) => change({ ...draft, ...part });
  const noPlace = isTried && draft.place === '';
  const noKind = isTried && draft.kind === '';
  return (
    <>
      <div className={noPlace ? 'field field-wrong' : 'field'}>
        <label htmlFor="filing-place">{words('filing.where')}</label>
        {noPlace && <Missing id="filing-place-fault" text={words('filing.missing.place')} />}
        <select
          id="filing-place"
          value={draft.place}
          aria-describedby={noPlace ? 'filing-place-fault' : undefined}
          aria-invalid={noPlace}
          onChange={(event) => set({ place: event.target.value })}
        >
          <option value="">{words('filing.choose')}</option>
          <Places />
        </select>
      </div>
      <fieldset className={noKind ? 'field field-wrong' : 'field'}>
        <legend>{words('filing.why')}</legend>
        {noKind && <Missing id="filing-kind-fault" text={words('filing.missing.kind')} />}
        {kinds.map((kind) => (
          <label key={kind} className="filing-choice">
            <input
              id={`filing-kind-${kind}`}
              type="radio"
              name="kind"
              checked={draft.kind === kind}
              onChange={() => set({ kind })}
            />
            <span>
              {words(`filing.why.${kind}`)}
              <span className="small quiet block">{words(`filing.why.${kind}.help`)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <Day draft={draft} set={set} />
    </>
  );
}

function Missing({ id, text }: { readonly id: string; readonly text: string }) {
  return (
    <p id={id} className="fault">
      {text}
    </p>
  );
}

/** Members other than the person's own first by their whole, then city by city. */
function Places() {
  const here = useSession()?.member;
  return members
    .filter(({ code }) => code !== here)
    .map(({ code }) => (
      <optgroup key={code} label={placeName(code)}>
        {code !== '310000' && (
          <option value={code}>{words('filing.whole', { name: placeName(code) })}</option>
        )}
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

function Day({ draft, set }: { readonly draft: FilingDraft; set(part: Partial<FilingDraft>): void }) {
  const isToday = draft.day === today();
  return (
    <details className="filing-day" open={!isToday}>
      <summary>
        <span className="strong">{words('filing.from')}</span>{' '}
        {isToday ? words('filing.today') : dayText(draft.day)}{' '}
        <span className="small quiet">{words('filing.later')}</span>
      </summary>
      <div className="field">
        <label htmlFor="filing-day">{words('filing.day')}</label>
        <DayInput
          id="filing-day"
          min={today()}
          value={draft.day}
          onChange={(event) => set({ day: event.target.value === '' ? today() : event.target.value })}
        />
      </div>
    </details>
  );
}
