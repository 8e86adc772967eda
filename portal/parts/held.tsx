import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { asked, post } from '../api/client.ts';
import { type Problem, problemOf } from '../api/problem.ts';
import { momentText } from '../app/format.ts';
import { t } from '../app/texts.ts';
import { Sheet } from './sheet.tsx';
import { Loaded, ProblemText } from './states.tsx';

interface HeldMessage {
  readonly position: string;
  readonly subject: string;
  readonly reason: string;
  readonly since: number;
}

/** Messages that wait for a person: each with its reason, and the two acts, which are signed and logged. 挂起事项 */
export function Held({ n }: { readonly n: number }) {
  const held = useQuery({ ...asked<{ readonly data: readonly HeldMessage[] }>('/held'), enabled: n > 0 });
  return (
    <Sheet title={t('held.title')} aside={t('held.why')}>
      {n === 0 ? (
        <p className="sheet-body good">{t('held.none')}</p>
      ) : (
        <Loaded of={held}>
          {({ data }) => (
            <ul className="list">
              {data.map((one) => (
                <HeldRow key={one.position} held={one} />
              ))}
            </ul>
          )}
        </Loaded>
      )}
    </Sheet>
  );
}

function HeldRow({ held }: { readonly held: HeldMessage }) {
  const id = useId();
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<Problem>();
  const act = async (how: 'run' | 'refuse') => {
    try {
      await post(`/held/${held.position}`, { how, reason });
      await queries.invalidateQueries();
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  const send = (event: FormEvent) => {
    event.preventDefault();
    void act('run');
  };
  return (
    <li className="sheet-body stack">
      <div>
        <p className="strong">{held.reason}</p>
        <p className="small quiet">
          <code>{held.subject}</code> · {momentText(held.since, true)}
        </p>
      </div>
      {problem !== undefined && (
        <div role="alert">
          <ProblemText problem={problem} />
        </div>
      )}
      <form className="release" onSubmit={send}>
        <label htmlFor={id} className="hidden">
          {t('held.reason')}
        </label>
        <input
          id={id}
          type="text"
          value={reason}
          placeholder={t('held.reason')}
          onChange={(event) => setReason(event.target.value)}
        />
        <button type="submit" className="button button-small">
          {t('held.run')}
        </button>
        <button type="button" className="button button-small" onClick={() => void act('refuse')}>
          {t('held.refuse')}
        </button>
      </form>
    </li>
  );
}
