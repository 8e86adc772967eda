import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** A Vitest reporter of one line a file; only failures are told at length. It counts, and the caller prints the sum. */
export class Reporter {
  passed = 0;
  failed = 0;
  files = 0;
  #vitest;

  onInit(vitest) {
    this.#vitest = vitest;
  }

  /** One of the checks before the tests: a test like the others. */
  check(name, ok, duration, said) {
    if (ok) this.passed += 1;
    else this.failed += 1;
    this.#line(ok, name, duration);
    if (!ok) process.stdout.write(`${said.trimEnd()}\n\n`);
  }

  onTestModuleEnd(module) {
    this.files += 1;
    const tests = [...module.children.allTests()];
    const failed = tests.filter((test) => test.result().state === 'failed');
    const skipped = tests.filter((test) => test.result().state === 'skipped');
    const broken = [
      ...module.errors(),
      ...[...module.children.allSuites()].flatMap((suite) => suite.errors()),
    ];
    this.passed += tests.length - failed.length - skipped.length;
    this.failed += failed.length + broken.length;
    const ok = failed.length + broken.length === 0;
    const note = skipped.length > 0 ? `, ${skipped.length} not run` : '';
    const path = relative(process.cwd(), module.moduleId);
    this.#line(ok, `${path} (${tests.length - skipped.length}${note})`, module.diagnostic().duration);
    for (const error of broken) this.#error(path, error);
    for (const test of failed) {
      for (const error of test.result().errors) this.#error(`${path} > ${test.fullName}`, error);
    }
  }

  onTestRunEnd(_modules, unhandled) {
    this.failed += unhandled.length;
    for (const error of unhandled) this.#error('outside any test', error);
  }

  onUserConsoleLog(log) {
    const where =
      log.taskId === undefined
        ? ''
        : `${this.#vitest.state.getReportedEntityById(log.taskId)?.fullName ?? ''}: `;
    process.stdout.write(`  ${where}${log.content.trimEnd()}\n`);
  }

  #error(where, error) {
    const at = (error.stacks ?? []).filter(({ file }) => !file.includes('node_modules')).slice(0, 4);
    const frames = at.map(
      ({ file, line, column }) => `    at ${relative(process.cwd(), file)}:${line}:${column}`,
    );
    const cause = error.cause === undefined ? [] : [`caused by: ${error.cause.message ?? error.cause}`];
    const told = [`${error.name ?? 'Error'}: ${error.message}`, error.diff, ...frames, ...cause];
    const text = stripVTControlCharacters(told.filter(Boolean).join('\n'));
    process.stdout.write(`\n✗ ${where}\n${text}\n\n`);
  }

  #line(ok, what, duration) {
    process.stdout.write(`${ok ? '✓' : '✗'} ${what} ${(duration / 1000).toFixed(1)} s\n`);
  }
}
