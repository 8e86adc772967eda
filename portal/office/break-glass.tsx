import { Siren } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import { post } from '../api/client.ts';
import { type Problem, problemOf } from '../api/problem.ts';
import type { Declaration, RecordType, RecordView } from '../api/types.ts';
import { textOf } from '../app/declaration.ts';
import { t } from '../app/texts.ts';
import { Facts } from '../parts/cells.tsx';
import { Icon } from '../parts/icon.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { ProblemText } from '../parts/states.tsx';

interface GlassProps {
  readonly declared: Declaration;
  readonly record: RecordType;
}

/** Reads one record in an emergency, by who may not otherwise: whose, and what the emergency is, which that person will read. 紧急查阅(破窗) */
export function BreakGlass({ declared, record }: GlassProps) {
  const [view, setView] = useState<RecordView>();
  if (view === undefined) return <Ask {...{ declared, record }} shown={setView} />;
  return (
    <div className="stack">
      <div className="sheet note edge-you" role="status">
        <Icon of={Siren} />
        <p>{t('glass.told')}</p>
      </div>
      <Sheet title={textOf(declared, record.name)}>
        <div className="sheet-body">
          <Facts value={view.value} schema={record.schema} declared={declared} of={record.name} />
        </div>
      </Sheet>
      <div className="row">
        <button type="button" className="button" onClick={() => setView(undefined)}>
          {t('glass.close')}
        </button>
      </div>
    </div>
  );
}

function Ask({ declared, record, shown }: GlassProps & { shown(view: RecordView): void }) {
  const [subject, setSubject] = useState('');
  const [key, setKey] = useState('');
  const [emergency, setEmergency] = useState('');
  const [problem, setProblem] = useState<Problem>();
  const [isUnderWay, setUnderWay] = useState(false);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (isUnderWay) return;
    setUnderWay(true);
    setProblem(undefined);
    try {
      const whose = subject.normalize('NFKC').replace(/[\s-]/g, '').toUpperCase();
      const place = [`${record.about}:${whose}`, ...(record.each === null ? [] : [key.trim()])];
      const path = place.map((part) => encodeURIComponent(part)).join('/');
      shown(await post<RecordView>(`/${record.type}/${path}`, { emergency }));
    } catch (error) {
      setProblem(problemOf(error));
    } finally {
      setUnderWay(false);
    }
  };
  return (
    <form className="form sheet sheet-body stack" onSubmit={(event) => void send(event)} noValidate>
      <div className="note edge-you">
        <Icon of={Siren} />
        <p>{t('glass.why', { name: textOf(declared, record.name) })}</p>
      </div>
      {problem !== undefined && (
        <div role="alert">
          <ProblemText problem={problem} />
        </div>
      )}
      <Line label={t(record.isPerson ? 'glass.person' : 'glass.subject')} value={subject} set={setSubject} />
      {record.each !== null && <Line label={t('glass.key')} value={key} set={setKey} />}
      <Line label={t('glass.emergency')} help={t('glass.help')} value={emergency} set={setEmergency} />
      <div className="row">
        <button type="submit" className="button button-main" aria-disabled={isUnderWay}>
          {t('glass.read')}
        </button>
      </div>
    </form>
  );
}

interface LineProps {
  readonly label: string;
  readonly help?: string;
  readonly value: string;
  set(value: string): void;
}

function Line({ label, help, value, set }: LineProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {help !== undefined && (
        <p id={`${id}-help`} className="quiet small">
          {help}
        </p>
      )}
      <input
        id={id}
        type="text"
        autoComplete="off"
        maxLength={500}
        value={value}
        aria-describedby={help === undefined ? undefined : `${id}-help`}
        onChange={(event) => set(event.target.value)}
      />
    </div>
  );
}
