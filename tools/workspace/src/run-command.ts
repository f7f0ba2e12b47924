import { spawn } from 'node:child_process'
import { once } from 'node:events'

/**
 * Runs a program in the foreground. An abort ends it with SIGTERM.
 *
 * @returns whether it ended with code 0
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly signal: AbortSignal },
): Promise<boolean> {
  if (options.signal.aborted) return false
  const child = spawn(command, args, { cwd: options.cwd, env: options.env, stdio: 'inherit' })
  const stop = () => void child.kill('SIGTERM')
  options.signal.addEventListener('abort', stop)
  try {
    const [code] = (await once(child, 'exit')) as [number | null]
    return code === 0
  } finally {
    options.signal.removeEventListener('abort', stop)
  }
}
