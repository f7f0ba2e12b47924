import type { HttpServer } from '@runnel/http'
import type { PortName } from './config.ts'
import type { Parts } from './parts.ts'
import { StartProblem } from './start-problem.ts'

/**
 * Opens the port of an app; its server closes with everything else.
 *
 * @throws StartProblem where the port is taken or may not be used
 */
export async function listen(
  { config, cleanup }: Parts,
  app: string,
  http: HttpServer,
  name: PortName,
): Promise<void> {
  cleanup.use(http)
  const { HOST: host, [name]: port } = config
  try {
    await http.listen({ host, port })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    const problem = code === 'EADDRINUSE' ? 'is taken' : `cannot be opened (${code})`
    throw new StartProblem(`Port ${port} of ${app} on ${host} ${problem}: ${name} moves it`, error)
  }
}
