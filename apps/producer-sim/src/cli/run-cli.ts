import { ConfigError } from '@runnel/runtime'
import { Command, CommanderError } from 'commander'
import { CommandError } from '../command-error.ts'
import { INTERRUPTED, type CliContext } from './cli-context.ts'
import { createLoadCommand } from './load-command.ts'
import { createReplayCommand } from './replay-command.ts'
import { createVerifyCommand } from './verify-command.ts'

/**
 * Runs one command.
 *
 * @param args without the names of node and the script
 * @returns the exit code: 0, 1 for what did not succeed, 2 for wrong usage, 130 after Ctrl-C
 */
export async function runCli(
  args: readonly string[],
  context: Omit<CliContext, 'exitWith'>,
): Promise<number> {
  let exitCode = 0
  const program = createProgram({ ...context, exitWith: (code) => (exitCode = code) })
  try {
    await program.parseAsync([...args], { from: 'user' })
  } catch (error) {
    if (context.signal.aborted) return INTERRUPTED
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    if (error instanceof CommandError || error instanceof ConfigError) {
      context.err.write(`error: ${error.message}\n`)
      return error instanceof CommandError ? error.exitCode : 2
    }
    context.err.write(`error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    return 1
  }
  return exitCode
}

function createProgram(context: CliContext): Command {
  const program = new Command('producer-sim')
    .description('Produces events for Runnel, and proves what became of them')
    .addCommand(createReplayCommand(context))
    .addCommand(createLoadCommand(context))
    .addCommand(createVerifyCommand(context))
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => void context.out.write(text),
      writeErr: (text) => void context.err.write(text),
    })
  }
  return program
}
