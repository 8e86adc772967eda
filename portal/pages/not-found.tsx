import { t } from '../app/texts.ts';
import { Go } from '../parts/go.tsx';
import { PageHead } from '../parts/sheet.tsx';

/** Nothing is at this address: where to go instead. */
export function NotFound() {
  return (
    <>
      <PageHead title={t('not-found.title')} under={<p>{t('not-found.why')}</p>} />
      <div className="row">
        <Go to="/" className="button button-main">
          {t('not-found.start')}
        </Go>
        <Go to="/verify" className="button">
          {t('nav.verify')}
        </Go>
      </div>
    </>
  );
}
