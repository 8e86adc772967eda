import { useQueryClient } from '@tanstack/react-query';
import { CircleUser, Moon, Sun } from 'lucide-react';
import { useState } from 'react';
import { post } from '../api/client.ts';
import type { Session } from '../api/types.ts';
import { Icon } from '../parts/icon.tsx';
import { forgetPerson } from './kept.ts';
import { chooseLanguage, isDark, isLarge, setDark, setLarge } from './modes.ts';
import { signInHref } from './session.ts';
import { language, t } from './texts.ts';

/** How the page is shown, in which language, and for whom. */
export function Tools({ session }: { readonly session: Session | undefined }) {
  return (
    <div className="tools">
      <div className="ways">
        <LargeSwitch />
        <DarkSwitch />
        <LanguageLink />
      </div>
      {session?.canSignIn === true && session.who === null && (
        <a className="tool-strong" href={signInHref()}>
          {t('session.sign-in')}
        </a>
      )}
      {session?.who != null && <Account name={session.who.name} />}
    </div>
  );
}

function LargeSwitch() {
  const [large, setState] = useState(isLarge);
  const turn = () => {
    setLarge(!large);
    setState(!large);
  };
  return (
    <button type="button" onClick={turn}>
      {t(large ? 'modes.usual' : 'modes.large')}
    </button>
  );
}

function DarkSwitch() {
  const [dark, setState] = useState(isDark);
  const turn = () => {
    setDark(!dark);
    setState(!dark);
  };
  return (
    <button type="button" onClick={turn} aria-label={t(dark ? 'modes.light' : 'modes.dark')}>
      <Icon of={dark ? Sun : Moon} size={18} />
    </button>
  );
}

/** The same page in the other language; its name is written in that language. */
function LanguageLink() {
  const other = language === 'en' ? 'zh' : 'en';
  const follow = (event: { preventDefault(): void }) => {
    event.preventDefault();
    chooseLanguage(other);
    location.assign(`/${other}${location.pathname.slice(3)}${location.search}`);
  };
  return (
    <a href={`/${other}`} lang={other === 'en' ? 'en' : 'zh-CN'} onClick={follow}>
      {t('modes.other-language')}
    </a>
  );
}

/** Whose page it is, and the ways out: here, or wherever they are signed in. */
function Account({ name }: { readonly name: string }) {
  const queries = useQueryClient();
  const leave = async (path: string) => {
    const { leave: next } = await post<{ readonly leave: string | null }>(path, {});
    queries.clear();
    forgetPerson();
    location.assign(next ?? `/${language}`);
  };
  return (
    <details className="account">
      <summary className="tool-strong">
        <Icon of={CircleUser} size={18} />
        <span className="hidden">{t('session.account')}</span>
        <span className="who">{name}</span>
      </summary>
      <div className="account-in stack">
        <p className="strong">{name}</p>
        <button type="button" className="button" onClick={() => void leave('/session/sign-out')}>
          {t('session.sign-out')}
        </button>
        <button
          type="button"
          className="button button-plain"
          onClick={() => void leave('/session/sign-out-everywhere')}
        >
          {t('session.everywhere')}
        </button>
        <p className="small quiet">{t('session.everywhere.why')}</p>
      </div>
    </details>
  );
}
