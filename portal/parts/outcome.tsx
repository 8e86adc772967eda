import { useQuery } from '@tanstack/react-query';
import { CircleAlert, CircleCheck, Clock } from 'lucide-react';
import { get } from '../api/client.ts';
import type { Answer, Command, Declaration } from '../api/types.ts';
import { textOf } from '../app/declaration.ts';
import { t } from '../app/texts.ts';
import { Go } from './go.tsx';
import { Icon } from './icon.tsx';
import { outcomeTexts } from './outcome-texts.ts';
import { ProblemText } from './states.tsx';

/** Milliseconds between two looks at a conversation that goes on. */
const lookMs = 2_000;

/** Follows a command's conversation to its end. */
function useOutcome(answer: Answer): Answer {
  const { conversation = '' } = answer;
  const { data = answer } = useQuery({
    queryKey: [conversation, 'outcome'],
    queryFn: ({ signal }) => get<Answer>(conversation, { signal }),
    enabled: !isOver(answer.state),
    // What is held goes on too: a person decides, and whoever sent it sees that as it comes.
    refetchInterval: ({ state }) => (isOver(state.data?.state) ? false : lookMs),
  });
  return data;
}

function isOver(state: Answer['state'] | undefined): boolean {
  return state !== undefined && state !== 'open' && state !== 'held';
}

interface OutcomeProps {
  readonly declared: Declaration;
  readonly command: Command;
  readonly answer: Answer;
  again(): void;
}

/** What became of a command: done, on its way, or refused after all; with its number and where to look. */
export function Outcome({ declared, command, answer, again }: OutcomeProps) {
  const now = useOutcome(answer);
  const what = textOf(declared, command.name);
  return (
    <div className="stack">
      <div className={`sheet note ${edges[now.state]}`} role="status">
        <Icon of={now.state === 'done' ? CircleCheck : now.state === 'refused' ? CircleAlert : Clock} />
        <div className="stack">
          {now.problem === undefined ? (
            <p className="strong">{t(outcomeTexts[now.state], { what })}</p>
          ) : (
            <ProblemText problem={now.problem} />
          )}
          {now.id !== undefined && (
            <p className="small quiet">
              {t('outcome.number')} <code>{now.id}</code>
            </p>
          )}
        </div>
      </div>
      <Made declared={declared} answer={now} />
      <div className="row">
        <button type="button" className="button" onClick={again}>
          {t('outcome.again')}
        </button>
        <Go to={`/${declared.name}`} className="button button-plain">
          {t('outcome.back', { name: textOf(declared, declared.name) })}
        </Go>
      </div>
    </div>
  );
}

const edges = {
  done: 'edge-good',
  open: 'edge-news',
  held: 'edge-you',
  refused: 'edge-bad',
  invalid: 'edge-bad',
  busy: 'edge-you',
} as const;

function Made({ declared, answer }: { readonly declared: Declaration; readonly answer: Answer }) {
  const made = (answer.made ?? []).filter(
    ({ href, type }) => href !== undefined && type.startsWith(`${declared.name}/`),
  );
  if (made.length === 0) return null;
  return (
    <ul className="sheet list">
      {made.map(({ href = '', type }) => (
        <li key={href}>
          <Go to={href} className="list-link">
            <span>{textOf(declared, type.split('/')[1] ?? '')}</span>
          </Go>
        </li>
      ))}
    </ul>
  );
}
