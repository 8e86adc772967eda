import type { Session } from '../api/types.ts';
import { Go } from '../parts/go.tsx';
import { Mark } from '../parts/icon.tsx';
import { isAt, type NavEntry } from './nav.ts';
import { t } from './texts.ts';
import { Tools } from './tools.tsx';

interface HeadProps {
  readonly className: 'head' | 'hero-head';
  readonly session: Session | undefined;
  /** Whose page it is, in words. */
  readonly whose: string;
  readonly nav: readonly NavEntry[];
  /** Path of the page after the language. */
  readonly path: string;
}

/** What stands above every page: the mark, whose node it is, where one may go, and how the page is shown. */
export function Head({ className, session, whose, nav, path }: HeadProps) {
  return (
    <header className={className}>
      <div className="wrap head-in">
        <Go to="/" className="brand">
          <span className="brand-tile">
            <Mark />
          </span>
          {t('app.name')}
        </Go>
        <span className="whose">{whose}</span>
        <nav className="nav" aria-label={t('shell.nav')}>
          {nav.map(({ to, title }) => (
            <Go key={to} to={to} current={isAt(path, to)}>
              {title}
            </Go>
          ))}
        </nav>
        <Tools session={session} />
      </div>
    </header>
  );
}
