import { execFile, type ExecFileException } from 'node:child_process'
import { join } from 'node:path'
import { repositoryRoot } from './repository-root.ts'

const CLI = join(repositoryRoot, 'apps/producer-sim/src/cli-main.ts')
const OUTPUT_LIMIT_BYTES = 16 * 1024 ** 2

export interface SimulatorResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command of producer-sim as a person would. Resolves also when it fails; the caller judges. */
export function runSimulator(args: readonly string[], databaseUrl = ''): Promise<SimulatorResult> {
  const env = { ...process.env, NODE_OPTIONS: '', DATABASE_URL: databaseUrl }
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [CLI, ...args],
      { env, maxBuffer: OUTPUT_LIMIT_BYTES },
      (error: ExecFileException | null, stdout, stderr) => {
        resolve({ exitCode: error === null ? 0 : Number(error.code ?? 1), stdout, stderr })
      },
    )
  })
}
