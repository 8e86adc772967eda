import { useQuery } from '@tanstack/react-query';
import { ChevronRight, Eye, FileText } from 'lucide-react';
import { type ComponentType, lazy, Suspense } from 'react';
import { asked } from '../api/client.ts';
import type { Envelope, Session } from '../api/types.ts';
import { accessesPath } from '../app/accesses-path.ts';
import { useSystems } from '../app/declaration.ts';
import { clockHour, momentText } from '../app/format.ts';
import { isWatcher, navOf, readsBooks } from '../app/nav.ts';
import { placeName } from '../app/places.ts';
import { mayUse, useSession } from '../app/session.ts';
import { systemHomes, systemPages } from '../app/system-pages.ts';
import { chosen, t } from '../app/texts.ts';
import { Go } from '../parts/go.tsx';
import { Icon } from '../parts/icon.tsx';
import { PageHead } from '../parts/sheet.tsx';
import { Loaded, SignInNeeded, Waiting } from '../parts/states.tsx';
import { type Access, useAccessWords } from './accesses.tsx';
import '../styles/home.css';

/** The front page of whoever signed in: what needs them, what changed, what they do here. */
export function Page() {
  const session = useSession();
  if (session === undefined) return <Waiting />;
  if (session.who === null)
    return (
      <>
        <PageHead title={t('home.title')} />
        <SignInNeeded />
      </>
    );
  return (
    <>
      <PageHead
        title={greeting(session.who.name)}
        under={<p>{t('home.under', { name: placeName(session.member) })}</p>}
      />
      <div className={session.who.isPerson ? 'home home-person' : 'home'}>
        <div className="stack">
          {isWatcher(session) && (
            <Suspense fallback={<Waiting lines={1} />}>
              <NodeNow />
            </Suspense>
          )}
          {readsBooks(session) && !isWatcher(session) && (
            <Suspense fallback={<Waiting lines={3} />}>
              <BooksNow />
            </Suspense>
          )}
          {!session.who.isPerson && <Places session={session} />}
          <Parts session={session} />
          <Doings session={session} />
        </div>
        {session.who.isPerson && (
          <div className="stack">
            <Trust />
          </div>
        )}
      </div>
    </>
  );
}

function greeting(name: string): string {
  const hour = clockHour(Date.now());
  const part = hour < 6 || hour >= 18 ? 'evening' : hour < 12 ? 'morning' : 'afternoon';
  return t(`home.${part}`, { name });
}

/** Parts come with the page: a part that comes later is held back by React, and asks for its own data later still. */
const files = import.meta.glob<{ readonly Part: ComponentType }>('../../systems/*/*/ui/home-*.tsx', {
  eager: true,
});
const parts = systemHomes.map((home) => ({ ...home, Part: partOf(home.file) }));

function partOf(file: string): ComponentType {
  const found = files[file];
  if (found === undefined) throw new Error(`there is no ${file}`);
  return found.Part;
}

/** What each system has to say to its people here. */
function Parts({ session }: { readonly session: Session }) {
  return parts
    .filter(({ system, roles }) => mayUse(session, system, roles))
    .map(({ file, Part }) => <Part key={file} />);
}

const BooksNow = lazy(() => import('../office/books-now.tsx').then((own) => ({ default: own.BooksNow })));
const NodeNow = lazy(() => import('../office/node-now.tsx').then((own) => ({ default: own.NodeNow })));

/** The pages that are made for what someone does here. */
function Places({ session }: { readonly session: Session }) {
  const places = navOf(session).filter(({ to }) => to !== '/home');
  return (
    <section>
      <div className="section-head">
        <h2>{t('home.places')}</h2>
      </div>
      <ul className="sheet doings">
        {places.map(({ to, title, icon }) => (
          <li key={to}>
            <Go to={to} className="doing strong">
              <Icon of={icon} size={24} />
              <span>{title}</span>
            </Go>
          </li>
        ))}
      </ul>
    </section>
  );
}

const shownMax = 6;

/** Commands that have a page of their own, which stands in the navigation. */
const handMade = new Set(
  systemPages.flatMap(({ system, command }) => (command === undefined ? [] : [`${system}/${command}`])),
);

/** The commands that someone may give here, as many as a page has room for; the rest stands on the systems' pages. */
function Doings({ session }: { readonly session: Session }) {
  const systems = useSystems();
  return (
    <Loaded of={systems}>
      {({ data }) =>
        data.map((system) => {
          const mine = system.commands.filter(
            ({ type, by }) => mayUse(session, system.name, by) && !handMade.has(type),
          );
          if (mine.length === 0) return null;
          return (
            <section key={system.name}>
              <div className="section-head">
                <h2>{chosen(system.title)}</h2>
                <Go to={`/${system.name}`}>{t('home.all')}</Go>
              </div>
              <ul className="sheet doings">
                {mine.slice(0, shownMax).map(({ type, title }) => (
                  <li key={type}>
                    <Go to={`/${type}`} className="doing">
                      <Icon of={FileText} size={24} />
                      <span>{chosen(title)}</span>
                    </Go>
                  </li>
                ))}
              </ul>
            </section>
          );
        })
      }
    </Loaded>
  );
}

/** Who read my data: the newest reading, and where all of them stand. */
function Trust() {
  const accesses = useQuery(asked<Envelope<Access>>(accessesPath));
  const others = (accesses.data?.data ?? []).filter(({ purpose }) => purpose !== 'own-data');
  const [newest] = others;
  return (
    <section className="trust">
      <h2>
        <Icon of={Eye} />
        {t('accesses.title')}
      </h2>
      {newest === undefined ? <p>{t('home.never-read')}</p> : <Newest access={newest} n={others.length} />}
      <Go to="/me/accesses" className="trust-link">
        {t('home.every-reading')}
        <Icon of={ChevronRight} />
      </Go>
    </section>
  );
}

function Newest({ access, n }: { readonly access: Access; readonly n: number }) {
  const [purpose, what] = useAccessWords(access);
  const name = placeName(access.member);
  return <p>{t('home.read', { n, time: momentText(access.at), name, purpose, what })}</p>;
}
