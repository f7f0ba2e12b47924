import { AppError, VERSION } from '@runnel/contracts'
import { CommandError } from '@runnel/producer-sim/cli'
import { ConfigError, UsageError } from '@runnel/runtime'
import { Command, CommanderError } from 'commander'
import type { CliContext } from './cli-context.ts'
import { CliError, type ErrorDetails } from './cli-error.ts'
import { createDoctorCommand } from './commands/doctor/doctor-command.ts'
import { createImportCommand } from './commands/import/import-command.ts'
import { createKeysCommand } from './commands/keys/keys-command.ts'
import { createMailingsCommand } from './commands/mailings/mailings-command.ts'
import { createSearchCommand } from './commands/logs/search-command.ts'
import { createSendCommand } from './commands/send/send-command.ts'
import { createStartCommand } from './commands/start-command.ts'
import { createTailCommand } from './commands/logs/tail-command.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { createPaint } from './output/colours.ts'
import { showLines } from './output/show-text.ts'

const HELP = `
Settings: RUNNEL_URL, RUNNEL_API_KEY or RUNNEL_API_KEY_FILE, NO_COLOR, NODE_EXTRA_CA_CERTS.
Results go to standard output, progress and notes to standard error.
Exit codes: 0 done; 1 not, or not in full; 2 wrong usage; 3 Runnel does not answer, or cannot now;
4 no key, or one without the scope; 130 Ctrl-C; 143 SIGTERM.`

/**
 * Runs one command. Never throws.
 *
 * @param args without the names of node and the script
 */
export async function runCli(
  args: readonly string[],
  outside: Omit<CliContext, 'exitWith'>,
): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok
  const context = { ...outside, exitWith: (code: ExitCode) => (exitCode = code) }
  try {
    await createProgram(context).parseAsync([...args], { from: 'user' })
    return exitCode
  } catch (error) {
    if (context.signal.aborted) return EXIT.interrupted
    // Commander has said it.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
    return complain(error, args.includes('--json'), context)
  }
}

function createProgram(context: CliContext): Command {
  const program = new Command('runnel')
    .description('Runnel: metrics, logs and product events stored once, and mailings sent once')
    .version(VERSION)
    .addHelpText('after', HELP)
  for (const command of [
    createStartCommand(context),
    createTailCommand(context),
    createSearchCommand(context),
    createSendCommand(context),
    createImportCommand(context),
    createMailingsCommand(context),
    createKeysCommand(context),
    createDoctorCommand(context),
  ])
    program.addCommand(command)
  prepare(program, context)
  return program
}

/** No command ends the process or writes past the context. */
function prepare(command: Command, context: CliContext): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => void context.out.write(text),
    writeErr: (text) => void context.err.write(text),
    getOutHasColors: () => false,
    getErrHasColors: () => false,
  })
  for (const each of command.commands) prepare(each, context)
}

function complain(error: unknown, isJson: boolean, { err, env }: CliContext): ExitCode {
  const { message, details, exitCode } = describe(error)
  if (isJson) {
    err.write(`${JSON.stringify({ error: { message, ...details } })}\n`)
    return exitCode
  }
  const { field, expected, hint } = details
  const where = field === undefined ? '' : ` (${field})`
  const wanted = expected === undefined || message.includes(expected) ? '' : `: expected ${expected}`
  // Servers repeat what strangers sent, such as the names of keys.
  err.write(`${createPaint(err, env)('red', 'error:')} ${showLines(`${message}${where}${wanted}`)}\n`)
  if (hint !== undefined) err.write(`${hint}\n`)
  return exitCode
}

function describe(error: unknown): { message: string; details: ErrorDetails; exitCode: ExitCode } {
  if (error instanceof CliError)
    return { message: error.message, details: error.details, exitCode: error.exitCode }
  if (error instanceof AppError) {
    const { field, expected } = error.details
    return { message: error.message, details: { code: error.code, field, expected }, exitCode: EXIT.usage }
  }
  if (error instanceof UsageError || error instanceof ConfigError || error instanceof CommandError)
    return { message: error.message, details: { code: 'usage' }, exitCode: EXIT.usage }
  // A defect: its place helps whoever mends it.
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { message: text, details: { code: 'defect' }, exitCode: EXIT.failed }
}
