import type { NodeConfig } from '../config.ts';
import type { KeeperTimes } from './keeper.ts';
import type { Report } from './report.ts';
import type { Terms } from './terms.ts';

/** A running OpenID Connect issuer for development. */
export type Issuer = { url: string; close(): Promise<void> };

/** A member to run. */
export type MemberWish = { code: string; name: { zh: string; en: string } };

/** What to run, where, and how to tell about it. */
export type UpOptions = {
  /** Folder of everything that is kept; made when missing. */
  dataDir: string;
  region: string;
  members: readonly MemberWish[];
  terms: Terms;
  /** Remove what an earlier start kept. */
  fresh: boolean;
  /** A server of somebody else instead of the embedded one. */
  postgresUrl?: string;
  demonstration: boolean;
  systems?: readonly string[];
  /**
   * Partitions of each new node (1), and its writers (as many). A node of one process is one thread: more partitions split its
   * batches and add routes between them, and pay once its processes are several (decision 0013).
   */
  partitions?: number;
  writers?: number;
  host?: string;
  logLevel?: 'silent' | 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';
  /** Starts the development issuer inside this process, on a port that is free. */
  startIssuer: (at: {
    host: string;
    port: number;
    dataDir: string;
    /** Where each node's portal is led back to after sign-in. */
    redirects: readonly string[];
  }) => Promise<Issuer>;
  /** Whether the nodes serve the portal, which is then built when its source has changed. */
  portal?: boolean;
  /** What tokens must be made out to. */
  audience?: string;
  /** Has the last word on what a node is told: for those who stand between a node and what it speaks to. */
  told?: (config: NodeConfig) => NodeConfig;
  /** How nodes are kept running, where it is not as usual. */
  times?: Partial<KeeperTimes>;
  /** The program of a node, a TypeScript file. */
  entry?: string;
  report: Report;
  /** Calls the start off. */
  signal?: AbortSignal;
};
