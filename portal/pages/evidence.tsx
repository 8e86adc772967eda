import { useMutation, useQuery } from '@tanstack/react-query';
import { FileCheck2 } from 'lucide-react';
import { type ChangeEvent, type FormEvent, useState } from 'react';
import { asked, get, isStatus, post } from '../api/client.ts';
import type { Way } from '../api/types.ts';
import { useGo, useParams, useSearch } from '../app/address.ts';
import { type EvidenceFile, fileIn, type Verified } from '../office/evidence-file.ts';
import { EvidenceResult } from '../office/evidence-result.tsx';
import { say } from '../office/evidence-words.ts';
import { Icon } from '../parts/icon.tsx';
import { PageHead, Sheet } from '../parts/sheet.tsx';
import { Broken, Empty, Loaded, Waiting } from '../parts/states.tsx';
import { BookReaders } from '../parts/watchers.tsx';
import { WaySheet } from '../parts/way.tsx';

/** Bytes of a file that the node verifies at most. */
const fileMax = 1_000_000;

/** A message's evidence, or a file that somebody brought: every step of its verification with its result. 证据核验 */
export function Page() {
  return (
    <BookReaders title={say('title')}>
      <Watched />
    </BookReaders>
  );
}

function Watched() {
  const { id } = useParams();
  const { at } = useSearch();
  return (
    <>
      <PageHead
        title={say(id === undefined ? 'title' : 'of-message')}
        under={<p>{say('why')}</p>}
        back={id === undefined ? undefined : { to: '/evidence', title: say('again') }}
      />
      {id === undefined ? (
        <Desk />
      ) : (
        <div className="stack">
          <OfMessage id={id} />
          <OfConversation at={at ?? id} />
        </div>
      )}
    </>
  );
}

interface Checked {
  readonly text: string;
  readonly file: EvidenceFile | undefined;
  readonly result: Verified;
}

async function verified(text: string): Promise<Checked> {
  return { text, file: fileIn(text), result: await post<Verified>('/evidence', { file: text }) };
}

function OfMessage({ id }: { readonly id: string }) {
  const checked = useQuery({
    queryKey: ['evidence', id],
    queryFn: async ({ signal }) =>
      verified(JSON.stringify(await get<unknown>(`/evidence/${encodeURIComponent(id)}`, { signal }))),
  });
  if (isStatus(checked.error, 404))
    return (
      <Sheet>
        <Empty why={say('none-yet')} />
      </Sheet>
    );
  return <Loaded of={checked}>{(found) => <EvidenceResult {...found} />}</Loaded>;
}

/** The way over the members of what the message belongs to, by its place in the journal or by its number; nothing where this node knows neither. */
function OfConversation({ at }: { readonly at: string }) {
  const way = useQuery(asked<Way>(`/ways/${encodeURIComponent(at)}`));
  if (isStatus(way.error, 404)) return null;
  return <Loaded of={way}>{(found) => found.steps.length > 0 && <WaySheet way={found} />}</Loaded>;
}

/** A number to look up, or a file to bring. */
function Desk() {
  const go = useGo();
  const [id, setId] = useState('');
  const [isWrong, setWrong] = useState(false);
  const [isLarge, setLarge] = useState(false);
  const check = useMutation({ mutationFn: async (file: File) => verified(await file.text()) });
  const look = (event: FormEvent) => {
    event.preventDefault();
    const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id.trim());
    setWrong(!isId);
    if (isId) go(`/evidence/${id.trim().toLowerCase()}`);
  };
  const bring = ({ target }: ChangeEvent<HTMLInputElement>) => {
    const [file] = target.files ?? [];
    if (file === undefined) return;
    setLarge(file.size > fileMax);
    if (file.size <= fileMax) check.mutate(file);
    target.value = '';
  };
  return (
    <div className="stack">
      <Sheet>
        <div className="evidence-desk">
          <form className="form-plain" onSubmit={look} noValidate>
            <div className={isWrong ? 'field field-wrong' : 'field'}>
              <label htmlFor="evidence-id">{say('id')}</label>
              <p id="evidence-help" className="quiet small">
                {say('id-help')}
              </p>
              {isWrong && (
                <p id="evidence-fault" className="fault" role="alert">
                  {say('id-wrong')}
                </p>
              )}
              <input
                id="evidence-id"
                type="text"
                className="mono"
                value={id}
                spellCheck={false}
                autoComplete="off"
                aria-describedby="evidence-help"
                aria-invalid={isWrong || undefined}
                onChange={(event) => setId(event.target.value)}
              />
            </div>
            <button type="submit" className="button button-main">
              {say('look')}
            </button>
          </form>
          <p className="quiet evidence-or">{say('or')}</p>
          <div className="stack">
            <label className="button file-button">
              <Icon of={FileCheck2} size={18} />
              {say('file')}
              <input type="file" accept="application/json,.json" className="hidden" onChange={bring} />
            </label>
            <p className="small quiet">{say('file-why')}</p>
            {isLarge && (
              <p className="fault" role="alert">
                {say('file-large')}
              </p>
            )}
          </div>
        </div>
      </Sheet>
      {check.isPending && <Waiting />}
      {check.error !== null && <Broken error={check.error} />}
      {check.data !== undefined && <EvidenceResult {...check.data} />}
    </div>
  );
}
