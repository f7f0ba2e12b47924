import type { Closable } from '@runnel/runtime'
import type { PortName } from './config.ts'
import type { Parts } from './parts.ts'
import { StartProblem } from './start-problem.ts'

/** What has one port. */
export interface Listener extends Closable {
  listen(address: { readonly host: string; readonly port: number }): Promise<unknown>
}

/**
 * Opens the port of an app; it closes with everything else.
 *
 * @throws StartProblem where the port is taken or may not be used
 */
export async function listen(
  { config, cleanup }: Parts,
  app: string,
  listener: Listener,
  name: PortName,
): Promise<void> {
  cleanup.use(listener)
  const { HOST: host, [name]: port } = config
  try {
    await listener.listen({ host, port })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    const problem = code === 'EADDRINUSE' ? 'is taken' : `cannot be opened (${code})`
    throw new StartProblem(`Port ${port} of ${app} on ${host} ${problem}: ${name} moves it`, error)
  }
}
