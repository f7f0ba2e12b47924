import { Command } from 'commander'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { CliContext } from '../cli-context.ts'
import { usageError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'

interface StartOptions {
  readonly dataDir?: string
  readonly settings?: string
}

const HELP = `
One process, with PostgreSQL (PGlite) and a broker in it: no server and no binary is looked for or needed. It holds its promises over
the death of the process, not over a power loss, and is for a laptop or a small machine; docs/ARCHITECTURE.md says what
else differs. Every setting of .env.example that has a meaning in one process is read from the environment and from .env.
Ctrl-C or SIGTERM drains it: what was accepted is kept.`

export function createStartCommand(context: CliContext): Command {
  return new Command('start')
    .description('run all of Runnel in one process, for a first look or a small machine')
    .option('--data-dir <folder>', 'folder of its data (default: RUNNEL_DATA_DIR, or .runnel)')
    .option(
      '--settings <file>',
      'settings besides the environment, which wins (default: .env, where there is one)',
    )
    .addHelpText('after', HELP)
    .action((options: StartOptions) => start(options, context))
}

async function start({ dataDir, settings: settingsFile }: StartOptions, context: CliContext): Promise<void> {
  if (settingsFile !== undefined && !existsSync(settingsFile))
    throw usageError(`--settings is ${settingsFile}: expected a file that exists`)
  const file = resolve(settingsFile ?? '.env')
  if (existsSync(file)) process.loadEnvFile(file)
  // Only here: it is all of Runnel, and other commands start without it.
  const { runStandalone } = await import('@runnel/standalone')
  const env = { ...process.env, ...(dataDir !== undefined && { RUNNEL_DATA_DIR: dataDir }) }
  // SIGTERM and Ctrl-C drain it.
  context.releaseSignals()
  await runStandalone({ env, command: 'runnel start' })
  if (process.exitCode) context.exitWith(EXIT.failed)
}
