import { startWatchdog } from '../watchdog/watchdog.ts';

// Rests, and then has a handler that never ends: the watch begins again with it.
const [, , file = ''] = process.argv;
const watchdog = startWatchdog(file);
watchdog.watch.enter('first');
watchdog.watch.leave();
watchdog.rest();
watchdog.watch.enter('yitong:310000 never-ending');
for (;;);
