import { memoryBlobs } from './memory-blobs.ts';
import { blobSuite } from './suite/blobs.suite.ts';

blobSuite('memory', async () => ({ blobs: memoryBlobs(() => Date.now()), now: () => Date.now() }));
