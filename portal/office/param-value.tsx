import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { asked } from '../api/client.ts';
import { whole } from '../app/format.ts';
import { Loaded } from '../parts/states.tsx';
import { leavesOf } from './flat.ts';
import { say } from './law-words.ts';

/** Leaves of a value that a page lists at most. */
const shownMax = 400;

interface ParamValueProps {
  /** Undefined when it is too long to stand in the sheet: it is fetched when opened. */
  readonly value: unknown;
  readonly path: string;
}

/** A parameter's value: one that is short as it is, a longer one leaf by leaf when opened. */
export function ParamValue({ value, path }: ParamValueProps) {
  const [isOpen, setOpen] = useState(false);
  if (value !== undefined && (typeof value !== 'object' || value === null))
    return <strong>{String(value)}</strong>;
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object') && value.length <= 12)
    return <span>{value.map(String).join(' · ')}</span>;
  return (
    <details className="param-value" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {value === undefined
          ? say('value.whole')
          : say('value.entries', { n: Object.keys(Object(value)).length })}
      </summary>
      {isOpen && (value === undefined ? <Fetched path={path} /> : <Leaves value={value} />)}
    </details>
  );
}

function Fetched({ path }: { readonly path: string }) {
  const found = useQuery(asked<{ readonly value: unknown }>(path));
  return <Loaded of={found}>{({ value }) => <Leaves value={value} />}</Loaded>;
}

function Leaves({ value }: { readonly value: unknown }) {
  const leaves = leavesOf(value);
  return (
    <>
      <dl className="leaves">
        {leaves.slice(0, shownMax).map(({ path, text }) => (
          <div key={path} className="fact">
            <dt>{path}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      {leaves.length > shownMax && (
        <p className="small quiet">{say('value.shown', { n: whole(shownMax) })}</p>
      )}
    </>
  );
}
