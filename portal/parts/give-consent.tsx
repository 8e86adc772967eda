import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { get, give } from '../api/client.ts';
import { uuid7 } from '../api/ids.ts';
import { problemOf } from '../api/problem.ts';
import type { Declaration, Question } from '../api/types.ts';
import { textOf, useSystems } from '../app/declaration.ts';
import { momentText } from '../app/format.ts';
import { members, placeName } from '../app/places.ts';
import { t } from '../app/texts.ts';
import { Sheet } from './sheet.tsx';
import { Empty, Loaded, ProblemText } from './states.tsx';
import '../styles/question.css';

const dayMs = 86_400_000;
/** How long a consent may be given for, in days. */
const terms = [1, 30, 365] as const;

/** A question that is answered only to whom the person agreed, with the words of its system. */
interface Asked {
  readonly declared: Declaration;
  readonly question: Question;
}

/** Gives a consent in one sentence: who may ask what, for what, until when. Nothing of it is agreed to before the person says so. */
export function GiveConsent() {
  const systems = useSystems();
  const names = systems.data?.data.map(({ name }) => name) ?? [];
  const questions = useQuery({
    queryKey: ['consent-questions', ...names],
    enabled: systems.isSuccess,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async (): Promise<readonly Asked[]> => {
      const declared = await Promise.all(names.map((name) => get<Declaration>(`/systems/${name}`)));
      return declared.flatMap((one) =>
        one.questions
          .filter(({ consent, isPerson }) => consent === 'needed' && isPerson)
          .map((question) => ({ declared: one, question })),
      );
    },
  });
  return (
    <Sheet title={t('consents.give')}>
      <Loaded of={questions}>
        {(found) => (found.length === 0 ? <Empty why={t('consents.nothing')} /> : <Form questions={found} />)}
      </Loaded>
    </Sheet>
  );
}

/** What is being agreed to, and the wish to. */
function useAgreement(questions: readonly Asked[]) {
  const [type, setType] = useState(questions[0]?.question.type ?? '');
  const [member, setMember] = useState('');
  const [days, setDays] = useState(String(terms[1]));
  const [wanted, setPurpose] = useState('');
  const [agrees, setAgrees] = useState(false);
  const [isTried, setTried] = useState(false);
  const chosen = questions.find(({ question }) => question.type === type);
  const purposes = chosen?.question.purposes ?? [];
  const purpose = purposes.includes(wanted) ? wanted : (purposes[0] ?? '');
  const until = new Date(Date.now() + Number(days) * dayMs).toISOString();
  const queries = useQueryClient();
  const wish = useMutation({
    mutationFn: () => give('access/agree', { id: uuid7(), member, question: type, purpose, until }),
    onSuccess: () => {
      setAgrees(false);
      setTried(false);
      return queries.invalidateQueries();
    },
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (member !== '' && agrees && !wish.isPending) wish.mutate();
  };
  const known = { type, member, days, purpose, purposes, agrees, chosen, until };
  return { ...known, setType, setMember, setDays, setPurpose, setAgrees, isTried, wish, send };
}

type Agreement = ReturnType<typeof useAgreement>;

const wordsIn = (one: Asked | undefined, key: string): string =>
  one === undefined ? '' : textOf(one.declared, key);

function Form({ questions }: { readonly questions: readonly Asked[] }) {
  const agreement = useAgreement(questions);
  const { wish, isTried, member, setMember } = agreement;
  return (
    <form className="sheet-body stack" noValidate onSubmit={agreement.send}>
      {wish.error !== null && (
        <div role="alert">
          <ProblemText problem={problemOf(wish.error)} />
        </div>
      )}
      <What questions={questions} agreement={agreement} />
      <Select
        id="consent-member"
        label={t('consents.to')}
        value={member}
        change={setMember}
        fault={isTried && member === '' ? t('fault.choose') : undefined}
      >
        <option value="">{t('form.choose')}</option>
        {members.map(({ code }) => (
          <option key={code} value={code}>
            {placeName(code)}
          </option>
        ))}
      </Select>
      <Select
        id="consent-days"
        label={t('consents.how-long')}
        value={agreement.days}
        change={agreement.setDays}
      >
        {terms.map((n) => (
          <option key={n} value={n}>
            {t('consents.days', { n })}
          </option>
        ))}
      </Select>
      <Sentence agreement={agreement} />
      <div className="row">
        <button type="submit" className="button button-main">
          {t(wish.isPending ? 'form.sending' : 'consents.agree')}
        </button>
        <p role="status" className="small good">
          {wish.isSuccess ? t('consents.done') : ''}
        </p>
      </div>
    </form>
  );
}

interface WhatProps {
  readonly questions: readonly Asked[];
  readonly agreement: Agreement;
}

/** What may be asked, and for what where there is a choice. */
function What({ questions, agreement }: WhatProps) {
  const { type, setType, chosen, purpose, purposes, setPurpose } = agreement;
  return (
    <>
      <Select id="consent-question" label={t('consents.what')} value={type} change={setType}>
        {questions.map((one) => (
          <option key={one.question.type} value={one.question.type}>
            {wordsIn(one, one.question.name)}
          </option>
        ))}
      </Select>
      {purposes.length > 1 && (
        <Select id="consent-purpose" label={t('accesses.purpose')} value={purpose} change={setPurpose}>
          {purposes.map((one) => (
            <option key={one} value={one}>
              {wordsIn(chosen, `$${one}`)}
            </option>
          ))}
        </Select>
      )}
    </>
  );
}

/** One sentence with all of it, not ticked; its fault stands beside it. */
function Sentence({ agreement }: { readonly agreement: Agreement }) {
  const { agrees, setAgrees, isTried, member, purpose, chosen, until } = agreement;
  const isWrong = isTried && !agrees;
  const values = {
    member: member === '' ? '…' : placeName(member),
    purpose: wordsIn(chosen, `$${purpose}`),
    what: wordsIn(chosen, chosen?.question.name ?? ''),
    until: momentText(until),
  };
  return (
    <div className={isWrong ? 'field field-wrong' : 'field'}>
      {isWrong && (
        <p id="consent-agrees-fault" className="fault">
          {t('consents.tick')}
        </p>
      )}
      <div>
        <label className="choice consent-sentence">
          <input
            type="checkbox"
            checked={agrees}
            aria-invalid={isWrong || undefined}
            aria-describedby={isWrong ? 'consent-agrees-fault' : undefined}
            onChange={(event) => setAgrees(event.target.checked)}
          />
          <span>{t('consents.sentence', values)}</span>
        </label>
      </div>
    </div>
  );
}

function Select({
  id,
  label,
  value,
  change,
  fault,
  children,
}: {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly change: (value: string) => void;
  readonly fault?: string | undefined;
  readonly children: ReactNode;
}) {
  return (
    <div className={fault === undefined ? 'field' : 'field field-wrong'}>
      <label htmlFor={id}>{label}</label>
      {fault !== undefined && (
        <p id={`${id}-fault`} className="fault">
          {fault}
        </p>
      )}
      <select
        id={id}
        value={value}
        aria-invalid={fault !== undefined || undefined}
        aria-describedby={fault === undefined ? undefined : `${id}-fault`}
        onChange={(event) => change(event.target.value)}
      >
        {children}
      </select>
    </div>
  );
}
