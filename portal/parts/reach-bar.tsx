import { WifiOff } from 'lucide-react';
import { clockText } from '../app/format.ts';
import { useQueued, useReach } from '../app/reach.ts';
import { t } from '../app/texts.ts';
import { Icon } from './icon.tsx';

/** While the node cannot be reached: since when, what still works, and that the page renews itself. */
export function ReachBar() {
  const { awaySince } = useReach();
  const n = useQueued();
  return (
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
  );
}
