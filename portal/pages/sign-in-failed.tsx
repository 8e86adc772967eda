import { useSearch } from '../app/address.ts';
import { type TextKey, t } from '../app/texts.ts';
import { Go } from '../parts/go.tsx';
import { PageHead } from '../parts/sheet.tsx';

const reasons = new Set(['issuer-away', 'not-begun', 'refused', 'other-person', 'not-strong']);

/** A sign-in came to nothing: why, and how to try again. */
export function Page() {
  const { why = '', back = '', way = '' } = useSearch();
  const reason = reasons.has(why) ? why : 'refused';
  const begin = way === 'step-up' ? 'step-up' : 'sign-in';
  return (
    <>
      <PageHead title={t('sign-in-failed.title')} under={<p>{t(`sign-in-failed.${reason}` as TextKey)}</p>} />
      <div className="row">
        <a className="button button-main" href={`/session/${begin}?back=${encodeURIComponent(back)}`}>
          {t('sign-in-failed.again')}
        </a>
        <Go to="/" className="button">
          {t('not-found.start')}
        </Go>
      </div>
    </>
  );
}
