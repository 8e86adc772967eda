import { Columns3 } from 'lucide-react';
import type { Declaration, RecordType } from '../api/types.ts';
import { labelOf } from '../app/declaration.ts';
import { t } from '../app/texts.ts';
import { Icon } from './icon.tsx';

/** The fields that have a column: those that the address names, or all that the list declares. */
export function columnsOf({ list }: RecordType, columns: string | undefined): readonly string[] {
  const wanted = columns?.split(',') ?? [];
  const found = list.filter((name) => wanted.includes(name));
  return found.length === 0 ? list : found;
}

interface ColumnsProps {
  readonly declared: Declaration;
  readonly record: RecordType;
  readonly shown: readonly string[];
  /** Undefined: all. */
  choose(columns: string | undefined): void;
}

/** Which columns are shown; the first stays, as it leads to the record. */
export function Columns({ declared, record, shown, choose }: ColumnsProps) {
  const { list } = record;
  const toggle = (name: string) => {
    const next = list.filter((one) => (one === name ? !shown.includes(one) : shown.includes(one)));
    choose(next.length === list.length ? undefined : next.join(','));
  };
  return (
    <details className="columns">
      <summary className="button button-small">
        <Icon of={Columns3} size={16} />
        {t('list.columns')}
      </summary>
      <ul className="sheet columns-list">
        {list.map((name, at) => (
          <li key={name}>
            <label className="choice">
              <input
                type="checkbox"
                checked={shown.includes(name)}
                disabled={at === 0}
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
