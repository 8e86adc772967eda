import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { asked } from '../api/client.ts';
import type { Declaration } from '../api/types.ts';
import { whole } from '../app/format.ts';
import { Loaded } from '../parts/states.tsx';
import { leavesOf } from './flat.ts';
import { LawLeaf, type LawValue } from './law-leaf.tsx';
import { say } from './law-words.ts';

/** Leaves of a value that a page lists at most. */
const shownMax = 400;

interface ParamValueProps {
  readonly declared: Pick<Declaration, 'texts'>;
  /** Undefined when it is too long to stand in the sheet: it is fetched when opened. */
  readonly of: LawValue | undefined;
  readonly path: string;
}

/** A parameter's value: one that is short as it is, a longer one leaf by leaf when opened. */
export function ParamValue({ declared, of, path }: ParamValueProps) {
  const [isOpen, setOpen] = useState(false);
  const value = of?.value;
  if (of !== undefined && (typeof value !== 'object' || value === null))
    return (
      <strong>
        <LawLeaf declared={declared} text={String(value)} path="" money={of.money} />
      </strong>
    );
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object') && value.length <= 12)
    return <span>{value.map(String).join(' · ')}</span>;
  return (
    <details className="param-value" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {value === undefined
          ? say('value.whole')
          : say('value.entries', { n: Object.keys(Object(value)).length })}
      </summary>
      {isOpen &&
        (of === undefined ? <Fetched {...{ declared, path }} /> : <Leaves declared={declared} of={of} />)}
    </details>
  );
}

function Fetched({ declared, path }: Omit<ParamValueProps, 'of'>) {
  const found = useQuery(asked<LawValue>(path));
  return <Loaded of={found}>{(of) => <Leaves declared={declared} of={of} />}</Loaded>;
}

function Leaves({
  declared,
  of: { value, money },
}: Pick<ParamValueProps, 'declared'> & { readonly of: LawValue }) {
  const leaves = leavesOf(value);
  return (
    <>
      <dl className="leaves">
        {leaves.slice(0, shownMax).map(({ path, text }) => (
          <div key={path} className="fact">
            <dt>{path}</dt>
            <dd>
              <LawLeaf {...{ declared, text, path, money }} />
            </dd>
          </div>
        ))}
      </dl>
      {leaves.length > shownMax && (
        <p className="small quiet">{say('value.shown', { n: whole(shownMax) })}</p>
      )}
    </>
  );
}
