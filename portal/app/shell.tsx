import { type ReactNode, useEffect, useRef } from 'react';
import type { Session } from '../api/types.ts';
import { Go } from '../parts/go.tsx';
import { Icon } from '../parts/icon.tsx';
import { ReachBar } from '../parts/reach-bar.tsx';
import { SessionBar, SignInAgain } from '../parts/sign-in-again.tsx';
import { Footer } from './footer.tsx';
import { Head } from './head.tsx';
import { isAt, type NavEntry, navOf } from './nav.ts';
import { useSession } from './session.ts';
import { language, t } from './texts.ts';

/** What every page stands in; `path` is that of the page, after the language. */
export function Shell({ path, children }: { readonly path: string; readonly children: ReactNode }) {
  const session = useSession();
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    // A page was swapped, not loaded: readers of screens are taken to its beginning.
    if (document.activeElement === document.body || document.activeElement?.closest('nav')) return;
    if (path !== '') main.current?.focus({ preventScroll: true });
  }, [path]);
  const nav = navOf(session);
  const isLanding = path === '/';
  return (
    <>
      <a className="skip" href="#main">
        {t('shell.skip')}
      </a>
      {session?.demonstration === true && !isLanding && <Demonstration />}
      {!isLanding && (
        <Head
          className="head"
          session={session}
          whose={session === undefined ? '' : session.name[language]}
          nav={nav}
          path={path}
        />
      )}
      <ReachBar session={session} />
      <SessionBar session={session} />
      <main id="main" className={isLanding ? '' : 'main'} tabIndex={-1} ref={main}>
        {isLanding ? children : <div className="wrap">{children}</div>}
      </main>
      <Footer session={session} />
      {session?.who != null && <Tabs nav={nav} path={path} />}
      <SignInAgain />
    </>
  );
}

function Demonstration() {
  return (
    <aside className="banner" aria-label={t('shell.notice')}>
      <div className="wrap banner-in">{t('shell.demonstration')}</div>
    </aside>
  );
}

interface Place {
  readonly session: Session | undefined;
  readonly nav: readonly NavEntry[];
  readonly path: string;
}

function Tabs({ nav, path }: Omit<Place, 'session'>) {
  return (
    <nav className="tabs" aria-label={t('shell.nav')}>
      {nav.slice(0, 4).map(({ to, title, icon }) => (
        <Go key={to} to={to} current={isAt(path, to)}>
          <Icon of={icon} />
          {title}
        </Go>
      ))}
    </nav>
  );
}
