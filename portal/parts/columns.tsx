import { Columns3 } from 'lucide-react';
import type { Declaration, RecordType } from '../api/types.ts';
import { labelOf } from '../app/declaration.ts';
import { locale, t } from '../app/texts.ts';
import { Icon } from './icon.tsx';

/** Columns that stand there unasked: of more each is narrower than its words; on a phone a card says what tells it from the next. */
const unaskedMax = 8;
const onPhoneMax = 5;

/** The fields that have a column: those that the address names, or the first that the list declares. */
export function columnsOf(record: RecordType, columns: string | undefined): readonly string[] {
  const wanted = columns?.split(',') ?? [];
  const found = record.list.filter((name) => wanted.includes(name));
  return found.length === 0 ? unasked(record) : found;
}

function unasked({ list, schema }: RecordType): readonly string[] {
  // What declares no list is shown by what tells its records apart.
  if (list.length === 0) return Object.keys(schema.properties ?? {}).slice(0, 1);
  const most = matchMedia('(width < 56em)').matches ? onPhoneMax : unaskedMax;
  return list.filter((name) => !isForeign(list, name)).slice(0, most);
}

/** Whether a text that is kept in two languages (`name`, `nameEn`) is the one of the other. */
function isForeign(list: readonly string[], name: string): boolean {
  if (locale === 'en') return list.includes(`${name}En`);
  return name.endsWith('En') && list.includes(name.slice(0, -2));
}

interface ColumnsProps {
  readonly declared: Declaration;
  readonly record: RecordType;
  readonly shown: readonly string[];
  /** Undefined: those that stand there unasked. */
  choose(columns: string | undefined): void;
}

/** Which columns are shown; the first stays, as it leads to the record. */
export function Columns({ declared, record, shown, choose }: ColumnsProps) {
  const { list } = record;
  const toggle = (name: string) => {
    const next = list.filter((one) => (one === name ? !shown.includes(one) : shown.includes(one)));
    const own = next.join(',');
    choose(own === unasked(record).join(',') ? undefined : own);
  };
  return (
    <details className="columns">
      <summary className="button button-small">
        <Icon of={Columns3} size={16} />
        {t('list.columns')}
      </summary>
      <ul className="sheet columns-list">
        {list.map((name) => (
          <li key={name}>
            <label className="choice">
              <input
                type="checkbox"
                checked={shown.includes(name)}
                disabled={name === shown[0]}
                onChange={() => toggle(name)}
              />
              {labelOf(declared, record.name, name)}
            </label>
          </li>
        ))}
      </ul>
    </details>
  );
}
