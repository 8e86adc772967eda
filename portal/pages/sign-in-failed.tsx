import { useSearch } from '../app/address.ts';
import { type TextKey, t } from '../app/texts.ts';
import { Go } from '../parts/go.tsx';
import { PageHead } from '../parts/sheet.tsx';

const reasons = new Set(['issuer-away', 'not-begun', 'refused']);

/** A sign-in came to nothing: why, and how to try again. */
export function Page() {
  const { why = '', back = '' } = useSearch();
  const reason = reasons.has(why) ? why : 'refused';
  return (
    <>
      <PageHead title={t('sign-in-failed.title')} under={<p>{t(`sign-in-failed.${reason}` as TextKey)}</p>} />
      <div className="row">
        <a className="button button-main" href={`/session/sign-in?back=${encodeURIComponent(back)}`}>
          {t('sign-in-failed.again')}
        </a>
        <Go to="/" className="button">
          {t('not-found.start')}
        </Go>
      </div>
    </>
  );
}
