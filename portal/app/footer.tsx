import type { Session } from '../api/types.ts';
import { Go } from '../parts/go.tsx';
import { t } from './texts.ts';

/** Who runs this, and what every public page must lead to. */
export function Footer({ session }: { readonly session: Session | undefined }) {
  return (
    <footer className="foot">
      <div className="wrap foot-in">
        {session?.demonstration === true && <span>{t('shell.demonstration-short')}</span>}
        <a href="/docs">{t('shell.api')}</a>
        <Go to="/status">{t('nav.status')}</Go>
        <Go to="/verify">{t('nav.verify')}</Go>
        <Go to="/accessibility">{t('shell.accessibility')}</Go>
        <span>{t('shell.phone')}</span>
      </div>
    </footer>
  );
}
