import { cutRequests } from '@runnel/http'
import type { Closable } from '@runnel/runtime'
import type { Server } from 'node:http'
import { settings, type Listening } from './config.ts'
import type { StandaloneDeps } from './deps.ts'
import { StartProblem } from './start-problem.ts'

/** What has one port. */
export interface Listener extends Closable {
  /** Where clients of it may hold up a drain. */
  readonly server?: Pick<Server, 'closeAllConnections'>
  listen(address: { readonly host: string; readonly port: number }): Promise<unknown>
}

/**
 * Opens the port of an app; it closes with everything else.
 *
 * @throws StartProblem where the port is taken or may not be used
 */
export async function listen(
  { config, cleanup }: StandaloneDeps,
  app: Listening,
  listener: Listener,
): Promise<void> {
  cleanup.use(listener)
  if (listener.server) cutRequests(listener.server, cleanup.lastCall)
  const { host } = config
  const port = config.ports[app]
  try {
    await listener.listen({ host, port })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    const problem = code === 'EADDRINUSE' ? 'is taken' : `cannot be opened (${code})`
    const { variable } = settings.ports[app]
    throw new StartProblem(
      `Port ${port} of ${app} on ${host} ${problem}: set ${variable} to another port`,
      error,
    )
  }
}
