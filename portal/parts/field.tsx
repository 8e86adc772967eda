import { Plus, X } from 'lucide-react';
import { lazy, type ReactNode, Suspense } from 'react';
import type { Schema } from '../api/types.ts';
import { isNullable, labelOf, plain } from '../app/declaration.ts';
import { type TextKey, t } from '../app/texts.ts';
import { controlId, DateBoxes, type FieldProps, Radios, Single, YesNo } from './controls.tsx';
import { Icon } from './icon.tsx';
import type { Raw } from './read-input.ts';

/** What brings files is fetched by forms that have one. */
const FileBox = lazy(() => import('../office/file-box.tsx').then((own) => ({ default: own.FileBox })));

const helped = new Set(['money', 'cn-id', 'date', 'month', 'credit-code', 'basis-points', 'count']);

/** A labelled control of the field's kind, with help, and its fault between help and control. */
export function Field(props: FieldProps): ReactNode {
  const { declared, of, name, schema, pointer, isRequired, faults } = props;
  const known = plain(schema);
  const id = controlId(pointer);
  const fault = faults.get(pointer);
  const label = labelOf(declared, of, name);
  const optional =
    isNullable(schema) || !isRequired ? <span className="quiet"> {t('form.optional')}</span> : null;
  const help = helped.has(known.kind ?? '') ? t(`help.${known.kind}` as TextKey) : undefined;
  const described = [help === undefined ? '' : `${id}-help`, fault === undefined ? '' : `${id}-fault`]
    .join(' ')
    .trim();
  const notes = (
    <>
      {help !== undefined && (
        <p id={`${id}-help`} className="quiet small">
          {help}
        </p>
      )}
      {fault !== undefined && (
        <p id={`${id}-fault`} className="fault">
          <span className="hidden">{t('form.fault')}</span>
          {fault}
        </p>
      )}
    </>
  );
  const className = fault === undefined ? 'field' : 'field field-wrong';
  if (isGrouped(known))
    return (
      <fieldset className={className} aria-describedby={described || undefined} id={`${id}-group`}>
        <legend>
          {label}
          {optional}
        </legend>
        {notes}
        <Grouped {...props} schema={known} label={label} isRequired={optional === null} />
      </fieldset>
    );
  return (
    <div className={className}>
      <label htmlFor={id}>
        {label}
        {optional}
      </label>
      {notes}
      <Single {...props} schema={known} described={described} isWrong={fault !== undefined} />
    </div>
  );
}

const radiosMax = 6;

function isGrouped({ kind, type, properties, enum: choices = [] }: Schema): boolean {
  return (
    kind === 'date' ||
    kind === 'yes-no' ||
    type === 'array' ||
    properties !== undefined ||
    (kind === 'choice' && choices.length <= radiosMax)
  );
}

function Grouped(props: FieldProps & { readonly label: string }) {
  const { schema } = props;
  if (schema.kind === 'file')
    return (
      <Suspense>
        <FileBox {...props} />
      </Suspense>
    );
  if (schema.kind === 'date') return <DateBoxes {...props} />;
  if (schema.kind === 'yes-no') return <YesNo {...props} />;
  if (schema.type === 'array') return <Repeated {...props} />;
  if (schema.properties !== undefined) return <Inner {...props} />;
  return <Radios {...props} />;
}

function Inner({ declared, name, schema, pointer, raw, faults, change }: FieldProps) {
  const held =
    typeof raw === 'object' && !Array.isArray(raw) ? (raw as { readonly [name: string]: Raw }) : {};
  return Object.entries(schema.properties ?? {}).map(([inner, of]) => (
    <Field
      key={inner}
      declared={declared}
      of={name}
      name={inner}
      schema={of}
      pointer={`${pointer}/${inner}`}
      isRequired={schema.required?.includes(inner) ?? false}
      raw={held[inner]}
      faults={faults}
      change={(next) => change({ ...held, [inner]: next })}
    />
  ));
}

/** Rows of one kind: each can be taken away, another be added; the first is there from the beginning. */
function Repeated({
  declared,
  name,
  schema,
  pointer,
  raw,
  faults,
  change,
  label,
}: FieldProps & { readonly label: string }) {
  const rows = Array.isArray(raw) ? (raw as readonly Raw[]) : [];
  const shown = rows.length === 0 && (schema.minItems ?? 0) > 0 ? [''] : rows;
  const items = schema.items ?? {};
  const put = (at: number, next: Raw) => change(shown.map((row, i) => (i === at ? next : row)));
  return (
    <div className="stack">
      {shown.map((row, at) => (
        <div key={at} className="repeated">
          <Bare
            {...{ declared, name, faults, label, at }}
            schema={plain(items)}
            pointer={`${pointer}/${at}`}
            raw={row}
            change={(next) => put(at, next)}
          />
          {shown.length > (schema.minItems ?? 0) && (
            <button
              type="button"
              className="button button-plain"
              onClick={() => change(shown.filter((_, i) => i !== at))}
            >
              <Icon of={X} size={18} />
              <span className="hidden">{t('form.remove', { label, n: at + 1 })}</span>
            </button>
          )}
        </div>
      ))}
      <div>
        <button
          type="button"
          className="button button-small"
          id={shown.length === 0 ? controlId(pointer) : undefined}
          onClick={() => change([...shown, plain(items).properties === undefined ? '' : {}])}
        >
          <Icon of={Plus} size={16} />
          {t('form.add')}
        </button>
      </div>
    </div>
  );
}

type BareProps = Omit<FieldProps, 'of' | 'isRequired'> & { readonly label: string; readonly at: number };

/** A row's control, whose label is that of the field that it repeats. */
function Bare({ label, at, ...props }: BareProps) {
  const whole = { ...props, of: props.name, isRequired: true };
  if (props.schema.kind === 'file')
    return (
      <Suspense>
        <FileBox {...whole} label={`${label} ${at + 1}`} />
      </Suspense>
    );
  if (props.schema.properties !== undefined)
    return (
      <div className="sheet sheet-body stack">
        <Inner {...whole} />
      </div>
    );
  return (
    <div className="field">
      <label className="hidden" htmlFor={controlId(props.pointer)}>
        {`${label} ${at + 1}`}
      </label>
      <Single {...whole} described="" isWrong={props.faults.has(props.pointer)} />
    </div>
  );
}
