import { useQueryClient } from '@tanstack/react-query';
import { Clock, LogIn, ShieldCheck } from 'lucide-react';
import { useEffect, useId, useRef, useSyncExternalStore } from 'react';
import { post } from '../api/client.ts';
import { type Demand, demanded, settle, watchDemand } from '../api/demand.ts';
import type { Session } from '../api/types.ts';
import { clockText } from '../app/format.ts';
import { forgetPerson } from '../app/kept.ts';
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
  const closed = () => {
    const now = demanded();
    if (now?.is === 'step-up') settle(false);
    // There is nothing to go back to: what was shown is nobody's now.
    if (now?.is === 'ended') dialog.current?.showModal();
  };
  const look = of?.is === 'step-up' ? 'ask' : 'ask ask-hides';
  return (
    <dialog ref={dialog} className={look} aria-labelledby={title} onClose={closed}>
      {of?.is === 'ended' && <Ended of={of} title={title} />}
      {of?.is === 'step-up' && <StepUp of={of} title={title} />}
    </dialog>
  );
}

/** Before money moves: the page stays, and what was asked for is sent once its person came back. */
function StepUp({ of, title }: Asked<'step-up'>) {
  return (
    <div className="stack">
      <h2 id={title}>{t('step-up.title')}</h2>
      <p>{t('step-up.why', { minutes: of.minutes })}</p>
      <p className="quiet">{t('step-up.then')}</p>
      <div className="row">
        <button type="button" className="button button-main" onClick={() => openSignIn('step-up')}>
          <Icon of={ShieldCheck} size={18} />
          {t('step-up.go')}
        </button>
        <button type="button" className="button button-plain" onClick={() => settle(false)}>
          {t('step-up.not')}
        </button>
      </div>
    </div>
  );
}

/** What is asked of a person, and the id of its heading. */
interface Asked<K extends Demand['is']> {
  readonly of: Extract<Demand, { is: K }>;
  readonly title: string;
}

function Ended({ of, title }: Asked<'ended'>) {
  const leave = async () => {
    await post('/session/sign-out', {});
    forgetPerson();
    location.assign(`/${language}`);
  };
  return (
    <div className="stack">
      <h2 id={title}>{t('session.ended')}</h2>
      <p>{t(`session.ended.${of.why}` as TextKey)}</p>
      <p className="quiet">{t('session.kept')}</p>
      <div className="row">
        <button type="button" className="button button-main" onClick={() => openSignIn('sign-in')}>
          {t('session.again')}
        </button>
        <button type="button" className="button button-plain" onClick={() => void leave()}>
          {t('session.leave')}
        </button>
      </div>
    </div>
  );
}
