import { useQueryClient } from '@tanstack/react-query';
import { Clock, LogIn } from 'lucide-react';
import { useEffect, useId, useRef, useSyncExternalStore } from 'react';
import { post } from '../api/client.ts';
import { type Demand, demanded, watchDemand } from '../api/demand.ts';
import type { Session } from '../api/types.ts';
import { clockText } from '../app/format.ts';
import { signInHref } from '../app/session.ts';
import { openSignIn, useSignedInElsewhere } from '../app/sign-in-window.ts';
import { stay, useStaying } from '../app/staying.ts';
import { language, type TextKey, t } from '../app/texts.ts';
import { Icon } from './icon.tsx';

/** Above the page: that the session ends soon, or ended before the page was opened. */
export function SessionBar({ session }: { readonly session: Session | undefined }) {
  const endsAt = useStaying(session);
  const queries = useQueryClient();
  return (
    <div className="reach" role="status">
      {endsAt !== undefined && session?.who != null && (
        <div className="wrap reach-in">
          <Icon of={Clock} size={18} />
          <p>
            {t(session.who.endsBy === 'idle' ? 'session.near' : 'session.near.last', {
              time: clockText(endsAt),
            })}
          </p>
          {session.who.endsBy === 'idle' && (
            <button type="button" className="button button-small" onClick={() => void stay(queries)}>
              {t('session.stay')}
            </button>
          )}
        </div>
      )}
      {session?.who === null && session.ended !== null && (
        <div className="wrap reach-in">
          <Icon of={LogIn} size={18} />
          <p>
            {t(`session.ended.${session.ended}` as TextKey)} {t('session.kept')}
          </p>
          <a className="button button-small" href={signInHref()}>
            {t('session.sign-in')}
          </a>
        </div>
      )}
    </div>
  );
}

/** Over the page, which stays as it is beneath: why the person must go to the issuer, and the way there. */
export function SignInAgain() {
  const of = useSyncExternalStore(watchDemand, demanded);
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  useSignedInElsewhere();
  useEffect(() => {
    if (of !== undefined && dialog.current?.open === false) dialog.current.showModal();
    if (of === undefined) dialog.current?.close();
  }, [of]);
  // There is nothing to go back to: what was shown is nobody's now.
  const keepOpen = () => {
    if (demanded() !== undefined) dialog.current?.showModal();
  };
  return (
    <dialog ref={dialog} className="ask ask-hides" aria-labelledby={title} onClose={keepOpen}>
      {of !== undefined && <Ended of={of} title={title} />}
    </dialog>
  );
}

function Ended({ of, title }: { readonly of: Demand; readonly title: string }) {
  const leave = async () => {
    await post('/session/sign-out', {});
    location.assign(`/${language}`);
  };
  return (
    <div className="stack">
      <h2 id={title}>{t('session.ended')}</h2>
      <p>{t(`session.ended.${of.why}` as TextKey)}</p>
      <p className="quiet">{t('session.kept')}</p>
      <div className="row">
        <button type="button" className="button button-main" onClick={openSignIn}>
          {t('session.again')}
        </button>
        <button type="button" className="button button-plain" onClick={() => void leave()}>
          {t('session.leave')}
        </button>
      </div>
    </div>
  );
}
