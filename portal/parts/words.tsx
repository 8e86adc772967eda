import { yuan } from '../app/format.ts';
import { tongueOf } from '../app/texts.ts';

/** What people wrote, told to be Chinese where the page is not. */
export function Words({ of }: { readonly of: string }) {
  const tongue = tongueOf(of);
  return tongue === undefined ? of : <span lang={tongue}>{of}</span>;
}

/** An amount; what is below zero is red and has a minus. */
export function Yuan({ fen }: { readonly fen: string | bigint }) {
  return <span className={BigInt(fen) < 0n ? 'number negative' : 'number'}>{yuan(fen)}</span>;
}
