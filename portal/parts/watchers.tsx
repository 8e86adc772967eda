import { ShieldAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useSession } from '../app/session.ts';
import { t } from '../app/texts.ts';
import { Icon } from './icon.tsx';
import { PageHead } from './sheet.tsx';
import { SignInNeeded, Waiting } from './states.tsx';

/** A page for those who watch the node: operators and auditors. Anybody else is told whom it is for, and nothing is asked for them. */
export function Watchers({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const session = useSession();
  const roles = session?.who?.roles ?? [];
  if (roles.includes('node/operator') || roles.includes('node/auditor')) return children;
  return (
    <>
      <PageHead title={title} />
      {session === undefined ? <Waiting /> : session.who === null ? <SignInNeeded /> : <NotForYou />}
    </>
  );
}

function NotForYou() {
  return (
    <div className="sheet note edge-you">
      <Icon of={ShieldAlert} />
      <p>{t('state.not-allowed', { roles: t('role.watchers') })}</p>
    </div>
  );
}
