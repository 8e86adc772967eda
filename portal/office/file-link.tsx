import { Download } from 'lucide-react';
import { useContext, useState } from 'react';
import { problemOf } from '../api/problem.ts';
import type { FileRef } from '../api/types.ts';
import { download } from '../api/upload.ts';
import { FilesOf, type FilesPlace } from '../parts/files-of.ts';
import { Icon } from '../parts/icon.tsx';
import { say, sizeText } from './file-words.ts';

type State = 'here' | 'under-way' | 'same' | { readonly fault: string };

/** A file of a record, taken away with its checksum compared; only its name where no record is known to open it by. */
export function FileLink({ of }: { readonly of: FileRef }) {
  const place = useContext(FilesOf);
  const [state, setState] = useState<State>('here');
  const { name, size } = of;
  if (place === undefined) return `${name} (${sizeText(size)})`;
  const take = async () => {
    setState('under-way');
    try {
      save(await download(of, queryOf(place), place.purpose), name);
      setState('same');
    } catch (error) {
      setState({ fault: faultOf(error) });
    }
  };
  return (
    <span className="stack">
      <span>
        <button type="button" className="button button-small" onClick={() => void take()}>
          <Icon of={Download} size={16} />
          {state === 'under-way'
            ? say('file.fetching', { name })
            : say('file.download', { name, size: sizeText(size) })}
        </button>
      </span>
      <span className="small" role="status">
        {state === 'same' && (
          <>
            {say('file.same')} <code className="file-hash">{of.sha256}</code>
          </>
        )}
        {typeof state === 'object' && <span className="you">{state.fault}</span>}
      </span>
    </span>
  );
}

function queryOf({ path, query }: FilesPlace): string {
  return `in=${encodeURIComponent(path)}${query.replace('?', '&')}`;
}

function faultOf(error: unknown): string {
  const problem = problemOf(error);
  if (problem.status === 404) return say('file.not-yet');
  if (problem.type === 'about:unexpected') return say('file.other-bytes');
  return `${problem.title} ${problem.remedy ?? ''}`;
}

function save(bytes: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(bytes);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
