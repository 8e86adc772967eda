import {
  Eye,
  FileText,
  House,
  Landmark,
  type LucideIcon,
  ReceiptText,
  Server,
  ShieldCheck,
} from 'lucide-react';
import type { Session } from '../api/types.ts';
import { mayUse } from './session.ts';
import { systemPages } from './system-pages.ts';
import { chosen, t } from './texts.ts';

/** An entry of the navigation. */
export interface NavEntry {
  readonly to: string;
  readonly title: string;
  readonly icon: LucideIcon;
}

/** Whether someone watches the node: its operator, or who audits it. */
export function isWatcher(session: Session | undefined): boolean {
  return session?.who?.roles.some((role) => role === 'node/operator' || role === 'node/auditor') ?? false;
}

/** Whether someone reads the member's books and the proof of each entry: whoever has a role of the node. */
export function readsBooks(session: Session | undefined): boolean {
  return session?.who?.roles.some((role) => role.startsWith('node/')) ?? false;
}

/** Where someone goes from anywhere: their front page, the pages that systems bring for their roles, and the node's own. */
export function navOf(session: Session | undefined): readonly NavEntry[] {
  const who = session?.who;
  if (!who)
    return [
      { to: '/', title: t('nav.start'), icon: House },
      ...systemPages.flatMap(({ at, title, nav = [] }) =>
        title !== undefined && nav.includes('public')
          ? [{ to: at, title: chosen(title), icon: FileText }]
          : [],
      ),
      { to: '/verify', title: t('nav.verify'), icon: ShieldCheck },
    ];
  const [watches, reads] = [isWatcher(session), readsBooks(session)];
  const brought = systemPages.flatMap(({ system, at, title, nav = [] }) =>
    title !== undefined &&
    mayUse(
      session,
      system,
      nav.filter((role) => role !== 'public'),
    )
      ? [{ to: at, title: chosen(title), icon: FileText }]
      : [],
  );
  return [
    { to: '/home', title: t('nav.home'), icon: House },
    ...brought,
    ...(watches ? [{ to: '/status', title: t('nav.status'), icon: Server }] : []),
    ...(reads ? [{ to: '/statement', title: t('nav.statement'), icon: ReceiptText }] : []),
    ...(reads ? [{ to: '/evidence', title: t('nav.evidence'), icon: ShieldCheck }] : []),
    ...(who.isPerson ? [{ to: '/me/accesses', title: t('nav.accesses'), icon: Eye }] : []),
    ...(brought.length === 0 && !reads ? [{ to: '/', title: t('nav.systems'), icon: Landmark }] : []),
  ];
}

/** Whether a page is where a link leads, or lies below it. */
export function isAt(path: string, to: string): boolean {
  return path === to || (to !== '/' && path.startsWith(`${to}/`));
}
