import { useQuery } from '@tanstack/react-query';
import { ChevronRight } from 'lucide-react';
import { asked } from '../api/client.ts';
import { useSession } from '../app/session.ts';
import { t } from '../app/texts.ts';
import { Go } from '../parts/go.tsx';
import { Icon } from '../parts/icon.tsx';
import { Loaded } from '../parts/states.tsx';
import { type Glasses, glassesPath } from './glasses.ts';
import { say } from './node-words.ts';

/** What says how well a node is. */
export interface Health {
  readonly ready: boolean;
  readonly held: number;
  readonly peers: readonly { readonly reachable: boolean }[];
}

/** How well a node is, in one sentence. */
export function diagnosis({ ready, peers, held }: Health): string {
  const away = peers.filter(({ reachable }) => !reachable).length;
  if (!ready) return t('status.broken');
  if (away > 0) return t('status.away', { n: away });
  return held > 0 ? t('status.waits', { n: held }) : t('status.well');
}

function edgeOf({ ready, peers, held }: Health): string {
  if (!ready) return 'edge-bad';
  return held > 0 || peers.some(({ reachable }) => !reachable) ? 'edge-you' : 'edge-good';
}

/** How the node is, on the front page of those who watch it: what needs them first. */
export function NodeNow() {
  const health = useQuery(asked<Health>('/status'));
  return (
    <section>
      <div className="section-head">
        <h2>{t('home.node')}</h2>
        <Go to="/status">{t('nav.status')}</Go>
      </div>
      <OpenGlasses />
      <Loaded of={health} lines={1}>
        {(now) => (
          <Go to="/status" className={`sheet node-now ${edgeOf(now)}`}>
            <span className="strong">{diagnosis(now)}</span>
            <Icon of={ChevronRight} />
          </Go>
        )}
      </Loaded>
    </section>
  );
}

/** What an auditor has to look at: emergency readings that nobody has reviewed. */
function OpenGlasses() {
  const isAuditor = useSession()?.who?.roles.includes('node/auditor') === true;
  const { data } = useQuery({ ...asked<Glasses>(glassesPath), enabled: isAuditor });
  if (!isAuditor || data === undefined || data.open === 0) return null;
  return (
    <Go to="/status/glasses" className="sheet node-now edge-you">
      <span className="strong">{say('glasses.open', { n: data.open })}</span>
      <Icon of={ChevronRight} />
    </Go>
  );
}
