import { t } from '../app/texts.ts';
import { PageHead, Sheet } from '../parts/sheet.tsx';

/** What this portal promises to people who see, hear, move or read in other ways, and where it falls short. */
export function Page() {
  return (
    <>
      <PageHead title={t('accessibility.title')} />
      <Sheet>
        <div className="sheet-body stack prose">
          <p>{t('accessibility.standard')}</p>
          <p>{t('accessibility.how')}</p>
          <p>{t('accessibility.gaps')}</p>
          <p>{t('accessibility.contact')}</p>
        </div>
      </Sheet>
    </>
  );
}
