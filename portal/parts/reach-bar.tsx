import { WifiOff } from 'lucide-react';
import type { Session } from '../api/types.ts';
import { clockText } from '../app/format.ts';
import { useQueue, useQueued, useQueueOf, useReach } from '../app/reach.ts';
import { t } from '../app/texts.ts';
import { Icon } from './icon.tsx';
import { QueueList } from './queue-list.tsx';

/** While the node cannot be reached: since when, what still works, that the page renews itself; and what waits to be sent. */
export function ReachBar({ session }: { readonly session: Session | undefined }) {
  const { awaySince } = useReach();
  useQueueOf(session);
  const queue = useQueue();
  const n = useQueued();
  return (
    <>
      <div className="reach" role="status">
        {awaySince !== undefined && (
          <div className="wrap reach-in">
            <Icon of={WifiOff} size={18} />
            <p>
              <strong>{t('reach.away', { time: clockText(awaySince) })}</strong> {t('reach.works')}{' '}
              {n > 0 && <strong>{t('reach.queued', { n })}</strong>}
            </p>
          </div>
        )}
      </div>
      {queue.length > 0 && <QueueList queue={queue} />}
    </>
  );
}
