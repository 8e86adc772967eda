// What the pages that systems bring are made of (`systems/<domain>/<system>/ui`).
export { asked, follow, get, give, isStatus, post } from './api/client.ts';
export { uuid7 } from './api/ids.ts';
export { type Problem, ProblemError, problemOf } from './api/problem.ts';
export type { Answer, Declaration, Envelope, History, RecordView, Row } from './api/types.ts';
export { useChoose, useParams, useSearch } from './app/address.ts';
export { choiceText, labelOf, textOf, useDeclaration } from './app/declaration.ts';
export {
  basisPoints,
  clockText,
  dayText,
  momentText,
  monthText,
  percents,
  today,
  whole,
  yuan,
  yuanParts,
} from './app/format.ts';
export { cities, members, placeName, shortName } from './app/places.ts';
export { mayUse, useSession } from './app/session.ts';
export { useIsAsked } from './app/sign-in-window.ts';
export { filled, language, locale, wordsOf } from './app/texts.ts';
export { Facts, Value } from './parts/cells.tsx';
export { Conflict, isConflict } from './parts/conflict.tsx';
export { DayInput } from './parts/day-input.tsx';
export { NotAllowed } from './parts/declared-command.tsx';
export { Go } from './parts/go.tsx';
export { Icon, StateMark } from './parts/icon.tsx';
export { fenOf } from './parts/read-input.ts';
export { ReceiptLink, receiptHref } from './parts/receipt-link.tsx';
export type { Seen } from './parts/seen.ts';
export { PageHead, Sheet, useTitle } from './parts/sheet.tsx';
export {
  AllGood,
  AsOf,
  awayIn,
  Broken,
  Empty,
  Loaded,
  PartialNote,
  ProblemText,
  SignInNeeded,
  Waiting,
} from './parts/states.tsx';
export { type TileFigures, TileMap } from './parts/tile-map.tsx';
export { WaySheet } from './parts/way.tsx';
export { Words, Yuan } from './parts/words.tsx';
export type { SystemHome, SystemPage, SystemUi } from './system-page.ts';
