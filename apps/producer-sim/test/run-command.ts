import { runCli } from '../src/cli/run-cli.ts'

export interface CommandResult {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs a command inside of this process, as if at no terminal. */
export async function runCommand(
  args: readonly string[],
  {
    env = {},
    signal = new AbortController().signal,
  }: { env?: Record<string, string>; signal?: AbortSignal } = {},
): Promise<CommandResult> {
  let out = ''
  let err = ''
  const code = await runCli(args, {
    env,
    out: { isTTY: false, write: (text: unknown) => ((out += String(text)), true) },
    err: { isTTY: false, write: (text: unknown) => ((err += String(text)), true) } as NodeJS.WriteStream,
    signal,
  })
  return { code, out, err }
}
