import { CircleCheck, Upload, X } from 'lucide-react';
import { type ChangeEvent, useContext, useEffect, useRef, useState } from 'react';
import { ProblemError } from '../api/problem.ts';
import { upload } from '../api/upload.ts';
import { Concerned } from '../parts/concerned.ts';
import { controlId, type FieldProps } from '../parts/controls.tsx';
import { Icon } from '../parts/icon.tsx';
import type { Raw } from '../parts/read-input.ts';
import { say, sizeText } from './file-words.ts';
import '../styles/verify.css';

/** A file that leaves at once for the node, while the rest of the form is being filled in. */
export function FileBox({ pointer, raw, change, schema, label }: FieldProps & { readonly label: string }) {
  const max = schema.properties?.['size']?.maximum ?? Number.MAX_SAFE_INTEGER;
  const sending = useSending(change);
  const { under, fault, stop } = sending;
  const here = fileIn(raw);
  const id = controlId(pointer);
  const take = (event: ChangeEvent<HTMLInputElement>) => {
    const [file] = event.target.files ?? [];
    event.target.value = '';
    if (file !== undefined) void sending.send(file, max);
  };
  const remove = () => {
    stop();
    change('');
    document.getElementById(id)?.focus();
  };
  return (
    <div className="stack file-box">
      <p className="quiet small" id={`${id}-file-help`}>
        {say('file.help', { max: sizeText(max) })}
      </p>
      {fault !== undefined && (
        <p className="fault" role="alert">
          {fault}
        </p>
      )}
      <div className="row" aria-live="polite">
        {under !== undefined && <OnItsWay {...under} stop={remove} />}
        {under === undefined && here !== undefined && (
          <>
            <span className="mark-word file-here">
              <Icon of={CircleCheck} size={18} />
              {say('file.here', { name: here.name, size: sizeText(here.size) })}
            </span>
            <button type="button" className="button button-plain" onClick={remove}>
              <Icon of={X} size={18} />
              <span className="hidden">{say('file.remove', { name: here.name })}</span>
            </button>
          </>
        )}
      </div>
      <div>
        <label className="button verify-file">
          <Icon of={Upload} size={18} />
          <span className="hidden">{label} </span>
          {say(here === undefined ? 'file.choose' : 'file.other')}
          <input id={id} type="file" aria-describedby={`${id}-file-help`} onChange={take} />
        </label>
      </div>
    </div>
  );
}

interface Under {
  readonly name: string;
  /** 0 to 1. */
  readonly share: number;
}

function OnItsWay({ name, share, stop }: Under & { stop(): void }) {
  const percent = `${Math.floor(share * 100)} %`;
  const text = say('file.on-its-way', { name, share: percent });
  return (
    <>
      <progress value={share} aria-label={text} />
      <span>{text}</span>
      <button type="button" className="button button-small" onClick={stop}>
        {say('file.stop')}
      </button>
    </>
  );
}

/** Sends one file at a time; what the form holds meanwhile names no file yet. */
function useSending(change: (raw: Raw) => void) {
  const person = useContext(Concerned);
  const [under, setUnder] = useState<Under>();
  const [fault, setFault] = useState<string>();
  const giving = useRef<AbortController>(undefined);
  // The form may have changed while the file was on its way: its newest state is what the file is put into.
  const latest = useRef(change);
  useEffect(() => {
    latest.current = change;
  });
  useEffect(() => () => giving.current?.abort(), []);
  const stop = () => {
    giving.current?.abort();
    setUnder(undefined);
    setFault(undefined);
  };
  const send = async (file: File, max: number) => {
    stop();
    const { name, size } = file;
    if (size > max)
      return setFault(say('file.too-large', { name, size: sizeText(size), max: sizeText(max) }));
    const own = new AbortController();
    giving.current = own;
    setUnder({ name, share: 0 });
    latest.current({ name });
    try {
      const { signal } = own;
      const progress = (share: number) => setUnder({ name, share });
      const found = await upload(file, { signal, progress, person });
      latest.current({ ...found, size: String(found.size) });
    } catch (error) {
      if (own.signal.aborted) return;
      latest.current('');
      setFault(error instanceof ProblemError ? faultOf(error) : say('file.cut'));
    }
    setUnder(undefined);
  };
  return { under, fault, send, stop };
}

function faultOf({ problem: { detail, remedy = '' } }: ProblemError): string {
  return `${detail} ${remedy}`.trim();
}

function fileIn(raw: Raw | undefined): { readonly name: string; readonly size: number } | undefined {
  if (typeof raw !== 'object' || Array.isArray(raw)) return undefined;
  const { name, size, sha256 } = raw as { readonly [key: string]: Raw };
  return sha256 === undefined ? undefined : { name: String(name), size: Number(size) };
}
