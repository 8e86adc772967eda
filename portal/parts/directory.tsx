import { ChevronRight } from 'lucide-react';
import { type Asked, type Domain, domains, otherIcon } from '../app/catalogue.ts';
import { type SystemSummary, useSystems } from '../app/declaration.ts';
import { chosen, language, t } from '../app/texts.ts';
import { Go } from './go.tsx';
import { Icon, StateMark } from './icon.tsx';

/** Every system by its field: a filled mark runs here, an open one is to come. `words` narrows it. */
export function Directory({ words }: { readonly words: string }) {
  const systems = useSystems();
  const running = systems.data?.data ?? [];
  const all = [...domains, ...unknown(running)];
  const shown = all
    .map((domain) => narrowed(domain, words, running))
    .filter(({ systems: own }) => own.length > 0);
  const total = all.reduce((sum, { systems: own }) => sum + own.length, 0);
  return (
    <section aria-labelledby="systems">
      <div className="directory-head">
        <h2 id="systems">{t('directory.title', { n: total })}</h2>
        {systems.data && <Legend running={running.length} toCome={total - running.length} />}
      </div>
      {shown.length === 0 ? (
        <p className="sheet sheet-body">{t('directory.no-match', { words })}</p>
      ) : (
        <div className="sheet directory">
          {shown.map((domain) => (
            <DomainList
              key={domain.en}
              domain={domain}
              running={systems.data && running}
              isFound={words.trim() !== ''}
            />
          ))}
        </div>
      )}
    </section>
  );
}

function Legend({ running, toCome }: { readonly running: number; readonly toCome: number }) {
  return (
    <p className="small row">
      <span className="mark-word">
        <StateMark state="good" /> {t('directory.running', { n: running })}
      </span>
      <span className="mark-word">
        <StateMark state="none" /> {t('directory.to-come', { n: toCome })}
      </span>
    </p>
  );
}

/** Systems that run here and that the Outline's catalogue does not name. */
function unknown(running: readonly SystemSummary[]): readonly Domain[] {
  const known = new Set(domains.flatMap(({ systems }) => systems.map(({ name }) => name)));
  const others = running.filter(({ name }) => !known.has(name));
  if (others.length === 0) return [];
  const systems = others.map(({ name, title }) => ({ name, zh: title['zh-CN'], en: title.en }));
  return [{ zh: t('directory.others'), en: t('directory.others'), icon: otherIcon, systems }];
}

/** Systems whose name, or one of whose services, has the words. */
function narrowed(domain: Domain, words: string, running: readonly SystemSummary[]): Domain {
  const wanted = words.trim().toLowerCase();
  if (wanted === '') return domain;
  const matches = ({ name, zh, en }: Asked) => {
    const own = running.find((one) => one.name === name);
    const services = [...(own?.commands ?? []), ...(own?.records ?? [])].flatMap(({ title }) => [
      title['zh-CN'],
      title.en,
    ]);
    return [zh, en, domain.zh, domain.en, own?.title['zh-CN'] ?? '', ...services].some((text) =>
      text.toLowerCase().includes(wanted),
    );
  };
  return { ...domain, systems: domain.systems.filter(matches) };
}

interface DomainListProps {
  readonly domain: Domain;
  /** Undefined while it is not known. */
  readonly running: readonly SystemSummary[] | undefined;
  readonly isFound: boolean;
}

/** Wide screens show all lists at once; on a phone each opens on demand, but for those that a search found. */
const isWide = matchMedia('(min-width: 56em)').matches;

function DomainList({ domain, running, isFound }: DomainListProps) {
  const { systems, icon } = domain;
  const own = (name: string) => running?.find((one) => one.name === name);
  return (
    <details className="domain" open={isWide || isFound}>
      <summary>
        <h3>
          <Icon of={icon} size={18} />
          {domain[language]}
          <span className="domain-count">
            <span className="domain-bars">
              {systems.map(({ name }) => (
                <i key={name} className={own(name) ? 'is-running' : ''} />
              ))}
            </span>
            {systems.length}
          </span>
        </h3>
      </summary>
      <ul>
        {systems.map((system) => (
          <SystemRow
            key={system.name}
            system={system}
            own={own(system.name)}
            isKnown={running !== undefined}
          />
        ))}
      </ul>
    </details>
  );
}

interface SystemRowProps {
  readonly system: Asked;
  readonly own: SystemSummary | undefined;
  readonly isKnown: boolean;
}

function SystemRow({ system, own, isKnown }: SystemRowProps) {
  return (
    <li className={own ? '' : 'quiet'}>
      <StateMark state={own ? 'good' : 'none'} />
      {own ? (
        <Go to={`/${own.name}`}>
          {system[language] || chosen(own.title)}
          <Icon of={ChevronRight} size={16} />
        </Go>
      ) : (
        system[language]
      )}
      {isKnown && <span className="hidden">{t(own ? 'directory.runs' : 'directory.comes')}</span>}
    </li>
  );
}
