export { access } from './access/access.ts';
export { endSessions, sessionsEnd } from './access/sessions-end.ts';
export type {
  Actor,
  BooksCompared,
  CommandAnswer,
  CommandRequest,
  FrameAnswer,
  KernelNode,
  LiveEvent,
  Made,
  NodeStatus,
  PeerStatus,
  QuestionAnswers,
  QuestionWish,
  ReadRequest,
  RecordVersion,
  RecordView,
  Seen,
  Trail,
  TrailMessage,
} from './api.ts';
export { fileNamed } from './blobs/mentions.ts';
export { fromBase64, fromHex, fromUtf8, toBase64, toHex, toUtf8 } from './exchange/bytes.ts';
export { canonical, canonicalBytes, parseCanonical } from './exchange/canonical.ts';
export { type Deflate, deflate, deflateStored } from './exchange/deflate.ts';
export {
  type Directory,
  type DirectoryKey,
  directoryBytes,
  keyAt,
  type Member,
  memberByTls,
  memberOf,
  type Permission,
  quorum,
  streamsOf,
} from './exchange/directory.ts';
export { type ChangeFault, changedDirectory, type DirectoryChange } from './exchange/directory-draft.ts';
export { readDirectory } from './exchange/directory-read.ts';
export {
  type DirectorySignature,
  directoryHash,
  signDirectory,
  signersOfFirst,
  verifyStep,
} from './exchange/directory-step.ts';
export { decodeFrame, encodeFrame, inflateBody, sealBatch, splitBody } from './exchange/frame.ts';
export { frameLimits, noLink, readBatchHead } from './exchange/head.ts';
export { instantText } from './exchange/instant.ts';
export { streamOf } from './exchange/message.ts';
export { decodeAnswer } from './exchange/receipt.ts';
export {
  chainFault,
  readSigned,
  type SignedDirectory,
  type SignedDirectoryText,
  signedText,
} from './exchange/signed-directory.ts';
export { publicKey, type SigningKey, type Suite, type Suites, signingKey, suites } from './exchange/suite.ts';
export { verifyTwoHeads } from './exchange/two-heads.ts';
export { isUuid, uuidOf, uuidTimeMs } from './exchange/uuid.ts';
export { type EvidenceResult, type EvidenceStep, verifyEvidence } from './exchange/verify-evidence.ts';
export {
  type SignedVoucher,
  signVoucher,
  type Voucher,
  type VoucherFault,
  type VoucherResult,
  verifyVoucher,
} from './exchange/voucher.ts';
export type { Check, Checked, CheckOptions } from './journal/check.ts';
export { unpackEntries } from './journal/entries.ts';
export { rebuildState } from './journal/rebuild.ts';
export { replayJournal } from './journal/replay.ts';
export { verifyJournal } from './journal/verify.ts';
export { kernelSystems } from './kernel-systems.ts';
export { limitedAccounts } from './ledger/limits.ts';
export { createNode } from './node.ts';
export type { Limits, Log } from './runtime/environment.ts';
export { derivedId, timedId } from './runtime/ids.ts';
export { partitionOf } from './runtime/partition.ts';
export type { BlobAnswer, Chance, Clock, PeerAnswer, Peers, Point, SiblingWay, Watch } from './seams.ts';
export type { BlobDesk, BlobGiven } from './service/blob-desk.ts';
export { NodeBusy } from './service/busy.ts';
export { storedDirectories } from './service/directory-store.ts';
export type { NodeOptions } from './service/environment.ts';
export type { DirectoryState, DraftState, MembershipDesk } from './service/membership-desk.ts';
export type { QuestionAnswer } from './service/questions.ts';
export type { RetentionRound } from './service/retention.ts';
export type { Share } from './service/siblings.ts';
export type { Way, WayStep, WayWait } from './service/way.ts';
export { type BlobStore, pieceBytes, type StoredBlob } from './store/blob-store.ts';
export {
  checkCondition,
  cursorOf,
  type FindField,
  type FindType,
  fieldOf,
  findTypes,
  groupFields,
  groupPage,
  ListRefusal,
  missing,
  type Place,
  readCursor,
  readGroupCursor,
  searchFields,
  typeOf,
} from './store/find.ts';
export type { LogStore } from './store/log-store.ts';
export { MemoryDatabase, openMemoryStore } from './store/memory.ts';
export type * from './store/rows.ts';
export type {
  Commit,
  CommitResult,
  Eraser,
  Erasure,
  GroupQuery,
  JournalBatch,
  Lease,
  ListQuery,
  Loaded,
  MirrorEntry,
  Miss,
  Reader,
  RecordGroup,
  Store,
  StreamState,
  TableName,
  Tail,
} from './store/store.ts';
export { madeDirectory } from './testing/directory.ts';
export { verifyTwoPasts } from './witness/two-pasts.ts';
