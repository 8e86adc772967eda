import { statfsSync } from 'node:fs';

/** What an operator may choose about the embedded server; MB are 2²⁰ bytes. */
export type ServerSettings = {
  /** Pages shared by all its processes. */
  sharedBuffersMb: number;
  connectionsMax: number;
  /** Journal kept between checkpoints: 4 GB keeps checkpoints from coming every few seconds under load. */
  walMb: number;
};

/** Settings for four small nodes on one machine. */
export const smallServer: ServerSettings = { sharedBuffersMb: 64, connectionsMax: 60, walMb: 4096 };

/**
 * PostgreSQL's `-c name=value` words. Helpers that this project never uses (I/O workers, logical replication,
 * parallel query) are off: on an idle machine they are a third of the server's memory.
 */
export function settingWords(settings: ServerSettings, dataFolder: string): string[] {
  const chosen: Record<string, string> = {
    shared_buffers: `${settings.sharedBuffersMb}MB`,
    max_connections: String(settings.connectionsMax),
    max_wal_size: `${affordableWalMb(settings.walMb, dataFolder)}MB`,
    checkpoint_timeout: '15min',
    io_method: 'sync',
    max_logical_replication_workers: '0',
    max_parallel_workers_per_gather: '0',
    autovacuum_max_workers: '2',
    jit: 'off',
    log_checkpoints: 'off',
    log_line_prefix: '%m [%p] %d ',
    log_timezone: 'UTC',
    TimeZone: 'UTC',
    ...(sharedMemoryIsSmall() ? { dynamic_shared_memory_type: 'mmap' } : {}),
  };
  return Object.entries(chosen).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** At most an eighth of the free disk: a disk that the journal fills ends the server for good (PANIC). */
function affordableWalMb(wishedMb: number, folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  const freeMb = (bavail * bsize) / 2 ** 20;
  return Math.max(128, Math.min(wishedMb, Math.floor(freeMb / 8)));
}

/** Containers may have no /dev/shm, or one of a few MB. */
function sharedMemoryIsSmall(): boolean {
  if (process.platform !== 'linux') return false;
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    return bavail * bsize < 32 * 2 ** 20;
  } catch {
    return true;
  }
}
