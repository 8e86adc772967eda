import { createContext } from 'react';

/** The record whose files are shown: its address, what narrows it, and for what it is read. */
export interface FilesPlace {
  readonly path: string;
  /** Empty, or `?owner=<member>`. */
  readonly query: string;
  readonly purpose: string | undefined;
}

/** A file is as open as the record that names it, so what shows one must know which that is. */
export const FilesOf = createContext<FilesPlace | undefined>(undefined);
