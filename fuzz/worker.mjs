// A thread does not get the loader of its process: it is registered here, then the worker itself is read.
import { register } from 'tsx/esm/api';

register();
await import('./worker.ts');
