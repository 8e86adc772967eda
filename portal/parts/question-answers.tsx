import { CircleAlert, CircleCheck, WifiOff } from 'lucide-react';
import { useState } from 'react';
import type { Declaration, Fields, Question, QuestionAnswer } from '../api/types.ts';
import { textOf } from '../app/declaration.ts';
import { momentText } from '../app/format.ts';
import { placeName } from '../app/places.ts';
import { t } from '../app/texts.ts';
import { Facts } from './cells.tsx';
import { Icon } from './icon.tsx';
import { Sheet } from './sheet.tsx';

interface AnswersProps {
  readonly declared: Declaration;
  readonly question: Question;
  readonly answers: readonly QuestionAnswer[];
  /** Asks one member once more. */
  again(member: string): Promise<QuestionAnswer | undefined>;
}

/** Each member's answer: what it told, that it refused and why, or that nothing came of it; that one alone is asked again. */
export function QuestionAnswers({ declared, question, answers: first, again }: AnswersProps) {
  const [answers, setAnswers] = useState(first);
  const retry = async (member: string) => {
    const next = await again(member);
    if (next !== undefined) setAnswers((before) => before.map((one) => (one.from === member ? next : one)));
  };
  return answers.map((answer) => (
    <div key={answer.from} role="status">
      {answer.state === 'answered' ? (
        <Told {...{ declared, question, answer }} />
      ) : answer.state === 'refused' ? (
        <Refused {...{ declared, question, answer }} />
      ) : (
        <Silent answer={answer} retry={() => retry(answer.from)} />
      )}
    </div>
  ));
}

type Of<S extends QuestionAnswer['state']> = Extract<QuestionAnswer, { readonly state: S }>;

interface ToldProps<S extends QuestionAnswer['state']> {
  readonly declared: Declaration;
  readonly question: Question;
  readonly answer: Of<S>;
}

function Told({ declared, question, answer: { from, at, value } }: ToldProps<'answered'>) {
  return (
    <Sheet
      title={placeName(from)}
      aside={
        <>
          {t('question.sealed')} <time dateTime={at}>{momentText(at, true)}</time>
        </>
      }
      className="edge-good"
    >
      <div className="sheet-body">
        <Facts value={value as Fields} schema={question.answer} declared={declared} of={question.name} />
      </div>
    </Sheet>
  );
}

/** The holder's own word: on what ground it refuses, and what can be done. */
function Refused({ declared, answer: { from, code, facts } }: ToldProps<'refused'>) {
  const name = placeName(from);
  const lacksConsent = code === 'kernel/no-consent';
  const why = declared.texts[`!${code}`];
  return (
    <div className="sheet note edge-you">
      <Icon of={CircleAlert} />
      <div className="stack">
        <p className="strong">{t(lacksConsent ? 'state.refused' : 'question.refused', { name })}</p>
        {lacksConsent ? (
          <>
            <p>{t('question.no-consent-law')}</p>
            <p>
              {t('question.no-consent-how', {
                name,
                member: placeName(String(facts['member'])),
                purpose: textOf(declared, `$${String(facts['purpose'])}`),
              })}
            </p>
          </>
        ) : (
          <p>{why ?? t('question.refused-why', { code })}</p>
        )}
      </div>
    </div>
  );
}

/** Nothing came of it: that is never "there is nothing". */
function Silent({
  answer,
  retry,
}: {
  readonly answer: Of<'no-answer' | 'busy' | 'unknown-subject'>;
  readonly retry: () => Promise<void>;
}) {
  const [isAsking, setAsking] = useState(false);
  const name = placeName(answer.from);
  const press = () => {
    setAsking(true);
    void retry().finally(() => setAsking(false));
  };
  if (answer.state === 'unknown-subject')
    return (
      <div className="sheet note">
        <Icon of={CircleCheck} />
        <p>{t('question.unknown', { name })}</p>
      </div>
    );
  return (
    <div className="sheet note edge-you">
      <Icon of={WifiOff} />
      <div className="stack">
        <p className="strong">{t(answer.state === 'busy' ? 'question.busy' : 'question.silent', { name })}</p>
        <p className="quiet small">{t('question.silent-why')}</p>
        <div>
          <button type="button" className="button button-small" onClick={press}>
            {t(isAsking ? 'question.asking' : 'question.again', { name })}
          </button>
        </div>
      </div>
    </div>
  );
}
