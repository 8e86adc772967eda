import { textOf, useDeclaration } from '../app/declaration.ts';
import { t } from '../app/texts.ts';

/** What a message's type (`<system>/<name>`, `/reply` behind it for an answer) says of it. */
export function messageName(type: string) {
  const [system = '', name = '', reply] = type.split('/');
  const isRefusal = type === 'kernel/refused';
  return {
    system,
    name,
    isRefusal,
    isAnswer: isRefusal || reply === 'reply',
    isCopy: type === 'kernel/copy',
  };
}

/** A message's type in the words of the system that declares it; the kernel's own are the portal's. */
export function useMessageTitle(type: string): string {
  const { system, name, isRefusal, isCopy } = messageName(type);
  const isKernel = system === 'kernel' || system === '';
  const declared = useDeclaration(system, !isKernel).data;
  if (isRefusal) return t('message.refused');
  if (isCopy) return t('message.copy');
  if (isKernel) return t('message.kernel');
  // Until the words are there nothing is said, rather than a program's name for it.
  return declared === undefined ? '…' : textOf(declared, name);
}
