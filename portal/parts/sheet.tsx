import { ChevronLeft } from 'lucide-react';
import { type ReactNode, useEffect, useId } from 'react';
import { t, tongueOf } from '../app/texts.ts';
import { Go } from './go.tsx';
import { Icon } from './icon.tsx';

/** A white sheet with its heading and, beside it, what belongs there. */
export function Sheet({
  title,
  aside,
  className = '',
  children,
}: {
  readonly title?: ReactNode;
  readonly aside?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  const id = useId();
  if (title === undefined) return <div className={`sheet ${className}`}>{children}</div>;
  return (
    <section className={`sheet ${className}`} aria-labelledby={id}>
      <div className="sheet-head">
        <h2 id={id}>{title}</h2>
        {aside !== undefined && <div className="small quiet">{aside}</div>}
      </div>
      {children}
    </section>
  );
}

/** A page's heading: where it belongs, what it is, and the acts that it offers. */
export function PageHead({
  title,
  under,
  back,
  children,
}: {
  readonly title: string;
  readonly under?: ReactNode;
  readonly back?: { readonly to: string; readonly title: string } | undefined;
  readonly children?: ReactNode;
}) {
  useTitle(title);
  return (
    <div className="page-head">
      <div>
        {back !== undefined && (
          <nav className="crumbs" aria-label={t('shell.crumbs')}>
            <Go to={back.to}>
              <Icon of={ChevronLeft} size={16} />
              {back.title}
            </Go>
          </nav>
        )}
        <h1 lang={tongueOf(title)}>{title}</h1>
        {under !== undefined && <div className="quiet">{under}</div>}
      </div>
      {children !== undefined && <div className="row">{children}</div>}
    </div>
  );
}

/** Names the browser's tab. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · ${t('app.name')}`;
  }, [title]);
}
