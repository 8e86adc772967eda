import { readFileSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import { onStopSignals } from '../node/supervisor/signals.ts';
import { type CommandSpec, type OptionSpec, readOptions } from './command.ts';
import { type Exit, exitCodes, exitNumber } from './exit-codes.ts';
import { errorCode, Failure, messageOf } from './failure.ts';
import { type Output, output } from './output.ts';
import { commonOptions, groups, inner, remoteOptions } from './program.ts';

/** Runs `yitong` with the arguments of a process; sets its exit code when the command has ended. */
export async function main(argv: readonly string[]): Promise<void> {
  process.stdout.on('error', leaveOnClosedPipe);
  const ended: { exit: Exit } = { exit: 'done' };
  const program = build(ended);
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    ended.exit = report(error, argv);
  }
  process.exitCode = exitNumber(ended.exit);
}

/** All commands, parsed but not loaded. */
export function build(ended: { exit: Exit }): Command {
  const program = new Command('yitong')
    .description('Yitong 一通: one region, many governments, no common database')
    .version(version(), '-V, --version')
    .enablePositionalOptions()
    .showHelpAfterError('→ yitong --help shows all commands')
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .addHelpText('after', exitHelp());
  for (const { title, commands } of groups) {
    program.commandsGroup(`${title}:`);
    for (const spec of commands) add(program, spec, ended, false);
  }
  for (const spec of inner) add(program, spec, ended, true);
  return program;
}

function add(program: Command, spec: CommandSpec, ended: { exit: Exit }, hidden: boolean): void {
  const [first = '', own] = spec.name.split(' ');
  const command = (own === undefined ? program : parentOf(program, first))
    .command(own ?? first, { hidden })
    .summary(spec.summary)
    .description(`${spec.summary}.`);
  if (spec.args !== '') command.arguments(spec.args);
  if (spec.passes) command.passThroughOptions().allowUnknownOption().helpOption('--help-command');
  else for (const option of optionsOf(spec)) command.addOption(new Option(...option));
  if (spec.examples.length > 0)
    command.addHelpText('after', ['', 'Examples:', ...spec.examples.map((line) => `  ${line}`)].join('\n'));
  command.action(async () => {
    const options = readOptions(command.opts());
    const { run } = await spec.load();
    const out = output(process, { json: options.flag('json'), quiet: options.flag('quiet') });
    const stop = stopSignal(out);
    const args = command.processedArgs
      .flat()
      .filter((one) => one !== undefined)
      .map(String);
    ended.exit = await run({ args, options, output: out, env: process.env, stop });
  });
}

/** The command that a command of two words belongs to. */
function parentOf(program: Command, name: string): Command {
  const known = program.commands.find((one) => one.name() === name);
  return known ?? program.command(name).summary(`The ${name} commands: yitong ${name} --help lists them`);
}

/** The options of one command, those that all have included. */
export function optionsOf(spec: CommandSpec): readonly OptionSpec[] {
  return [...spec.options, ...(spec.remote ? remoteOptions : []), ...commonOptions];
}

/** The first Ctrl-C lets a command put its work down; another one a second later ends the process at once. */
function stopSignal(out: Output): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    out.note('Stopping … (Ctrl-C again: at once)');
    controller.abort();
  };
  onStopSignals(stop, () => process.exit(exitNumber('interrupted')));
  return controller.signal;
}

function report(error: unknown, argv: readonly string[]): Exit {
  if (error instanceof CommanderError) return reportUsage(error, argv);
  const out = output(process, { json: argv.includes('--json'), quiet: false });
  const failure = error instanceof Failure ? error : (ofSetup(error) ?? bug(error));
  out.fail(failure);
  if (argv.includes('--debug') && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return failure.exit;
}

function reportUsage(error: CommanderError, argv: readonly string[]): Exit {
  if (error.exitCode === 0) return 'done';
  const name = argv[2];
  const known = groups.some(({ commands }) => commands.some((spec) => spec.name.split(' ')[0] === name));
  if (error.code === 'commander.help') {
    process.stderr.write(build({ exit: 'done' }).helpInformation());
    return 'usage';
  }
  const out = output(process, { json: argv.includes('--json'), quiet: false });
  const remedy = known ? `yitong ${name} --help shows how it is used` : 'yitong --help shows all commands';
  out.fail(new Failure('usage', error.message.replace(/^error: /, '').replaceAll('\n', ' '), remedy));
  return 'usage';
}

/** A fault of the machine that the shell below has found and told with its remedy. */
function ofSetup(error: unknown): Failure | undefined {
  if (!(error instanceof Error) || !('remedy' in error) || typeof error.remedy !== 'string') return undefined;
  const reason = 'reason' in error && typeof error.reason === 'string' ? error.reason : error.message;
  return new Failure('no', reason, error.remedy);
}

function bug(error: unknown): Failure {
  const reason = `${errorCode(error) === '' ? '' : `${errorCode(error)}: `}${messageOf(error)}`;
  return new Failure('bug', `Unexpected: ${reason}`, 'Run it again with --debug and report what it prints.');
}

/** `yitong … | head`: whoever read has enough. */
function leaveOnClosedPipe(error: Error): void {
  if (errorCode(error) === 'EPIPE') process.exit(0);
  throw error;
}

function version(): string {
  const manifest: { version?: unknown } = JSON.parse(
    readFileSync(new URL('./package.json', import.meta.url), 'utf8'),
  );
  return String(manifest.version);
}

function exitHelp(): string {
  const lines = Object.values(exitCodes).map(({ code, means }) => `  ${String(code).padStart(3)}  ${means}`);
  return ['', 'Exit codes:', ...lines].join('\n');
}
