import { lazy, type RefCallback, Suspense, useState } from 'react';
import type { Declaration, Schema } from '../api/types.ts';
import { choiceText } from '../app/declaration.ts';
import { cities, members, placeName } from '../app/places.ts';
import { t } from '../app/texts.ts';
import type { Raw } from './read-input.ts';

/** One field of a form: what it is, what stands in it, and what is wrong with it. */
export interface FieldProps {
  readonly declared: Declaration;
  /** Name of what holds the field, for its label. */
  readonly of: string;
  readonly name: string;
  readonly schema: Schema;
  readonly pointer: string;
  readonly isRequired: boolean;
  readonly raw: Raw | undefined;
  readonly faults: ReadonlyMap<string, string>;
  change(raw: Raw): void;
}

/** Fetched by forms with a field that names something. */
const Choice = lazy(() => import('./choice.tsx').then((own) => ({ default: own.Choice })));

/** The id of a field's first control. */
export const controlId = (pointer: string): string => `f${pointer.replaceAll('/', '-')}`;

/** A field's one control. */
export interface SingleProps extends FieldProps {
  readonly described: string;
  readonly isWrong: boolean;
}

/** A text, a longer text, or a choice from a list. */
export function Single(props: SingleProps) {
  const { schema, pointer, raw, change, declared, described, isWrong } = props;
  const [keep] = useState(keptFocus);
  const { kind = 'text', maxLength, enum: choices } = schema;
  const shared = {
    id: controlId(pointer),
    value: typeof raw === 'string' ? raw : '',
    'aria-describedby': described || undefined,
    'aria-invalid': isWrong || undefined,
  };
  const take = (event: { readonly target: { readonly value: string } }) => change(event.target.value);
  if (choices !== undefined)
    return (
      <select {...shared} onChange={take}>
        <option value="">{t('form.choose')}</option>
        {choices.map((one) => (
          <option key={one} value={one}>
            {choiceText(declared, String(one))}
          </option>
        ))}
      </select>
    );
  if (kind === 'city' || kind === 'member' || kind === 'place')
    return (
      <select {...shared} onChange={take}>
        <option value="">{t('form.choose')}</option>
        <Places kind={kind} />
      </select>
    );
  if (kind === 'text' && (maxLength ?? 0) > 120) return <textarea {...shared} rows={4} onChange={take} />;
  const line = (
    <input
      {...shared}
      ref={keep}
      type="text"
      className={`input-${kind}`}
      inputMode={kind === 'money' ? 'decimal' : kind === 'count' ? 'numeric' : 'text'}
      autoComplete="off"
      spellCheck={false}
      onChange={take}
    />
  );
  if (schema.names === undefined) return line;
  return (
    <Suspense fallback={line}>
      <Choice {...props} id={shared.id} line={line} keep={keep} />
    </Suspense>
  );
}

/** What one box leaves behind when another takes its place: that it was being typed in, and where. */
function keptFocus(): RefCallback<HTMLInputElement> {
  let held: readonly [start: number | null, end: number | null] | undefined;
  return (box) => {
    if (held !== undefined) {
      box?.focus();
      box?.setSelectionRange(...held);
    }
    held = undefined;
    return () => {
      if (box !== null && document.activeElement === box) held = [box.selectionStart, box.selectionEnd];
    };
  };
}

/** Members, their cities, or both, as the kind has it. */
function Places({ kind }: { readonly kind: string }) {
  if (kind === 'member')
    return members.map(({ code }) => (
      <option key={code} value={code}>
        {placeName(code)}
      </option>
    ));
  return members.map((member) => (
    <optgroup key={member.code} label={placeName(member.code)}>
      {kind === 'place' && member.code !== '310000' && (
        <option value={member.code}>{t('form.whole-member', { name: placeName(member.code) })}</option>
      )}
      {cities
        .filter((city) => city.member === member.code)
        .map(({ code }) => (
          <option key={code} value={code}>
            {placeName(code)}
          </option>
        ))}
    </optgroup>
  ));
}

const boxes = [
  ['year', 4],
  ['month', 2],
  ['day', 2],
] as const;

/** Three boxes, the year first; they hold `YYYY-MM-DD`, with gaps while it is being typed. */
export function DateBoxes({ pointer, raw, change }: FieldProps) {
  const parts = typeof raw === 'string' ? raw.split('-') : [];
  const take = (at: number, text: string) => {
    const next = boxes.map((_, i) => (i === at ? text.replace(/\D/g, '') : (parts[i] ?? '')));
    change(next.join('-'));
  };
  const pad = () =>
    change(boxes.map(([, width], i) => (parts[i] ? parts[i].padStart(width, '0') : '')).join('-'));
  return (
    <div className="boxes">
      {boxes.map(([unit, width], at) => (
        <span key={unit}>
          <input
            id={at === 0 ? controlId(pointer) : `${controlId(pointer)}-${unit}`}
            type="text"
            inputMode="numeric"
            maxLength={width}
            className={`box-${width}`}
            value={parts[at] ?? ''}
            onChange={(event) => take(at, event.target.value)}
            onBlur={pad}
          />
          <label htmlFor={at === 0 ? controlId(pointer) : `${controlId(pointer)}-${unit}`}>
            {t(`form.${unit}`)}
          </label>
        </span>
      ))}
    </div>
  );
}

/** Yes or no. */
export function YesNo({ pointer, raw, change }: FieldProps) {
  return (
    <div className="choices choices-row">
      {[true, false].map((value) => (
        <label key={String(value)} className="choice">
          <input
            id={value ? controlId(pointer) : undefined}
            type="radio"
            name={controlId(pointer)}
            checked={raw === value}
            onChange={() => change(value)}
          />
          {t(value ? 'field.yes' : 'field.no')}
        </label>
      ))}
    </div>
  );
}

/** A short list, all of it in sight; what need not be chosen can be unchosen again. */
export function Radios({ pointer, raw, change, schema, declared, isRequired }: FieldProps) {
  return (
    <div className="choices">
      {!isRequired && (
        <label className="choice">
          <input
            type="radio"
            name={controlId(pointer)}
            checked={raw === undefined || raw === ''}
            onChange={() => change('')}
          />
          {t('form.none')}
        </label>
      )}
      {(schema.enum ?? []).map((value, at) => (
        <label key={value} className="choice">
          <input
            id={at === 0 ? controlId(pointer) : undefined}
            type="radio"
            name={controlId(pointer)}
            value={value}
            checked={raw === value}
            onChange={() => change(String(value))}
          />
          {choiceText(declared, String(value))}
        </label>
      ))}
    </div>
  );
}
