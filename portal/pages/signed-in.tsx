import { useEffect } from 'react';
import { tellSignedIn } from '../app/sign-in-window.ts';
import { t } from '../app/texts.ts';
import { Go } from '../parts/go.tsx';
import { PageHead } from '../parts/sheet.tsx';

/** Where a sign-in in a window of its own ends: the page that waits for it goes on, and this one closes. */
export function Page() {
  useEffect(tellSignedIn, []);
  return (
    <>
      <PageHead title={t('signed-in.title')} under={<p>{t('signed-in.back')}</p>} />
      <Go to="/home" className="button">
        {t('nav.home')}
      </Go>
    </>
  );
}
