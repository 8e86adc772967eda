import { Eye, FileCode, ScrollText, ShieldCheck } from 'lucide-react';
import { useSession } from '../app/session.ts';
import { t } from '../app/texts.ts';
import { Go } from './go.tsx';
import { Icon } from './icon.tsx';

/** What anybody can look into: who read what, how things are decided, and the API. */
export function PublicDoors() {
  const who = useSession()?.who;
  const isOffice = who != null && !who.isPerson;
  return (
    <ul className="doors">
      <li className="sheet">
        <Go to="/verify" className="door">
          <Icon of={ShieldCheck} size={24} />
          <span>
            <strong>{t('verify.title')}</strong>
            <span className="quiet small block">{t('doors.verify-why')}</span>
          </span>
        </Go>
      </li>
      <li className="sheet">
        <Go to="/medical-settlement/parameters" className="door">
          <Icon of={ScrollText} size={24} />
          <span>
            <strong>{t('doors.decided')}</strong>
            <span className="quiet small block">{t('doors.decided-why')}</span>
          </span>
        </Go>
      </li>
      {!isOffice && (
        <li className="sheet">
          <Go to="/me/accesses" className="door">
            <Icon of={Eye} size={24} />
            <span>
              <strong>{t('accesses.title')}</strong>
              <span className="quiet small block">{t('doors.accesses-why')}</span>
            </span>
          </Go>
        </li>
      )}
      <li className="sheet">
        <a href="/docs" className="door">
          <Icon of={FileCode} size={24} />
          <span>
            <strong>{t('doors.api')}</strong>
            <span className="quiet small block">{t('doors.api-why')}</span>
          </span>
        </a>
      </li>
    </ul>
  );
}
