import { randomBytes } from 'node:crypto';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { Sessions } from '../access/sessions.ts';
import { oversight } from '../oversight/oversight.ts';
import { addProblems } from './answer-problem.ts';
import { addBlobs } from './blobs.ts';
import { addBodies } from './bodies.ts';
import { clientFault } from './client-fault.ts';
import { addCommands } from './commands.ts';
import type { Door, HttpOptions } from './context.ts';
import { addDeclarations } from './declarations.ts';
import { addDescription } from './description.ts';
import { addDirectory } from './directory.ts';
import { addEvents } from './events.ts';
import { addFeed } from './feed.ts';
import { addGate } from './gate.ts';
import { addGlassReviews } from './glass-reviews.ts';
import { addHealth } from './health.ts';
import { addLedger } from './ledger.ts';
import { addLists } from './lists.ts';
import { addOperations } from './operations.ts';
import { fileSpans, keepPace } from './pace.ts';
import { addPages } from './pages.ts';
import { ProblemWords } from './problems.ts';
import { addProofs } from './proofs.ts';
import { addPulse } from './pulse.ts';
import { addQuestions } from './questions.ts';
import { addRates } from './rates.ts';
import { addReads } from './reads.ts';
import { addReadsLog } from './reads-log.ts';
import { addReceipts } from './receipts.ts';
import { addRules } from './rules.ts';
import { sealer } from './seal.ts';
import { addSession } from './session.ts';
import { SignOuts } from './sign-outs.ts';
import { addSignOuts } from './signing-out.ts';
import { traceIdOf } from './tracing.ts';
import { addVerification } from './verification.ts';

/** First words of addresses that are the node's own and so no system's name. */
const reserved = [
  'assets',
  'access',
  'blob',
  'blobs',
  'conversations',
  'directory',
  'docs',
  'en',
  'events',
  'evidence',
  'exchange',
  'glasses',
  'health',
  'held',
  'ledger',
  'me',
  'metrics',
  'openapi.json',
  'pulse',
  'reads',
  'ready',
  'receipt',
  'checkpoint',
  'session',
  'status',
  'streams',
  'systems',
  'trails',
  'verify',
  'ways',
  'zh',
];

/** Connections that one node holds open at most: its event streams, and as many again that ask. */
const connectionsMax = 12_000;

/** What the door is made of besides its gate; pages last, as they take what nobody else does. */
const parts: readonly ((door: Door) => void)[] = [
  addHealth,
  addBlobs,
  addCommands,
  addReads,
  addLists,
  addLedger,
  addOperations,
  addProofs,
  addFeed,
  addRates,
  addReadsLog,
  addGlassReviews,
  addDirectory,
  addQuestions,
  addEvents,
  addDescription,
  addDeclarations,
  addRules,
  addSession,
  addSignOuts,
  addPulse,
  addReceipts,
  addVerification,
  addPages,
];

/** Builds the HTTP door of a node; it listens once `listen` is called. Errors: a system that is called like an address of the node's own. */
export function buildHttp(options: HttpOptions): FastifyInstance {
  for (const { name } of options.systems)
    if (reserved.includes(name))
      throw new Error(`a system cannot be called '${name}': the node has that address itself`);
  const app = bareApp(options);
  const seal = sealer(options.config.sealKey ?? randomBytes(32));
  const secure = options.signIn?.origin.startsWith('https:') ?? false;
  const door: Door = {
    ...options,
    app,
    words: new ProblemWords([...options.systems, oversight]),
    sealer: seal,
    sessions: new Sessions(seal, { member: options.config.member, secure }),
    signOuts: new SignOuts(options),
    routes: [],
  };
  addGate(door);
  addProblems(door);
  addBodies(app);
  for (const add of parts) add(door);
  return app;
}

function bareApp({ config, log }: HttpOptions): FastifyInstance {
  const requestMs = config.requestMs ?? 20_000;
  const loggerInstance: FastifyBaseLogger = log;
  const app: FastifyInstance = Fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'traceId' }),
    genReqId: (raw) => traceIdOf(raw.headers['traceparent']),
    bodyLimit: 1_048_576,
    connectionTimeout: 60_000,
    keepAliveTimeout: 30_000,
    requestTimeout: fileSpans * requestMs,
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    return503OnClosing: true,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
    clientErrorHandler: clientFault,
    schemaController: { compilersFactory: { buildValidator: unused, buildSerializer: unused } },
    routerOptions: { maxParamLength: 400, caseSensitive: true, ignoreTrailingSlash: false },
    http: {
      headersTimeout: config.headersMs ?? 5_000,
      connectionsCheckingInterval: 500,
      maxHeaderSize: 16_384,
      insecureHTTPParser: false,
    },
  });
  keepPace(app.server, requestMs);
  app.server.maxConnections = connectionsMax;
  app.server.maxHeadersCount = 100;
  return app;
}

/** Inputs are judged by the declarations' own schemas; the framework's compilers would only cost memory. */
function unused(): never {
  throw new Error('no route has a schema of the framework');
}
