import { Download } from 'lucide-react';
import { locale, t } from '../app/texts.ts';
import { Icon } from './icon.tsx';

/** Where a record's receipt is: `path` is the record's own address, with a slash before it. */
export function receiptHref(path: string, purpose?: string): string {
  const query = new URLSearchParams({ language: locale, ...(purpose === undefined ? {} : { purpose }) });
  return `/receipt${path}?${query.toString()}`;
}

/** Takes a receipt of a record along: a PDF whose code anybody verifies. 下载凭证 */
export function ReceiptLink({
  path,
  purpose,
  isMain = false,
}: {
  readonly path: string;
  readonly purpose?: string | undefined;
  readonly isMain?: boolean;
}) {
  return (
    <a
      className={isMain ? 'button button-main' : 'button'}
      href={receiptHref(path, purpose)}
      title={t('receipt.why')}
      download
    >
      <Icon of={Download} size={18} />
      {t('receipt.download')}
    </a>
  );
}
