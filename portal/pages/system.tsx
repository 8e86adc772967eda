import { Calculator, FileText, ListOrdered, ScrollText, Siren } from 'lucide-react';
import type { Declaration } from '../api/types.ts';
import { listReachOf, textOf } from '../app/declaration.ts';
import { mayUse, signInHref, useSession } from '../app/session.ts';
import { systemPages } from '../app/system-pages.ts';
import { chosen, t } from '../app/texts.ts';
import { Go } from '../parts/go.tsx';
import { Icon } from '../parts/icon.tsx';
import { OfSystem } from '../parts/of-system.tsx';
import { PageHead, Sheet } from '../parts/sheet.tsx';
import { Empty } from '../parts/states.tsx';

/** A system: what one may do in it, what one may read of it, and by which rules it decides. */
export function Page() {
  return <OfSystem>{(declared) => <System declared={declared} />}</OfSystem>;
}

function System({ declared }: { readonly declared: Declaration }) {
  return (
    <>
      <PageHead title={textOf(declared, declared.name)} back={{ to: '/', title: t('nav.start') }} />
      <div className="two">
        <Doings declared={declared} />
        <div className="stack">
          <Readings declared={declared} />
          <Rules declared={declared} />
        </div>
      </div>
    </>
  );
}

function Doings({ declared }: { readonly declared: Declaration }) {
  const session = useSession();
  const isOut = session !== undefined && session.who === null;
  // Whoever is not signed in sees what people may do here, before they sign in for it.
  const isMine = (roles: readonly string[]) =>
    mayUse(session, declared.name, roles) || (isOut && roles.includes('self'));
  const brought = systemPages.filter(
    ({ system, title, nav = [] }) =>
      system === declared.name && title !== undefined && (nav.includes('public') || isMine(nav)),
  );
  const mine = declared.commands.filter(
    ({ name, by }) => isMine(by) && !brought.some(({ command }) => command === name),
  );
  const questions = declared.questions.filter(({ asked }) => mayUse(session, declared.name, asked));
  const isEmpty = brought.length + mine.length + questions.length === 0;
  return (
    <Sheet title={t('system.do')}>
      {isEmpty ? (
        <Empty why={t(session?.who == null ? 'system.do-signed-out' : 'system.do-nothing')} />
      ) : (
        <ul className="list">
          {brought.map(({ at, title }) => (
            <li key={at}>
              <Go to={at} className="list-link">
                <Icon of={FileText} />
                <span className="strong">{title && chosen(title)}</span>
              </Go>
            </li>
          ))}
          {[...mine, ...questions].map(({ type, name }) => (
            <li key={type}>
              <Go to={`/${type}`} className="list-link">
                <Icon of={FileText} />
                <span>{textOf(declared, name)}</span>
              </Go>
            </li>
          ))}
        </ul>
      )}
      {isOut && session.canSignIn && (
        <p className="sheet-body">
          <a className="button button-main" href={signInHref()}>
            {t('session.sign-in')}
          </a>
        </p>
      )}
    </Sheet>
  );
}

function Readings({ declared }: { readonly declared: Declaration }) {
  const session = useSession();
  const readable = declared.records.filter(
    (record) => record.list.length > 0 && listReachOf(session, declared.name, record) !== 'none',
  );
  const behindGlass = declared.records.filter(
    (record) => !readable.includes(record) && mayUse(session, declared.name, record.breakGlass),
  );
  return (
    <Sheet title={t('system.read')}>
      {readable.length + behindGlass.length === 0 ? (
        <Empty why={t('system.read-nothing')} />
      ) : (
        <ul className="list">
          {readable.map(({ type, name }) => (
            <li key={type}>
              <Go to={`/${type}`} className="list-link">
                <Icon of={ListOrdered} />
                <span>{textOf(declared, name)}</span>
              </Go>
            </li>
          ))}
          {behindGlass.map(({ type, name }) => (
            <li key={type}>
              <Go to={`/${type}`} className="list-link">
                <Icon of={Siren} />
                <span>
                  {textOf(declared, name)} <span className="chip chip-you">{t('glass.title')}</span>
                </span>
              </Go>
            </li>
          ))}
        </ul>
      )}
    </Sheet>
  );
}

function Rules({ declared }: { readonly declared: Declaration }) {
  const { parameters, rules } = declared;
  const isTried = rules.some(({ input }) => input !== null);
  if (parameters.length === 0 && !isTried) return null;
  return (
    <Sheet title={t('system.rules')}>
      <ul className="list">
        {parameters.length > 0 && (
          <li>
            <Go to={`/${declared.name}/parameters`} className="list-link">
              <Icon of={ScrollText} />
              <span>
                {t('parameters.title')}
                <span className="quiet small block">{t('system.parameters', { n: parameters.length })}</span>
              </span>
            </Go>
          </li>
        )}
        {isTried && (
          <li>
            <Go to={`/${declared.name}/examples`} className="list-link">
              <Icon of={Calculator} />
              <span>
                {t('system.examples')}
                <span className="quiet small block">{t('system.examples-why')}</span>
              </span>
            </Go>
          </li>
        )}
      </ul>
    </Sheet>
  );
}
